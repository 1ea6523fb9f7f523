"""The clock that a command goes by: the machine's, or the one of a sandbox."""

from __future__ import annotations

import datetime as dt
import threading
import time

from pushctl.cli.global_options import GlobalOptions
from pushctl.cli.service import sandbox_clock
from pushctl.cli.service.endpoint import EMBEDDED, SANDBOX_DATA, Endpoint
from pushctl.cli.service.sandbox_clock import SandboxClock
from pushctl.cli.signals import wait
from pushctl.errors import ConfigError
from pushctl.portable import uptime


class CommandClock:
    """Epoch seconds from a starting point on; sleeping ends early when somebody asks to stop.

    The machine's clock is read once: that it is set meanwhile changes nothing for a command. It
    goes on at the machine's pace even if `sandbox`, where it started, stands still.
    """

    def __init__(
        self, start: float | SandboxClock | None = None, stop: threading.Event | None = None
    ) -> None:
        """Start at an instant (epoch seconds), where a sandbox is, or at the machine's present."""
        self.sandbox = start if isinstance(start, SandboxClock) else None
        at = start.now if isinstance(start, SandboxClock) else start
        self._offset = (time.time() if at is None else at) - uptime()
        self._stop = stop or threading.Event()

    def now(self) -> float:
        """See `pushctl.clock.Clock`."""
        return uptime() + self._offset

    def sleep(self, seconds: float) -> None:
        """See `pushctl.clock.Clock`."""
        wait(self._stop, seconds)


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


def clock_of(
    options: GlobalOptions, endpoint: Endpoint, stop: threading.Event | None = None
) -> CommandClock:
    """Return the clock of a command that talks to a service: by `--now`, else as a sandbox's.

    `--now` is for trying things out: where real phones could ring it raises `ConfigError`.
    """
    if options.now is None:
        return CommandClock(endpoint.clock or sandbox_clock.of_address(endpoint.address), stop)
    if not endpoint.sandboxed:
        detail = f"{endpoint.address} delivers to real phones at the real time"
        fix = "take --now (or PUSHCTL_NOW) away"
        raise ConfigError("--now is only for a sandbox", detail, fix=fix)
    return CommandClock(instant(options.now), stop)


def offline_clock(options: GlobalOptions, address: str, born: str | None = None) -> CommandClock:
    """Return what `clock_of` would, without making or starting a sandbox.

    An embedded one that is not there yet will stand still at `born`, if that says a moment.
    """
    if options.now is not None:
        return CommandClock(instant(options.now))
    if address != EMBEDDED:
        return CommandClock(sandbox_clock.of_address(address))
    data = options.folder / SANDBOX_DATA
    found = sandbox_clock.of_data(data) if data.exists() else None
    unborn = SandboxClock(instant(born), 0) if born is not None else None
    return CommandClock(found or unborn)
