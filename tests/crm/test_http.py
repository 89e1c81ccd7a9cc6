"""HTTP to a CRM, against servers that answer as servers should not."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.routing import Route

from bot.crm._errors import Nonsense, SignInNeeded, Unavailable
from bot.crm._http import Answer, Session, Timeout, inner, listed, pick
from bot.crm._registry import every_crm
from bot.workspace import Credentials
from tests.support import serving

from .world import PATIENT

CRM = every_crm()["DEMO"]
QUICK: Timeout = (10.0, 0.15)
OK = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"


async def echo(request: Request) -> Response:
    """What arrived."""
    return JSONResponse({"authorization": request.headers.get("authorization"), "path": request.url.path})


async def guarded(request: Request) -> Response:
    """Only the renewed token opens."""
    is_good = request.headers.get("authorization") == "Bearer renewed"
    body = await request.body()
    return JSONResponse({"length": len(body)}, 200 if is_good else 401)


async def elsewhere(request: Request) -> Response:
    """Sends the caller away."""
    return RedirectResponse("/api/echo", 302)


async def nothing(_request: Request) -> Response:
    """No content."""
    return Response(status_code=204)


async def text(_request: Request) -> Response:
    """No JSON."""
    return Response("surprise", media_type="application/json")


@pytest.fixture(scope="module")
def base() -> Iterator[str]:
    """A server with these routes."""
    routes = [
        Route(f"/api/{one.__name__}", one, methods=["GET", "POST"]) for one in (echo, guarded, elsewhere)
    ]
    routes += [Route("/api/nothing", nothing), Route("/api/text", text)]
    with serving(Starlette(routes=routes)) as url:
        yield url


@contextmanager
def session(
    base: str, renew: Callable[[Credentials], Credentials] | None = None, timeout: Timeout = PATIENT
) -> Iterator[Session]:
    """Calls with the token `stale`."""
    with Session(CRM, Credentials("stale", api_base=f"{base}/api"), {}, renew, timeout=timeout) as api:
        yield api


@contextmanager
def raw_server(answer: Callable[[socket.socket], None]) -> Iterator[str]:
    """A server of one connection that answers as the function does."""
    listener = socket.create_server(("127.0.0.1", 0))

    def serve() -> None:
        connection, _ = listener.accept()
        with connection:
            connection.recv(65536)
            answer(connection)

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"
    finally:
        thread.join(30)
        listener.close()


def renewed(credentials: Credentials) -> Credentials:
    """Fresh credentials."""
    return replace(credentials, access_token="renewed")


def test_a_call_follows_the_base_and_is_authorized(base: str) -> None:
    """A path follows the API's base; a whole URL stands for itself."""
    with session(base) as api:
        assert api.get("/echo") == {"authorization": "Bearer stale", "path": "/api/echo"}
        assert api.get(f"{base}/api/echo")["path"] == "/api/echo"


