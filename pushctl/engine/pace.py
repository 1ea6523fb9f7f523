"""How fast to call: everybody slows down together when the service asks for it."""

from __future__ import annotations

import random
import threading
from collections.abc import Callable
from typing import TypeVar

from pushctl.ports import Accepted, Clock, Created, NotSent, Refused, Unknown

FIRST_PAUSE = 0.5
LONGEST_PAUSE = 60.0
ATTEMPTS = 6

T = TypeVar("T", Created | NotSent | Refused | Unknown, Accepted | NotSent | Refused | Unknown)


class Pace:
    """A gate before every write call, shared by all threads of an apply."""

    def __init__(self, clock: Clock, stop: threading.Event) -> None:
        self._clock = clock
        self._stop = stop
        self._mutex = threading.Lock()
        self._open_at = 0.0
        self._pause = FIRST_PAUSE

    def call(self, send: Callable[[], T]) -> T:
        """Make a call, again and again while it certainly had no effect and there is hope.

        At most six attempts; between them everybody waits for the service's hint, or for a pause
        that doubles each time and varies at random so that threads do not return in step.
        """
        for attempt in range(1, ATTEMPTS + 1):
            self._wait()
            outcome = send()
            if not isinstance(outcome, NotSent):
                self._relax()
                return outcome
            if attempt == ATTEMPTS or self._stop.is_set():
                return outcome
            self._slow_down(outcome.retry_after)
        raise AssertionError("the loop above always returns")

    def _wait(self) -> None:
        with self._mutex:
            seconds = self._open_at - self._clock.now()
        if seconds > 0:
            self._clock.sleep(seconds)

    def _slow_down(self, hint: float | None) -> None:
        with self._mutex:
            pause = self._pause if hint is None else max(0.0, min(hint, LONGEST_PAUSE))
            self._open_at = self._clock.now() + pause * random.uniform(1.0, 1.25)
            self._pause = min(self._pause * 2, LONGEST_PAUSE)

    def _relax(self) -> None:
        with self._mutex:
            self._pause = FIRST_PAUSE
