"""How often and how fast calls are made again: every number of it, and the gate before all writes.

None of the numbers is documented by the vendor, not even its limit of calls per second.
"""

from __future__ import annotations

import random
import threading
from collections.abc import Callable
from typing import TypeVar

from msgspec import Struct

from pushctl.clock import Clock
from pushctl.mpaas.interface import Accepted, Created, NotSent, Refused, Unknown


class RetryPolicy(Struct, frozen=True):
    """At most so many attempts, with pauses (seconds) that double from the first to the longest."""

    attempts: int
    first_pause: float
    longest_pause: float

    def pause(self, failures: int, hint: float | None = None) -> float:
        """Return the seconds to wait after so many failures in a row, or those of a hint.

        Up to a quarter is added at random, so that callers do not return in step.
        """
        seconds = (
            self.first_pause * 2.0 ** min(failures - 1, 30) if hint is None else max(0.0, hint)
        )
        return min(seconds, self.longest_pause) * random.uniform(1.0, 1.25)


WRITE_RETRIES = RetryPolicy(attempts=6, first_pause=0.5, longest_pause=60.0)
"""Of a create, cancel or revoke that certainly had no effect: outlasts a quarter of a minute, and
waits as long as the service asks for, up to a minute."""

READ_RETRIES = RetryPolicy(attempts=4, first_pause=0.5, longest_pause=20.0)
"""Of one page of the list, whatever went wrong: reading is harmless, but somebody waits for it."""

LIST_ATTEMPTS = 3
"""How often a list is begun whose pages do not add up, since others change it meanwhile."""

AGREEING_LIST_ATTEMPTS = 4
"""How many more lists may disagree about what is missing before none is believed."""

CREATE_ATTEMPTS = 2
"""How often a create is made whose first attempt was seen not to have arrived."""

LIST_EVERY = 0.5
"""Seconds between two lists while waiting for a task to turn up in it, or to go."""

T = TypeVar("T", Created | NotSent | Refused | Unknown, Accepted | NotSent | Refused | Unknown)


class RateLimiter:
    """A gate before every write, shared by all threads of an apply: all slow down together."""

    def __init__(self, clock: Clock, stop: threading.Event) -> None:
        self._clock = clock
        self._stop = stop
        self._mutex = threading.Lock()
        self._open_at = 0.0
        self._failures = 0

    def call(self, send: Callable[[], T]) -> T | NotSent:
        """Make a call, and again as `WRITE_RETRIES` says while it certainly had no effect."""
        outcome: T | NotSent = NotSent("the run was stopped before it was sent")
        for attempt in range(1, WRITE_RETRIES.attempts + 1):
            gate = self._wait()
            if self._stop.is_set():
                return outcome
            outcome = send()
            if not isinstance(outcome, NotSent):
                with self._mutex:
                    self._failures = 0
                return outcome
            if attempt < WRITE_RETRIES.attempts:
                self._slow_down(outcome.retry_after, gate)
        return outcome

    def _wait(self) -> float:
        """Wait until the gate is open; returns since when it is (epoch seconds)."""
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
            first = gate == self._open_at
            self._failures += int(first)
            open_at = self._clock.now() + WRITE_RETRIES.pause(self._failures, hint)
            if first:
                self._open_at = open_at
            elif hint is not None:
                self._open_at = max(self._open_at, open_at)
