"""Bodies too large, compressed or endless, and tokens that open nothing: refused before they cost."""

from __future__ import annotations

import gzip
import socket
from collections.abc import Iterator
from dataclasses import replace
from urllib.parse import urlsplit

import pytest
from pydantic import SecretStr
from sqlalchemy import func, select

from bot.store import installations
from bot.store.tables import applications
from bot.usecases.house import House
from bot.web.intake import MAX_BODY
from bot.web.metrics import Metrics

from ..support import an_installation, serving
from .client import PATH, TOKEN, Api, build_app, least

MEGABYTE = 1_000_000
CONFIGURED = "from-the-environment"


def chunks(megabytes: int) -> Iterator[bytes]:
    """A body whose length nobody announces."""
    for _ in range(megabytes):
        yield b" " * MEGABYTE


def nothing_is_stored(house: House) -> bool:
    """Whether no application has come in."""
    with house.database.reading() as connection:
        return connection.execute(select(func.count()).select_from(applications)).scalar_one() == 0


def raw(base_url: str, head: str, body: bytes = b"") -> bytes:
    """Send bytes as they are; the start of the answer, heard while the request may be unfinished."""
    with socket.create_connection((urlsplit(base_url).hostname, urlsplit(base_url).port), 10) as connection:
        connection.sendall(head.replace("\n", "\r\n").encode() + body)
        return connection.recv(65536)


def test_a_body_past_the_limit_is_too_large(house: House, api: Api) -> None:
    """413 with an announced length, and the client hears it although it sent all."""
    response = api.send_body(b" " * (MAX_BODY + 1))
    assert response.status_code == 413
    assert response.json()["type"] == "/docs#too-large"
    assert nothing_is_stored(house)


def test_a_body_without_a_length_is_too_large_once_it_is(house: House, api: Api) -> None:
    """413 for a chunked body of 20 MB."""
    assert api.send_body(chunks(20)).status_code == 413
    assert nothing_is_stored(house)


def test_a_body_at_the_limit_is_read(api: Api) -> None:
    """Exactly as large as allowed: the JSON in it counts."""
    body = b'{"external_id": "1"}'.ljust(MAX_BODY)
    assert api.send_body(body).status_code == 422


def test_an_announced_length_is_refused_before_the_body_comes(base_url: str) -> None:
    """The answer is there although not one byte of the body was sent."""
    head = f"POST {PATH} HTTP/1.1\nHost: x\nAuthorization: Bearer {TOKEN}\nContent-Length: 99999999999\n\n"
    assert raw(base_url, head).startswith(b"HTTP/1.1 413")


def test_a_lying_length_gains_nothing(base_url: str) -> None:
    """What comes after the announced end is no part of the body, and no request either."""
    head = f"POST {PATH} HTTP/1.1\nHost: x\nAuthorization: Bearer {TOKEN}\nContent-Length: 2\n\n"
    assert raw(base_url, head, b"{}" + b" " * 1000).startswith(b"HTTP/1.1 400")


def test_without_a_token_the_body_is_not_waited_for(base_url: str) -> None:
    """401 at once, though a body is announced and never comes."""
    head = f"POST {PATH} HTTP/1.1\nHost: x\nContent-Length: 1000\n\n"
    assert raw(base_url, head).startswith(b"HTTP/1.1 401")


def test_a_compressed_body_is_refused(house: House, api: Api) -> None:
    """415 and what to do; nothing is unpacked."""
    bomb = gzip.compress(bytes(10 * MEGABYTE))
    for encoding in ("gzip", "deflate, identity", "br", "GZIP"):
        response = api.send_body(bomb, **{"Content-Encoding": encoding})
        assert response.status_code == 415
        assert response.headers["accept-encoding"] == "identity"
    assert nothing_is_stored(house)


def test_identity_is_no_compression(api: Api) -> None:
    """It says that nothing was done to the body."""
    assert api.send_body(b"{}", **{"Content-Encoding": "identity"}).status_code == 422


def test_no_valid_token_is_unauthorized(house: House, base_url: str) -> None:
    """401 that names the scheme, for sending and for asking, whatever stands in the header."""
    headers = ["Bearer", "Bearer ", "Bearer unknown", "Basic eDp5", f"bearer{TOKEN}", "Bearer ÿ"]
    given = [{}, *({"Authorization": header.encode("latin-1")} for header in headers)]
    with Api(base_url).http as http:
        for header in given:
            for method, path in (("POST", PATH), ("GET", f"{PATH}/01ARZ3NDEKTSV4RRFFQ69G5FAV")):
                response = http.request(method, base_url + path, headers=header, json=least())
                assert response.status_code == 401, header
                assert response.headers["www-authenticate"].startswith('Bearer realm="handoff"')
                assert response.headers["content-type"] == "application/problem+json"
    assert nothing_is_stored(house)


class TestTheConfiguredToken:
    """INTAKE_TOKEN stands for the single installed workspace."""

    @pytest.fixture
    def configured(self, house: House) -> Iterator[Api]:
        """A bot with INTAKE_TOKEN set and no workspace."""
        config = house.config.model_copy(update={"intake_token": SecretStr(CONFIGURED)})
        with serving(build_app(replace(house, config=config), Metrics())) as url, Api(url).http as http:
            yield Api(url, http)

    def test_it_opens_the_one_workspace(self, house: House, configured: Api) -> None:
        """Applications belong to the workspace that installed the bot."""
        _install(house, "T0042")
        created = configured.send(least(), CONFIGURED)
        assert created.status_code == 201
        assert configured.state(created.json()["id"], CONFIGURED).status_code == 200

    def test_without_a_workspace_it_says_so(self, configured: Api) -> None:
        """503 with what to do: nothing can be stored for nobody."""
        response = configured.send(least(), CONFIGURED)
        assert response.status_code == 503
        assert "install" in response.json()["detail"]

    def test_with_several_workspaces_it_is_not_enough(self, house: House, configured: Api) -> None:
        """503 that leads to tokens of their own."""
        _install(house, "T0042")
        _install(house, "T0043")
        response = configured.send(least(), CONFIGURED)
        assert response.status_code == 503
        assert "handoff token create" in response.json()["detail"]

    def test_another_token_is_still_unknown(self, configured: Api) -> None:
        """Nearly right is wrong."""
        assert configured.send(least(), CONFIGURED + "2").status_code == 401


def _install(house: House, team_id: str) -> None:
    with house.database.transaction() as connection:
        installations.save(connection, house.vault, an_installation(team_id))
