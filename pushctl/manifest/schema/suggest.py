"""Suggestions for names, dates, times and durations that are nearly right."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable

from pushctl.manifest.schedule import written_time
from pushctl.manifest.schedule.written_time import NO_YEAR
from pushctl.text.suggest import closest

_SAME_VALUE = {
    "content": "body", "text": "body", "subject": "title", "start": "from", "end": "until",
    "tz": "timezone", "expiry": "expires_after", "variables": "vars", "env": "environments",
    "includes": "include",
}  # fmt: skip
"""Other names of fields, whose value is written in the same way."""
_ALIASES = _SAME_VALUE | {
    "uri": "open", "link": "open", "url": "open", "repeat": "every", "interval": "every",
    "recurrence": "rrule", "except": "skip", "exclude": "skip", "holidays": "skip",
    "time": "at", "date": "at", "when": "schedule", "targets": "to", "target": "to",
    "recipients": "to", "audience": "users_from", "ttl": "expires_after", "params": "extras",
}  # fmt: skip

_DURATION = re.compile(
    "([0-9]{1,9}) *(?:(s)(?:ec(?:ond)?s?)?|(m)(?:in(?:ute)?s?)?|(h)(?:(?:ou)?rs?)?|(d)(?:ays?)?)"
)


def field(word: str, known: Iterable[str]) -> str | None:
    """Return the field that goes by another name, or the closest match."""
    fields = list(known)
    alias = _ALIASES.get(word.lower())
    return alias if alias in fields else closest(word.lower(), fields)


def certain(word: str, guess: str) -> bool:
    """Tell whether a suggestion can be written without asking: for a typo, not another word."""
    plain, other = (item.lower().replace("-", "_") for item in (word, guess))
    if plain == other or _SAME_VALUE.get(plain) == guess:
        return True
    swapped = len(plain) > 3 and sorted(plain) == sorted(other)
    return swapped or difflib.SequenceMatcher(None, plain, other).ratio() >= 0.8


def readings(kind: str, value: str) -> tuple[str, ...]:
    """Return what a date, time or duration may mean, as it has to be written.

    `kind` is the schema's `x-kind`. Empty if a word of it is not understood.
    """
    if kind == "duration":
        found = _DURATION.fullmatch(value.strip().lower())
        return (f"{int(found[1])}{found[found.lastindex or 1]}",) if found and int(found[1]) else ()
    days, times, offset = written = written_time.read(value)
    if kind in ("date", "skip"):
        return () if times else days
    if kind in ("time", "at") and not days:
        return () if offset else tuple(f'"{time}"' for time in times)
    return written.moments if kind in ("moment", "at") else ()


def repaired(kind: str, value: str) -> str | None:
    """Return the one thing that a date, time or duration can mean."""
    found = readings(kind, value)
    return found[0] if len(found) == 1 and NO_YEAR not in found[0] else None


def asked(found: Iterable[str]) -> str:
    """Say what to write for a value, or ask where it can mean several things."""
    options = tuple(found)
    if NO_YEAR in options[0]:
        return f"write it with its year: {' or '.join(options)}"
    return f"write {options[0]}" if len(options) == 1 else f"did you mean {' or '.join(options)}?"
