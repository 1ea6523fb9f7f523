"""How fast to call: everybody slows down together when the service asks for it."""

from __future__ import annotations

import random
import threading
from collections.abc import Callable
from typing import TypeVar

from pushctl.clock import Clock
from pushctl.mpaas.interface import Accepted, Created, NotSent, Refused, Unknown

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

    def call(self, send: Callable[[], T]) -> T | NotSent:
        """Make a call, again and again while it certainly had no effect and there is hope.

        At most six attempts; between them everybody waits for the service's hint, or for a pause
        that doubles each time and varies at random so that threads do not return in step.
        """
        outcome: T | NotSent = NotSent("the run was stopped before it was sent")
        for attempt in range(1, ATTEMPTS + 1):
            gate = self._wait()
            if self._stop.is_set():
                return outcome
            outcome = send()
            if not isinstance(outcome, NotSent):
                self._relax()
                return outcome
            if attempt < ATTEMPTS:
                self._slow_down(outcome.retry_after, gate)
        return outcome

    def _wait(self) -> float:
        """Wait until the gate is open; returns since when it is."""
        while True:
            with self._mutex:
                opened_at = self._open_at
                seconds = opened_at - self._clock.now()
            if seconds <= 0 or self._stop.is_set():
                return opened_at
            self._clock.sleep(seconds)

    def _slow_down(self, hint: float | None, gate: float) -> None:
        """Close the gate; `gate` is when it opened for the call that was turned away.

        Calls that left through the same gate and come back together count once.
        """
        with self._mutex:
            pause = self._pause if hint is None else max(0.0, min(hint, LONGEST_PAUSE))
            open_at = self._clock.now() + pause * random.uniform(1.0, 1.25)
            if gate == self._open_at:
                self._pause = min(self._pause * 2, LONGEST_PAUSE)
                self._open_at = open_at
            elif hint is not None:
                self._open_at = max(self._open_at, open_at)

    def _relax(self) -> None:
        with self._mutex:
            self._pause = FIRST_PAUSE
