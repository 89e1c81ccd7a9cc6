"""Replicas of the bot in processes of their own: killed without warning, started again on the same port."""

from __future__ import annotations

import random
import socket
import threading
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from tests.processes import Serving, Settings, serving

Role = str
ROLES: dict[str, tuple[Role, ...]] = {"all": ("all",), "split": ("web", "worker")}
"""The roles of one replica: a process that does both, or one for each."""


@dataclass
class Replica:
    """One process, or its successor once it was killed."""

    role: Role
    port: int
    folder: Path
    settings: Settings
    lives: int = 0

    def __post_init__(self) -> None:
        self._life = ExitStack()
        self._bot: Serving | None = None
        self._logs: list[Path] = []

    @property
    def answers(self) -> bool:
        """Whether it takes applications and clicks."""
        return self.role != "worker"

    @property
    def url(self) -> str:
        """Where it listens, before and after every death."""
        return f"http://127.0.0.1:{self.port}"

    def start(self) -> None:
        """Start the process; it may not be ready yet."""
        self.lives += 1
        folder = self.folder / f"{self.role}-{self.port}-{self.lives}"
        folder.mkdir()
        self._logs.append(folder / f"serve-{self.port}.log")
        words = ("--role", self.role)
        self._bot = self._life.enter_context(serving(folder, self.settings, *words, port=self.port))

    def kill(self) -> None:
        """End it as a power cut would: it gets to do nothing more."""
        self._life.close()
        self._bot = None

    def until_ready(self) -> None:
        """Wait for a living one to be ready."""
        if self._bot is not None:
            self._bot.until_ready()

    @property
    def log(self) -> str:
        """All that it printed in all its lives."""
        return "".join(log.read_text() for log in self._logs if log.exists())


class Replicas:
    """Some replicas on one database."""

    def __init__(self, replicas: Sequence[Replica]) -> None:
        self.all = replicas
        self._lock = threading.Lock()  # killing and starting are one thread's turn each

    @property
    def webs(self) -> list[Replica]:
        """Those that take applications and clicks."""
        return [replica for replica in self.all if replica.answers]

    @property
    def workers(self) -> list[Replica]:
        """Those that deliver."""
        return [replica for replica in self.all if replica.role != "web"]

    @property
    def kills(self) -> int:
        """How often any was killed."""
        return sum(replica.lives - 1 for replica in self.all)

    def url(self, chance: random.Random) -> str:
        """Where a load balancer that knows of no death would send the next request."""
        return chance.choice(self.webs).url

    def kill(self, victims: Sequence[Replica]) -> None:
        """Kill these at the same moment and start them again at once."""
        with self._lock:
            for victim in victims:
                victim.kill()
            for victim in victims:
                victim.start()

    @property
    def log(self) -> str:
        """All that they printed."""
        return "".join(replica.log for replica in self.all)


def _steady_port() -> int:
    """A free port that nobody is given by chance while its process is dead: systems give higher ones."""
    while True:
        port = random.randint(20_000, 32_000)  # noqa: S311  nothing secret
        with socket.socket() as probe, suppress(OSError):
            probe.bind(("127.0.0.1", port))
            return port


@contextmanager
def running(folder: Path, settings: Settings, shape: str, count: int) -> Iterator[Replicas]:
    """So many replicas of a shape, ready; killed for good at the end."""
    ports = [_steady_port() for _ in range(count * len(ROLES[shape]))]
    roles = [role for _ in range(count) for role in ROLES[shape]]
    public = next(port for role, port in zip(roles, ports, strict=True) if role != "worker")
    settings = {**settings, "PUBLIC_URL": f"http://127.0.0.1:{public}"}
    replicas = Replicas(
        [Replica(role, port, folder, settings) for role, port in zip(roles, ports, strict=True)]
    )
    try:
        for replica in replicas.all:  # one after the other, as many starts at once take long
            replica.start()
            replica.until_ready()
        yield replicas
    finally:
        for replica in replicas.all:
            replica.kill()
