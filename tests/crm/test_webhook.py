"""The signed webhook: which addresses it calls, what it sends and signs, and what the answers mean."""

from __future__ import annotations

from pathlib import Path

import pytest
import requests
from starlette.responses import JSONResponse, PlainTextResponse, RedirectResponse, Response

from bot.crm import _guard
from bot.crm._base import ClientApp
from bot.crm._errors import CrmError, Declined, Nonsense, RateLimited, SignInNeeded, Unavailable
from bot.crm._http import Session, send
from bot.crm._registry import every_crm
from bot.errors import Invalid
from tests.doubles.tls import HttpsServer, a_certificate
from tests.doubles.webhook import SECRET

from .test_contract_push import CV, PARCEL
from .world import HASTY
from .worlds.webhook import World

WEBHOOK = every_crm()["WEBHOOK"]
over_it = pytest.mark.parametrize("world", ["WEBHOOK"], indirect=True)
PUBLIC = "https://93.184.215.14:8443/handoff?key=1"


# --- the address ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "hooks.example.com",
        "http://93.184.215.14/handoff",
        "ftp://93.184.215.14/",
        "https://",
        "https://user:pass@93.184.215.14/",
        "https://user@93.184.215.14/",
        "https://93.184.215.14/#part",
        "https://93.184.215.14#",
        "https://93.184.215.14\\@10.0.0.1/",
        "https://93.184.215.14/a b",
        "https://93.184.215.14:99999/",
        "https://10.0.0.1/",
        "https://192.168.1.1/",
        "https://172.16.0.1:8443/",
        "https://169.254.169.254/latest/meta-data",
        "https://100.64.0.1/",
        "https://0.0.0.0/",
        "https://127.1/",
        "https://2130706433/",
        "https://[fd00::1]/",
        "https://[fe80::1]/",
        "https://[::ffff:10.0.0.1]/",
        "https://[64:ff9b::a9fe:a9fe]/",
        "https://[2002:a00:1::]/",
        "https://localhost./",
        "https://host.invalid/",
    ],
)
def test_an_address_that_is_none_or_private_is_refused(typed: str) -> None:
    """Beside its field: what is not plain https to a public host is never called."""
    with pytest.raises(Invalid) as refusal:
        WEBHOOK.check_answers({"url": typed, "secret": SECRET}, ClientApp())
    assert [fault.field for fault in refusal.value.faults] == ["url"]


@pytest.mark.parametrize("typed", [PUBLIC, f"  {PUBLIC}  "])
def test_a_public_address_is_kept_as_typed(typed: str) -> None:
    """Path and query are the receiver's own and stay."""
    assert WEBHOOK.check_answers({"url": typed, "secret": SECRET}, ClientApp()) == {
        "url": PUBLIC,
        "secret": SECRET,
        "cv": "include",
    }


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "[::1]"])
@pytest.mark.parametrize("scheme", ["http", "https"])
def test_this_machine_is_for_a_bot_of_one_workspace(scheme: str, host: str) -> None:
    """Whoever hosts the bot for others does not let them call what runs beside it."""
    answers = {"url": f"{scheme}://{host}:9000/", "secret": SECRET}
    assert WEBHOOK.check_answers(answers, ClientApp())["url"] == answers["url"]
    with pytest.raises(Invalid, match="this machine"):
        WEBHOOK.check_answers(answers, ClientApp(is_shared=True))


def test_the_operator_can_allow_a_private_host() -> None:
    """A receiver in the same network is allowed by name and port, and no other beside it."""
    app = ClientApp(api_url="http://10.0.0.7:9000", is_shared=True)
    answers = {"url": "http://10.0.0.7:9000/handoff", "secret": SECRET}
    assert WEBHOOK.check_answers(answers, app)["url"] == answers["url"]
    for other in ("https://10.0.0.7:9001/", "https://10.0.0.8:9000/", "http://127.0.0.1:9000/"):
        with pytest.raises(Invalid):
            WEBHOOK.check_answers(answers | {"url": other}, app)


@pytest.mark.parametrize("secret", ["", " ", "too-short", "               x"])
def test_a_secret_that_can_be_guessed_is_refused(secret: str) -> None:
    """Fewer than 16 characters are none."""
    with pytest.raises(Invalid) as refusal:
        WEBHOOK.check_answers({"url": PUBLIC, "secret": secret}, ClientApp())
    assert [fault.field for fault in refusal.value.faults] == ["secret"]


@over_it
@pytest.mark.parametrize("url", ["https://10.0.0.1/", "https://169.254.169.254/", "https://127.1/"])
def test_an_address_that_became_private_is_not_called(world: World, api: Session, url: str) -> None:
    """A name that led elsewhere when it was entered is looked at again before each call."""
    api.answers = dict(api.answers) | {"url": url}
    with pytest.raises(Declined, match="private network"):
        world.push_crm.push(api, PARCEL)


def test_the_address_looked_at_is_the_one_called(tmp_path: Path) -> None:
    """The connection goes to that address, while certificate and Host are held to the name."""
    with HttpsServer(a_certificate(tmp_path, "hooks.example.com")) as server:
        for name, is_theirs in (("hooks.example.com", True), ("other.example.com", False)):
            with requests.Session() as session:
                session.trust_env = False
                session.mount("https://", _guard.PublicOnly("it", lambda _host, _port: "127.0.0.1"))
                url = f"https://{name}:{server.port}/x"
                if is_theirs:
                    assert send(session, "it", "GET", url, verify=str(server.certificate)).status == 200
                else:
                    with pytest.raises(Unavailable):
                        send(session, "it", "GET", url, verify=str(server.certificate))
        assert server.hosts == [f"hooks.example.com:{server.port}"]


