"""Time as a lease needs it: it goes on while the machine, or this process, is asleep."""

from __future__ import annotations

import time


def uptime() -> float:
    """Return seconds since some moment in the past; nobody can set this clock."""
    return time.clock_gettime(getattr(time, "CLOCK_BOOTTIME", time.CLOCK_MONOTONIC))


def sleep(seconds: float) -> None:
    """Wait, for an engine or for somebody else."""
    time.sleep(seconds)
