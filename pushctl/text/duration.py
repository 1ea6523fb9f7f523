"""Durations in seconds: read from a manifest, written for it and for people."""

from __future__ import annotations

from pushctl.text.regex import regex

UNITS = {"s": 1, "m": 60, "h": 3600, "d": 86400}
_DURATION = regex(r"([0-9]{1,9})([smhd])")


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


def duration(seconds: int) -> str:
    """Write a duration as a manifest does, never longer than it is: `90m`, `2h`, `45s`."""
    for unit, size in (("d", 86400), ("h", 3600), ("m", 60)):
        if seconds >= size and (seconds % size == 0 or seconds >= 4 * size):
            return f"{seconds // size}{unit}"
    return f"{seconds}s"


def span(seconds: float) -> str:
    """Write a duration for people by its two largest units: `30 d 15 h`, `12 min`, `45 s`."""
    rest = max(0, int(seconds))
    parts: list[str] = []
    for unit, size in (("d", 86400), ("h", 3600), ("min", 60), ("s", 1)):
        count, rest = divmod(rest, size)
        if count:
            parts.append(f"{count} {unit}")
    return " ".join(parts[:2]) or "0 s"
