"""Ctrl-C, SIGTERM, a closed terminal: they end what a command does, or go to a process it runs."""

from __future__ import annotations

import contextlib
import os
import signal
import threading
from collections.abc import Callable, Iterator
from types import FrameType

SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


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
    at_terminal = any(map(os.isatty, range(3)))

    def handle(number: int, frame: FrameType | None) -> None:
        if number != signal.SIGINT or not at_terminal:
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
