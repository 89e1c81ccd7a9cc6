"""The local Slack as one thing: built, started, looked at and acted upon."""

from __future__ import annotations

import copy
import threading
import time
from collections.abc import Callable, Sequence
from typing import Self
from urllib.parse import parse_qsl, urlsplit

from .actions import Actions
from .dispatch import Dispatcher
from .events import Events
from .faults import Faults
from .modals import Modals
from .model import Call, File, Json, NotPossibleError, Outcome, Ping
from .oauth import OAuth
from .page_api import PageApi
from .people import ALL_SCOPES, bright_desk
from .person import Desk, Person
from .routes import Parts, build_app
from .server import HOST, ThreadedServer
from .snapshot import Shop, snapshot
from .state import State
from .suggestions import Suggestions
from .web_api import WebApi
from .workspaces import Workspaces

_LOOK_AGAIN_SECONDS = 0.02


class LocalSlack(Workspaces):
    """A Slack on a port of this machine that refuses what Slack refuses. `bot_url` may be set later."""

    def __init__(
        self,
        port: int = 0,
        *,
        signing_secret: str = "local-signing-secret",  # noqa: S107 - guards nothing outside this machine
        bot_token: str = "xoxb-local",  # noqa: S107 - likewise
        bot_url: str = "http://127.0.0.1:3000",
        clock: Callable[[], float] = time.time,
        scopes: Sequence[str] | None = None,
        client_id: str = "local-client-id",
        client_secret: str = "local-client-secret",  # noqa: S107 - likewise
    ) -> None:
        self._state = State(clock)
        granted = set(ALL_SCOPES if scopes is None else scopes)
        self._state.workspaces["TDEMO"] = bright_desk(bot_token, granted)
        self._dispatcher = Dispatcher(signing_secret, bot_url)
        self._events = Events(self._state, self._dispatcher)
        self._actions = Actions(self._state, self._dispatcher, self._events)
        modals = Modals(self._state, self._dispatcher)
        suggestions = Suggestions(self._state, self._dispatcher)
        self._desk = Desk(self._state, self._actions, modals, suggestions, self._events)
        self._shop = Shop()
        self.faults = Faults()
        self.oauth = OAuth(self._state, client_id, client_secret)
        self._web_api = WebApi(self._state, self.oauth, self.faults)
        self._server = ThreadedServer(port)
        super().__init__(self._state, self._events)

    def start(self) -> None:
        """Serve; returns once connections are accepted."""
        page = PageApi(self._desk, self._shop)
        parts = Parts(self._state, self._web_api, self.faults, self.oauth, page, self.snapshot, self._server)
        self._server.start(build_app(parts))
        self._state.base_url = f"http://{HOST}:{self._server.port}"

    def stop(self) -> None:
        """Stop serving; everything remembered stays, and `start` serves it again on the same port."""
        self._server.stop()

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    @property
    def base_url(self) -> str:
        """Where the page is; known once started."""
        if not self._state.base_url:
            raise RuntimeError("The local Slack has no address yet; call start() first.")
        return self._state.base_url

    @property
    def api_url(self) -> str:
        """What SLACK_API_URL is set to."""
        return f"{self.base_url}/api/"

    @property
    def bot_url(self) -> str:
        """The base URL of the bot; what Slack sends goes to /slack/events below it."""
        return self._dispatcher.bot_url

    @bot_url.setter
    def bot_url(self, url: str) -> None:
        self._dispatcher.bot_url = url

    @property
    def ack_seconds(self) -> float:
        """How long the bot may take to acknowledge; Slack's three seconds unless changed."""
        return self._dispatcher.ack_seconds

    @ack_seconds.setter
    def ack_seconds(self, seconds: float) -> None:
        self._dispatcher.ack_seconds = seconds

    def be_patient(self, seconds: float = 20.0) -> None:
        """Wait this long for answers, and honour triggers as long: for machines with a lot else to do."""
        self._dispatcher.ack_seconds = self._state.trigger_seconds = seconds

    @property
    def pace(self) -> float | None:
        """Seconds between two messages in one channel before `ratelimited`; None, the start, for any."""
        return self._web_api.pace

    @pace.setter
    def pace(self, seconds: float | None) -> None:
        self._web_api.pace = seconds

    @property
    def retry_events(self) -> bool:
        """Whether an event that fails is sent again, up to three times, the waits between left out."""
        return self._events.retry_events

    @retry_events.setter
    def retry_events(self, retry: bool) -> None:
        self._events.retry_events = retry

    @property
    def subscriptions(self) -> set[str]:
        """The events the bot hears of by itself; `send_event` delivers any."""
        return self._events.subscriptions

    @property
    def commands(self) -> Sequence[Json]:
        """The slash commands registered, as {command, description, usage_hint}."""
        return self._actions.commands

    @commands.setter
    def commands(self, commands: Sequence[Json]) -> None:
        self._actions.commands = tuple(commands)
        self._state.changed()

    @property
    def new_applicant(self) -> Callable[[], object] | None:
        """What the page's "New applicant" button calls."""
        return self._shop.new_applicant

    @new_applicant.setter
    def new_applicant(self, make: Callable[[], object] | None) -> None:
        self._shop.new_applicant = make
        self._state.changed()

    @property
    def burst(self) -> Callable[[], object] | None:
        """What the page's "20 at once" button calls."""
        return self._shop.burst

    @burst.setter
    def burst(self, make: Callable[[], object] | None) -> None:
        self._shop.burst = make
        self._state.changed()

    @property
    def crm_url(self) -> str | None:
        """The CRM shown beside the channel in the page."""
        return self._shop.crm_url

    @crm_url.setter
    def crm_url(self, url: str | None) -> None:
        self._shop.crm_url = url
        self._state.changed()

    @property
    def hints(self) -> Sequence[Json]:
        """What the page suggests to try, as {id, text, done}."""
        return self._shop.hints

    @hints.setter
    def hints(self, hints: Sequence[Json]) -> None:
        self._shop.hints = list(hints)
        self._state.changed()

    @property
    def calls(self) -> list[Call]:
        """Every Web API call that arrived, and every use of a response_url."""
        with self._state.lock:
            return list(self._state.calls)

    @property
    def pings(self) -> list[Ping]:
        """Every mention that a message of the bot's or of a person's made by raw markup."""
        with self._state.lock:
            return list(self._state.pings)

    @property
    def links(self) -> list[Ping]:
        """Every link made by raw markup in mrkdwn; `target` is what stood between the brackets."""
        with self._state.lock:
            return list(self._state.links)

    @property
    def files(self) -> list[File]:
        """Every file, uploaded or announced."""
        with self._state.lock:
            return list(self._state.files.values())

    def as_user(self, user: str) -> Person:
        """Act as this person."""
        with self._state.lock:
            self._state.user(user)
        return Person(self._desk, user)

    def messages(self, channel: str) -> list[Json]:
        """All messages of a channel in order, replies included, those seen by one person only left out."""
        with self._state.lock:
            return [
                copy.deepcopy(message.body)
                for workspace in self._state.workspaces.values()
                if channel in workspace.channels
                for message in workspace.channels[channel].messages
                if message.ephemeral_to is None
            ]

    def message(self, channel: str, ts: str) -> Json:
        """One message."""
        for message in self.messages(channel):
            if message["ts"] == ts:
                return message
        raise NotPossibleError(f"There is no message {ts} in {channel}.")

    def snapshot(self, user: str) -> Json:
        """What the page shows this person."""
        return snapshot(self._state, self._shop, self._actions.commands, user)

    def wait_until(self, holds: Callable[[], bool], seconds: float = 30.0) -> bool:
        """Wait for `holds` to become true, here or in the bot; False if it didn't in time."""
        news = threading.Event()
        unwatch = self._state.watch(news.set)
        deadline = time.monotonic() + seconds
        try:
            while not holds():
                if time.monotonic() >= deadline:
                    return False
                # What is awaited may also be the bot's own doing, of which no change here tells.
                news.wait(_LOOK_AGAIN_SECONDS)
                news.clear()
        finally:
            unwatch()
        return True

    def send_event(
        self, inner: Json, retry_num: int | None = None, event_id: str | None = None, *, team: str = "TDEMO"
    ) -> Outcome:
        """Deliver an event to the bot, subscribed to or not."""
        return self._events.send(inner, team=team, retry_num=retry_num, event_id=event_id)

    def redeliver(self, event_id: str) -> Outcome:
        """Send an event again as Slack's next retry."""
        return self._events.redeliver(event_id)

    def install_app(self, authorize_url: str, user: str = "UADMIN") -> str:
        """Press Allow as this person on the consent page at `authorize_url`; where Slack then leads."""
        query = dict(parse_qsl(urlsplit(authorize_url).query))
        return self.oauth.approve(query, user)