def test_a_netrc_file_does_not_replace_the_token(
    base: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Passwords kept on the machine for other programs are not sent to a CRM."""
    netrc = tmp_path / "netrc"
    netrc.write_text("machine 127.0.0.1 login somebody password secret\n")
    monkeypatch.setenv("NETRC", str(netrc))
    with session(base) as api:
        assert api.get("/echo")["authorization"] == "Bearer stale"


def test_an_expired_token_is_renewed_and_the_call_repeated_whole(base: str) -> None:
    """The second attempt carries the same body, a file included."""
    with session(base, renewed) as api:
        plain = api.post("/guarded", files={"file": ("cv.pdf", b"x" * 5000, "application/pdf")})
        assert plain["length"] > 5000
        assert api.credentials.access_token == "renewed"


def test_without_a_way_to_renew_a_person_is_needed(base: str) -> None:
    """A refused key is told as a broken sign-in."""
    with session(base) as api, pytest.raises(SignInNeeded):
        api.get("/guarded")


def test_redirects_are_not_followed(base: str) -> None:
    """The token goes nowhere it was not meant for."""
    with session(base) as api, pytest.raises(Nonsense, match="elsewhere"):
        api.get("/elsewhere")


def test_an_empty_answer_is_none(base: str) -> None:
    """Success without content is success."""
    with session(base) as api:
        assert api.get("/nothing") is None


def test_what_is_no_json_is_nonsense(base: str) -> None:
    """Whatever its content type says."""
    with session(base) as api, pytest.raises(Nonsense, match="not JSON"):
        api.get("/text")


def test_nobody_at_home_is_unavailable() -> None:
    """A closed port is trouble that may pass; the words name no address."""
    with socket.create_server(("127.0.0.1", 0)) as reserved:
        port = reserved.getsockname()[1]
    with session(f"http://127.0.0.1:{port}") as api, pytest.raises(Unavailable) as trouble:
        api.get("/echo")
    assert str(port) not in str(trouble.value)


def test_an_answer_that_breaks_off_is_unavailable() -> None:
    """Half an answer is no answer."""
    half = OK + b'Content-Length: 100\r\n\r\n{"half":'
    with (
        raw_server(lambda to: to.sendall(half)) as url,
        session(url) as api,
        pytest.raises(Unavailable, match="broke off"),
    ):
        api.get("/echo")


def test_an_answer_that_never_comes_ends() -> None:
    """Nothing within the time-out is trouble that may pass."""

    def silent(connection: socket.socket) -> None:
        connection.recv(1)

    with (
        raw_server(silent) as url,
        session(url, timeout=QUICK) as api,
        pytest.raises(Unavailable, match="in time"),
    ):
        api.get("/echo")


def test_an_answer_that_drips_ends() -> None:
    """An answer that comes byte by byte does not hold a worker longer than a few time-outs."""

    def drip(connection: socket.socket) -> None:
        connection.sendall(OK + b"Content-Length: 1000\r\n\r\n")
        try:
            for _ in range(1000):
                connection.sendall(b" ")
                time.sleep(0.02)
        except OSError:
            return

    started = time.monotonic()
    with (
        raw_server(drip) as url,
        session(url, timeout=QUICK) as api,
        pytest.raises(Unavailable, match="in time"),
    ):
        api.get("/echo")
    assert time.monotonic() - started < 15  # all of it takes 20


def test_a_bomb_is_not_unpacked() -> None:
    """An answer that swells past all measure is refused before it fills the memory."""

    def swell(connection: socket.socket) -> None:
        connection.sendall(OK + b"Content-Length: 40000000\r\n\r\n")
        try:
            connection.sendall(b" " * 40_000_000)
        except OSError:
            return

    with raw_server(swell) as url, session(url) as api, pytest.raises(Nonsense, match="MB"):
        api.get("/echo")


DATE = "Sat, 21 Nov 2026 09:30:00 GMT"


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({}, None),
        ({"retry-after": "7"}, 7.0),
        ({"retry-after": " 0 "}, 0.0),
        ({"retry-after": "soon"}, None),
        ({"retry-after": "-3"}, None),
        ({"retry-after": "²"}, None),
        ({"retry-after": "Sat, 21 Nov 2026 09:31:30 GMT", "date": DATE}, 90.0),
        ({"retry-after": "Sat, 21 Nov 2026 09:29:00 GMT", "date": DATE}, 0.0),
        ({"retry-after": "Sat, 21 Nov 2026 09:31:30 GMT"}, None),
    ],
)
def test_a_pause_is_read_as_number_or_date(headers: dict[str, str], seconds: float | None) -> None:
    """Both forms of Retry-After are understood; anything else asks for no certain pause."""
    assert Answer(429, headers, b"").retry_after == seconds


@pytest.mark.parametrize("value", [{}, [], None, "text", 7, {"a": []}, {"a": [{}]}, {"a": None}])
def test_what_an_answer_lacks_is_nonsense(value: object) -> None:
    """A path that leads nowhere is told by its name."""
    with pytest.raises(Nonsense, match=r"a\.0\.b"):
        pick(value, "a", 0, "b", crm="Demo CRM")


def test_what_an_answer_holds_is_picked() -> None:
    """Records and lists on the way are walked through."""
    assert pick({"a": [{"b": 0}]}, "a", 0, "b", crm="Demo CRM") == 0
    assert listed({"items": [{"b": 1}]}, "items", crm="Demo CRM") == [{"b": 1}]
    assert inner({"a": {"b": 1}}, "a") == {"b": 1}
    assert inner({"a": "text"}, "a") == inner({}, "a") == {}


@pytest.mark.parametrize("items", [None, {}, "text", [1], [None]])
def test_a_list_that_is_none_is_nonsense(items: object) -> None:
    """Only a list of records is one."""
    with pytest.raises(Nonsense):
        listed({"items": items}, "items", crm="Demo CRM")
