"""What a handler starts but doesn't wait for: calls to Slack that follow an acknowledged click, such as
`views.open`.
"""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from contextvars import copy_context
from typing import TypeVar

import structlog

log = structlog.get_logger(__name__)

T = TypeVar("T")


class Background:
    """A few threads for what must happen within seconds but may be lost with the process."""

    def __init__(self, threads: int = 8) -> None:
        self._executor = ThreadPoolExecutor(threads, thread_name_prefix="background")
        # A CRM that hangs must not hold up what is to be opened in Slack.
        self._asking = ThreadPoolExecutor(threads, thread_name_prefix="asking")

    def start(self, task: Callable[[], None], on_error: Callable[[Exception], None]) -> None:
        """Run `task` soon; whatever it raises goes to `on_error`."""
        # With the log's ids, so that what fails here is found by the click.
        self._executor.submit(copy_context().run, self._run, task, on_error)

    def ask(self, question: Callable[[], T]) -> Future[T]:
        """Ask somebody who may not answer in time."""
        return self._asking.submit(copy_context().run, question)

    def stop(self) -> None:
        """Finish what is under way and drop what has not begun."""
        self._asking.shutdown(wait=True, cancel_futures=True)
        self._executor.shutdown(wait=True, cancel_futures=True)

    @staticmethod
    def _run(task: Callable[[], None], on_error: Callable[[Exception], None]) -> None:
        try:
            task()
        except Exception as error:  # noqa: BLE001  whatever it is, somebody waits for a word
            try:
                on_error(error)
            except Exception as second:  # noqa: BLE001  nobody is left to tell
                log.error("background_error_not_told", error=type(second).__name__)  # noqa: TRY400  it may quote secrets
