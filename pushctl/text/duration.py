"""The small words of the language: durations."""

from __future__ import annotations

import re

UNITS = {"s": 1, "m": 60, "h": 3600, "d": 86400}
_DURATION = re.compile(r"([0-9]{1,9})([smhd])")


def seconds(value: str | int) -> int:
    """Read a duration such as `90s`, `10m`, `12h`, `3d`, or a number of seconds.

    Raises ValueError.
    """
    if isinstance(value, int):
        return value
    if value.isascii() and value.isdigit() and len(value) < 10:
        return int(value)
    found = _DURATION.fullmatch(value)
    if found is None:
        raise ValueError(f"{value!r} is not a duration such as 90s, 10m, 12h or 3d")
    return int(found[1]) * UNITS[found[2]]
