"""Time as a lease needs it: it goes on while the machine, or this process, is asleep."""

from __future__ import annotations

import time

from pushctl.portable import uptime as uptime


def sleep(seconds: float) -> None:
    """Wait, for an engine or for somebody else."""
    time.sleep(seconds)
