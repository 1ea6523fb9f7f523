"""Cron, which no manifest takes, said in the words of `every` and `at`."""

from __future__ import annotations

import re
from collections.abc import Sequence

from pushctl.text.regex import regex

Item = str | int
"""An item of `every`: `mon`, `last fri` or `2 weeks`, or a day of the month."""

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")

_MOST_TIMES = 100
"""The times of day that one schedule may have, `$defs/times` of the schema."""
_CRON = regex(r"(?:[0-9*/,?LW#-]+|[A-Z]{3}(?:[,-][A-Z]{3})*)", re.IGNORECASE)
_NICKNAMES = {
    "@daily": "0 0 * * *", "@midnight": "0 0 * * *",
    "@weekly": "0 0 * * 0", "@monthly": "0 0 1 * *",
}  # fmt: skip


def listed(items: Sequence[Item]) -> str:
    """Write days as a manifest has them: `weekday`, `[mon, wed]`."""
    if len(items) == 1 and isinstance(items[0], str):
        return items[0]
    return f"[{', '.join(map(str, items))}]"


def is_cron(text: str) -> bool:
    """Tell whether a text looks like the fields of cron."""
    fields = text.split()
    if len(fields) == 1:
        return re.fullmatch(r"@[a-z]+", text.strip()) is not None
    return len(fields) in (5, 6) and "*" in text and all(map(_CRON.fullmatch, fields))


def translated(text: str, *, phrase: bool = False) -> str:
    """Say in our words what simple fields of cron mean; an example for the others."""
    known = _cron(text)
    days, times = known or (["mon", "wed"], ["09:45"])
    what = "write" if known else "write days and times, such as"
    if phrase:
        return f"{what}: every {','.join(map(str, days))} at {','.join(times)}"
    each = [f'"{time}"' for time in times]
    at = each[0] if len(each) == 1 else f"[{', '.join(each)}]"
    return f"{what} `every: {listed(days)}` and `at: {at}`"


def _cron(text: str) -> tuple[Sequence[Item], list[str]] | None:
    fields = _NICKNAMES.get(text.strip(), text).split()
    if len(fields) != 5 or fields[3] != "*":
        return None
    minutes, hours = _numbers(fields[0], range(60)), _numbers(fields[1], range(24))
    times = [f"{hour:02}:{minute:02}" for hour in hours for minute in minutes]
    days = _cron_days(fields[2], fields[4])
    return (days, times) if days and 0 < len(times) <= _MOST_TIMES else None


def _cron_days(month_days: str, weekdays: str) -> Sequence[Item]:
    if month_days in "*?" and weekdays in "*?":
        return ["day"]
    if weekdays in "*?":
        return _numbers(month_days, range(1, 32))
    if month_days not in "*?":
        return []
    named = re.sub("[a-z]{3}", _number_of, weekdays.lower())
    days = sorted({(number - 1) % 7 for number in _numbers(named, range(8))})
    return ["weekday"] if days == list(range(5)) else [WEEKDAYS[day] for day in days]


def _number_of(match: re.Match[str]) -> str:
    return str(WEEKDAYS.index(match[0]) + 1) if match[0] in WEEKDAYS else "?"


def _numbers(field: str, known: range) -> list[int]:
    """Read a field such as `1,3-5`; empty for all others."""
    found: set[int] = set()
    for part in field.split(","):
        span = re.fullmatch(r"([0-9]{1,2})(?:-([0-9]{1,2}))?", part)
        if span is None:
            return []
        found |= set(range(int(span[1]), int(span[2] or span[1]) + 1))
    return sorted(found) if found <= set(known) else []
