"""The clock that a command goes by: the machine's, or the one of an embedded sandbox."""

from __future__ import annotations

import datetime as dt
import threading
import time

from pushctl.cli.global_options import GlobalOptions
from pushctl.cli.service.endpoint import Endpoint
from pushctl.errors import ConfigError


def _elapsed() -> float:
    """Return seconds of a clock that nobody sets and that goes on while the machine sleeps."""
    return time.clock_gettime(getattr(time, "CLOCK_BOOTTIME", time.CLOCK_MONOTONIC))


class CommandClock:
    """Epoch seconds from a starting point on; sleeping ends early when somebody asks to stop.

    The machine's clock is read once: that it is set meanwhile changes nothing for a command.
    """

    def __init__(self, start: float | None = None, stop: threading.Event | None = None) -> None:
        """Start at an instant (epoch seconds), or at the machine's present."""
        self._offset = (time.time() if start is None else start) - _elapsed()
        self._stop = stop or threading.Event()

    def now(self) -> float:
        """See `pushctl.clock.Clock`."""
        return _elapsed() + self._offset

    def sleep(self, seconds: float) -> None:
        """See `pushctl.clock.Clock`."""
        self._stop.wait(max(0.0, seconds))


def instant(text: str) -> float:
    """Read an ISO 8601 moment with an offset as epoch seconds; raises `ConfigError`."""
    try:
        moment = dt.datetime.fromisoformat(text)
    except ValueError:
        moment = None
    if moment is None or moment.tzinfo is None:
        detail = f"{text!r} is not a date, time and offset"
        fix = "write it like 2026-12-01T09:00:00+08:00"
        raise ConfigError("A moment cannot be read", detail, fix=fix)
    return moment.timestamp()


def start_of(options: GlobalOptions, endpoint: Endpoint) -> float | None:
    """Return the moment that a command starts at; None for the machine's own.

    `--now` is for trying things out: where real phones could ring it raises `ConfigError`.
    """
    if options.now is None:
        return endpoint.now
    if not endpoint.sandboxed:
        detail = f"{endpoint.address} delivers to real phones at the real time"
        fix = "take --now (or PUSHCTL_NOW) away"
        raise ConfigError("--now is only for a sandbox", detail, fix=fix)
    return instant(options.now)
