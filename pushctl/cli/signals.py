"""Ctrl-C, SIGTERM, a closed terminal: they end what a command does, or go to a process it runs."""

from __future__ import annotations

import contextlib
import math
import os
import signal
import threading
import time
from collections.abc import Callable, Iterator
from types import FrameType

_NAMES = ("SIGINT", "SIGTERM", "SIGHUP", "SIGBREAK")
SIGNALS = tuple(getattr(signal, name) for name in _NAMES if hasattr(signal, name))
_TYPED = (signal.SIGINT, getattr(signal, "SIGBREAK", None))


@contextlib.contextmanager
def asks_to_stop(stop: threading.Event, tell: Callable[[str], None]) -> Iterator[None]:
    """Set `stop` on the first signal and raise KeyboardInterrupt on the second.

    A signal that was ignored before, as by `nohup`, is ignored here, too. Nothing is lost by the
    second either: every intent is durable before its call leaves.
    """

    def handle(number: int, frame: FrameType | None) -> None:
        if stop.is_set():
            raise KeyboardInterrupt
        stop.set()
        tell("Stopping after the calls in flight; press Ctrl-C again to leave at once.")

    with _handled(handle):
        yield


@contextlib.contextmanager
def passed_on(send: Callable[[int], None]) -> Iterator[None]:
    """Send signals on to another process by `send`; a terminal sends Ctrl-C to both itself."""
    # On Windows what is typed reaches every process of a console, and nothing else can be sent.
    at_terminal = not hasattr(os, "getpgrp") or any(map(os.isatty, range(3)))

    def handle(number: int, frame: FrameType | None) -> None:
        if number not in _TYPED or not at_terminal:
            send(number)

    with _handled(handle):
        yield


@contextlib.contextmanager
def _handled(handle: Callable[[int, FrameType | None], None]) -> Iterator[None]:
    heeded = [number for number in SIGNALS if signal.getsignal(number) != signal.SIG_IGN]
    former = {number: signal.signal(number, handle) for number in heeded}
    try:
        yield
    finally:
        for number, handler in former.items():
            signal.signal(number, handler)


def wait(stop: threading.Event, seconds: float | None = None) -> None:
    """Wait until an event is set, a second at a time: on Windows no signal ends a longer wait."""
    end = time.monotonic() + (math.inf if seconds is None else seconds)
    while (left := end - time.monotonic()) > 0 and not stop.wait(min(left, 1.0)):
        pass