# --- what is sent and what comes back ---------------------------------------------------------------------


@over_it
def test_the_cv_can_be_left_out(world: World, api: Session) -> None:
    """Then its description goes, and no byte of it."""
    api.answers = dict(api.answers) | {"cv": "leave_out"}
    world.push_crm.push(api, PARCEL)
    (body,) = world.double.arrived
    assert body["application"]["cv"] == {
        "filename": CV.filename,
        "content_type": CV.content_type,
        "size": len(CV.content),
    }


@over_it
def test_a_wrong_secret_does_not_connect(world: World) -> None:
    """The receiver refuses the ping, and its reason is shown."""
    with world.session() as api:
        api.answers = dict(api.answers) | {"secret": "another-secret-of-ours"}
        with pytest.raises(Declined, match="signature does not fit"):
            world.crm.account(api)


@over_it
def test_who_is_connected_names_no_more_than_the_host(world: World, api: Session) -> None:
    """The rest of an address can be as good as a password."""
    assert world.crm.account(api) == "127.0.0.1"


@over_it
@pytest.mark.parametrize(
    ("answer", "told"),
    [
        (JSONResponse({"id": 7, "url": "https://crm.example.com/7"}), ("7", "https://crm.example.com/7")),
        (JSONResponse({"id": "a", "url": "javascript:alert(1)"}), ("a", None)),
        (JSONResponse({"id": "a", "url": "http://crm.example.com/"}), ("a", None)),
        (JSONResponse({"id": "x" * 500}), ("x" * 199 + "…", None)),
        (JSONResponse({"id": {"a": 1}, "url": 7}), (None, None)),
        (JSONResponse({"id": ""}), (None, None)),
        (JSONResponse([1]), (None, None)),
        (PlainTextResponse("thanks", 202), (None, None)),
        (Response(status_code=204), (None, None)),
    ],
)
def test_a_yes_may_name_a_record(
    world: World, api: Session, answer: Response, told: tuple[str | None, str | None]
) -> None:
    """Any 2xx is a yes; an id and a safe address are kept, anything else is passed over."""
    world.double.answer = lambda _id: answer
    pushed = world.push_crm.push(api, PARCEL)
    assert (pushed.id, pushed.url) == told


@over_it
@pytest.mark.parametrize(
    ("status", "error"),
    [
        (302, Nonsense),
        (400, Declined),
        (401, Declined),
        (403, Declined),
        (404, Declined),
        (408, Unavailable),
        (409, Declined),
        (410, SignInNeeded),
        (413, Declined),
        (425, Unavailable),
        (429, RateLimited),
        (500, Unavailable),
        (503, Unavailable),
    ],
)
def test_a_no_is_told_by_its_status(world: World, api: Session, status: int, error: type[CrmError]) -> None:
    """Which are final, which pass, and which one needs an admin."""
    world.double.answer = lambda _id: Response(status_code=status)
    with pytest.raises(CrmError) as refusal:
        world.push_crm.push(api, PARCEL)
    assert type(refusal.value) is error


@over_it
@pytest.mark.parametrize("status", [429, 503])
def test_a_pause_that_is_asked_for_is_known(world: World, api: Session, status: int) -> None:
    """Retry-After is honoured."""
    world.double.answer = lambda _id: Response(status_code=status, headers={"Retry-After": "7"})
    with pytest.raises(RateLimited) as limit:
        world.push_crm.push(api, PARCEL)
    assert limit.value.seconds == 7


@over_it
@pytest.mark.parametrize(
    ("answer", "said"),
    [
        (JSONResponse({"reason": "No such vacancy"}, 422), "It said: No such vacancy"),
        (JSONResponse({"detail": "No such vacancy"}, 422), "It said: No such vacancy"),
        (PlainTextResponse("No such\n\nvacancy", 422), "It said: No such vacancy"),
        (PlainTextResponse("x" * 5000, 422), "x" * 199 + "…"),
        (Response("<h1>Oops</h1>", 422, media_type="text/html"), "(error 422)."),
        (JSONResponse({"reason": ["odd"]}, 422), "(error 422)."),
    ],
)
def test_the_receivers_reason_is_short_and_plain(
    world: World, api: Session, answer: Response, said: str
) -> None:
    """People read why on the card, never a page of markup."""
    world.double.answer = lambda _id: answer
    with pytest.raises(Declined) as refusal:
        world.push_crm.push(api, PARCEL)
    assert str(refusal.value).endswith(said)


@over_it
def test_nobody_is_sent_elsewhere(world: World, api: Session) -> None:
    """An applicant's data does not follow a redirect."""
    world.double.answer = lambda _id: RedirectResponse(f"{world.double.base_url}/elsewhere", 307)
    with pytest.raises(Nonsense):
        world.push_crm.push(api, PARCEL)
    assert [call.path for call in world.double.calls] == ["/hooks/applicants"]


@over_it
def test_a_slow_ping_does_not_connect(world: World) -> None:
    """A receiver that needs too long for a ping would need too long for applicants."""
    with world.session(timeout=HASTY) as api:
        world.trouble("hang")
        with pytest.raises(Unavailable, match="in time"):
            world.crm.account(api)
