"""The demo CRM as a running HTTP server in a thread of its own, with what tests and the demo reach into."""

import asyncio
import socket
import threading
import time
from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

import uvicorn

from bot.playground.democrm import sample
from bot.playground.democrm.application import build
from bot.playground.democrm.authserver import AuthServer
from bot.playground.democrm.context import Quota, Site
from bot.playground.democrm.faults import FaultInjection, Faults
from bot.playground.democrm.model import Application, Note, Person, StoredFile, User, Vacancy
from bot.playground.democrm.records import Records
from bot.playground.democrm.visitor import answer_consent
from bot.playground.democrm.wire import Call, CallLog, Connections

HOST = "127.0.0.1"


class DemoCrm:
    """A small recruitment CRM. `port=0` takes a free port; it and the data stay over `stop` and `start`.

    `redirect_uris=None` lets apps on this machine sign in that return to `/crm/callback` on any port.
    """

    def __init__(
        self,
        port: int = 0,
        clock: Callable[[], float] = time.time,
        client_id: str = "handoff-demo",
        client_secret: str = "demo-crm-client-secret",  # noqa: S107  a demo's, good on this machine only
        redirect_uris: Sequence[str] | None = None,
        access_token_seconds: int = 300,
    ) -> None:
        self.client_id = client_id
        self.client_secret = client_secret
        self.faults = Faults()
        uris = None if redirect_uris is None else list(redirect_uris)
        self._new_auth = partial(AuthServer, clock, client_id, client_secret, uris, access_token_seconds)
        self._site = Site(_sample_records(clock), self._new_auth(), Quota())
        self._connections = Connections()
        self._port = port
        self._log = CallLog(FaultInjection(build(self._site), self.faults, self._connections), clock)
        self._server: _Server | None = None
        self._thread: threading.Thread | None = None

    def start(self) -> None:
        """Serve, and return once it does."""
        listener = _listener(self._port)
        self._port = listener.getsockname()[1]
        self._site.base_url = f"http://{HOST}:{self._port}"
        config = uvicorn.Config(
            self._log,
            http=self._connections.protocol(),
            loop="asyncio",
            lifespan="off",
            proxy_headers=False,
            server_header=False,
            log_config=None,
            log_level="error",
            access_log=False,
            timeout_graceful_shutdown=2,
        )
        self._server = _Server(config, self._connections)
        self._thread = threading.Thread(
            target=self._server.run, args=([listener],), name="demo-crm", daemon=True
        )
        self._thread.start()
        if not self._server.ready.wait(30):
            raise RuntimeError(f"The demo CRM did not start on port {self._port}; is the machine very busy?")

    def stop(self) -> None:
        """Stop serving; the data stays for another `start`."""
        if self._server is not None and self._thread is not None:
            self._server.should_exit = True
            self._server.interrupt()
            self._thread.join(10)
            self._server = self._thread = None

    def reset(self) -> None:
        """Back to the first day, still serving: sample data, no sign-ins, faults, quota or calls."""
        records = self._site.records
        self._site.records = _sample_records(records.clock, records.rev + 1)
        self._site.auth = self._new_auth()
        self._site.quota.set(0)
        self.faults.clear()
        self._log.clear()

    def __enter__(self) -> "DemoCrm":
        self.start()
        return self

    def __exit__(self, *_exc: object) -> None:
        self.stop()

    @property
    def base_url(self) -> str:
        return self._site.base_url

    @property
    def authorize_url(self) -> str:
        return f"{self.base_url}/oauth/authorize"

    @property
    def token_url(self) -> str:
        return f"{self.base_url}/oauth/token"

    @property
    def revoke_url(self) -> str:
        return f"{self.base_url}/oauth/revoke"

    @property
    def api_url(self) -> str:
        return f"{self.base_url}/api/v1"

    @property
    def calls(self) -> list[Call]:
        """What arrived at the API and the token endpoints, in order."""
        return self._log.calls

    def approve(self, authorize_url: str, email: str = "priya@brightdesk.example", allow: bool = True) -> str:
        """Go through sign-in and consent over HTTP as that user's browser; the address it is sent back to."""
        return answer_consent(authorize_url, email, allow)

    def set_quota(self, requests: int, seconds: float = 60.0) -> None:
        """Limit API calls to so many in each window; 0 lifts the limit."""
        self._site.quota.set(requests, seconds)

    def revoke_all(self) -> None:
        """End every sign-in, as an administrator of the CRM can."""
        self._site.auth.revoke_all()

    def expire_access_tokens(self) -> None:
        """Let every access token run out now; refresh tokens stay good."""
        self._site.auth.expire_access_tokens()

    def close_vacancy(self, vacancy_id: int) -> None:
        self._site.records.close_vacancy(vacancy_id)

    def users(self) -> list[User]:
        return self._site.records.users()

    def people(self) -> list[Person]:
        """Newest first."""
        return self._site.records.people()

    def change_person(self, person_id: int, **fields: Any) -> None:
        """Somebody changes a person in the CRM itself."""
        self._site.records.change_person(person_id, **fields)

    def delete_person(self, person_id: int) -> None:
        """Somebody deletes a person there, with all that hangs on the record."""
        self._site.records.delete_person(person_id)

    def delete_application(self, application_id: int) -> None:
        """Somebody takes a person off a vacancy there."""
        self._site.records.delete_application(application_id)

    def files(self, person_id: int) -> list[StoredFile]:
        return self._site.records.files(person_id)

    def notes(self, person_id: int) -> list[Note]:
        """Newest first."""
        return self._site.records.notes(person_id)

    def vacancies(self) -> list[Vacancy]:
        return self._site.records.vacancies()

    def applications(self, person_id: int | None = None) -> list[Application]:
        """Newest first."""
        return self._site.records.applications(person_id)


def _listener(port: int) -> socket.socket:
    # asyncio turns Nagle's delay off only where the protocol number says TCP; create_server leaves it 0.
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    try:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind((HOST, port))
    except OSError:
        listener.close()
        raise
    return listener


def _sample_records(clock: Callable[[], float], rev: int = 1) -> Records:
    records = Records(clock, rev)
    sample.fill(records)
    return records


class _Server(uvicorn.Server):
    """uvicorn's server, which says when it serves and lets go of hanging answers when it stops."""

    def __init__(self, config: uvicorn.Config, connections: Connections) -> None:
        super().__init__(config)
        self.ready = threading.Event()
        self._connections = connections
        self._loop: asyncio.AbstractEventLoop | None = None

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        self._loop = asyncio.get_running_loop()
        self._connections.open()
        await super().startup(sockets)
        self.ready.set()

    def interrupt(self) -> None:
        """Called from another thread: end what hangs."""
        if self._loop is not None:
            self._loop.call_soon_threadsafe(self._connections.close)
