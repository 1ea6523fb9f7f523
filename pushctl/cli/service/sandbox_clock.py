"""What the clock of a sandbox shows, and how its data file or its address is asked."""

from __future__ import annotations

import contextlib
import datetime as dt
import json
import time
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from msgspec import Struct

from pushctl.mpaas.endpoint import is_local, normalized
from pushctl.text import timestamps

PATIENCE = 2.0
"""Seconds that a sandbox on this machine gets to tell its time."""

LATEST = 32_000_000_000.0
"""Epoch seconds; no sandbox shows the year 3000."""

ODD = (OSError, ValueError, KeyError, TypeError, RecursionError)
"""What comes of reading something that is no clock."""


class SandboxClock(Struct, frozen=True):
    """What a sandbox's clock showed (epoch seconds), and how fast it runs: 0 stands still."""

    now: float
    speed: float

    def text(self, zone: dt.tzinfo) -> str:
        """Say what it shows in a zone, and whether it moves."""
        runs = "runs" if self.speed == 1 else f"runs at {self.speed:g} times real time"
        moves = runs if self.speed else "stands still"
        return f"{timestamps.moment(int(self.now), zone)}, {moves}"


def line_of(clock: SandboxClock | None, zone: dt.tzinfo) -> str:
    """Return the first line of what people read by a sandbox's clock; without one, no line."""
    return f"Sandbox clock: {clock.text(zone)}.\n" if clock else ""


def fields_of(clock: SandboxClock | None, zone: dt.tzinfo) -> dict[str, Any]:
    """Return the same as fields of a JSON object, with the names of `GET /_sandbox/clock`."""
    if clock is None:
        return {}
    now = timestamps.iso(int(clock.now), zone)
    return {"sandbox_clock": {"now": now, "frozen": not clock.speed, "speed": clock.speed}}


def of_data(data: Path) -> SandboxClock | None:
    """Read the clock of a data file, without a sandbox; None if it has none to tell."""
    from pushctl.sandbox.sandbox import clock_of  # noqa: PLC0415  (few folders have a sandbox)

    if data.is_symlink() or data.parent.is_symlink():
        return None
    with contextlib.suppress(*ODD):
        found = clock_of(data)
        return _plausible(found.now(time.time()), found.speed)
    return None


def of_address(address: str) -> SandboxClock | None:
    """Ask a service for its time; None if it is no sandbox of ours, on this machine."""
    import http.client  # noqa: PLC0415  (most commands ask nobody)

    parts = urlsplit(normalized(address) or "")
    if parts.scheme != "http" or not is_local(address):
        return None
    with contextlib.suppress(*ODD, http.client.HTTPException):
        with contextlib.closing(http.client.HTTPConnection(parts.netloc, timeout=PATIENCE)) as line:
            line.request("GET", "/_sandbox/clock")
            answer = line.getresponse()
            shown = json.loads(answer.read(65536)) if answer.status == 200 else {}
        return _plausible(float(shown["epoch"]), float(shown["speed"]))
    return None


def _plausible(now: float, speed: float) -> SandboxClock | None:
    return SandboxClock(now, speed) if 0 <= now < LATEST and 0 <= speed < LATEST else None
