"""Hours of the day: HH:MM-HH:MM, always or never."""

from __future__ import annotations

import re
from datetime import datetime, timedelta, tzinfo
from functools import cache

_HOURS = re.compile(r"([01]\d|2[0-3]):([0-5]\d)-(?:([01]\d|2[0-3]):([0-5]\d)|24:00)", re.ASCII)
_DAY = 24 * 60


def next_within(hours: str, ms: int, zone: tzinfo) -> int | None:
    """Returns the first moment within the hours from `ms` on, None if there is none.

    Moments are epoch milliseconds. Raises ValueError.
    """
    start, length = parse(hours)
    if not length:
        return None
    now = datetime.fromtimestamp(ms / 1000, zone)
    minute = now.hour * 60 + now.minute
    if (minute - start) % _DAY < length:
        return ms
    begin = now.replace(hour=start // 60, minute=start % 60, second=0, microsecond=0)
    return round((begin + timedelta(days=minute > start)).timestamp() * 1000)


@cache
def parse(hours: str) -> tuple[int, int]:
    """Returns the minute of the day at which they begin and how many there are, or ValueError."""
    if hours in ("always", "never"):
        return 0, _DAY if hours == "always" else 0
    found = _HOURS.fullmatch(hours)
    if found is None:
        raise ValueError("write hours as 08:00-23:00, or always, or never")
    start = int(found[1]) * 60 + int(found[2])
    length = (int(found[3] or 24) * 60 + int(found[4] or 0) - start) % _DAY
    if not length:
        raise ValueError("hours that end when they begin: write always or never")
    return start, length
