"""What was most likely meant: names, dates, times and durations that are nearly right. Pure."""

from __future__ import annotations

import difflib
import heapq
import re
from collections.abc import Iterable

_MEANT = {
    "content": "body",
    "text": "body",
    "subject": "title",
    "uri": "open",
    "link": "open",
    "url": "open",
    "repeat": "every",
    "interval": "every",
    "recurrence": "rrule",
    "except": "skip",
    "exclude": "skip",
    "holidays": "skip",
    "time": "at",
    "date": "at",
    "start": "from",
    "end": "until",
    "tz": "timezone",
    "targets": "to",
    "target": "to",
    "recipients": "to",
    "when": "schedule",
    "expiry": "expires_after",
    "ttl": "expires_after",
    "params": "extras",
    "audience": "users_from",
    "variables": "vars",
    "env": "environments",
    "includes": "include",
}
_DATE = re.compile(r"([0-9]{4})[-/.]([0-9]{1,2})[-/.]([0-9]{1,2})")
_TIME = re.compile(r"([0-9]{1,2}):([0-9]{2})(?::([0-9]{2}))?")


LONGEST_WORD = 120
MOST_WORDS = 500


def closest(word: str, words: Iterable[str]) -> str | None:
    """Return the word that was most likely meant.

    Comparing takes its time: very long words are not compared, and of very many not all.
    """
    if len(word) > LONGEST_WORD:
        return None
    near = heapq.nsmallest(MOST_WORDS, (item for item in words if len(item) <= LONGEST_WORD))
    found = difflib.get_close_matches(word, near, n=1, cutoff=0.6)
    return found[0] if found else None


_SAME_VALUE = frozenset(
    {"content", "text", "subject", "tz", "start", "end", "expiry", "variables", "env", "includes"}
)
"""Other names of fields whose value is written in the same way."""


def certain(word: str, guess: str) -> bool:
    """Tell whether a word was surely meant by another: a slip, not another word."""
    plain, other = (item.lower().replace("-", "_") for item in (word, guess))
    if plain == other or (plain in _SAME_VALUE and _MEANT[plain] == guess):
        return True
    turned = len(plain) > 3 and sorted(plain) == sorted(other)
    return turned or difflib.SequenceMatcher(None, plain, other).ratio() >= 0.8


def meant(word: str, known: Iterable[str]) -> str | None:
    """Return the field that was most likely meant: one of another name, or of nearly the same."""
    fields = list(known)
    other = _MEANT.get(word.lower())
    return other if other in fields else closest(word.lower(), fields)


def day(value: str) -> str | None:
    """Return the date that a text begins with, as it has to be written."""
    found = _DATE.match(value)
    if found is None or not 1 <= int(found[2]) <= 12 or not 1 <= int(found[3]) <= 31:
        return None
    return f"{found[1]}-{int(found[2]):02}-{int(found[3]):02}"


def clock(value: str) -> str | None:
    """Return the time of day that a text begins with, as it has to be written."""
    found = _TIME.match(value)
    if found is None or int(found[1]) > 23 or int(found[2]) > 59 or int(found[3] or 0) > 59:
        return None
    return f"{int(found[1]):02}:{found[2]}" + (f":{found[3]}" if found[3] else "")


def repaired(kind: str, value: str) -> str | None:
    """Return what was most likely meant by a time that is not written well."""
    date, text = day(value), value.strip()
    if kind == "duration":
        found = re.fullmatch(r"([0-9]{1,9}) *(s|m|h|d)[a-z]*", text.lower())
        return f"{int(found[1])}{found[2]}" if found and int(found[1]) else None
    if kind in ("date", "skip") and date and _DATE.fullmatch(text):
        return date
    if kind in ("time", "at") and _TIME.fullmatch(text) and (time := clock(text)):
        return f'"{time}"'
    if kind in ("moment", "at") and date:
        rest = _DATE.sub("", text, count=1).lstrip("Tt ")
        found = _TIME.match(rest)
        time = clock(rest)
        offset = rest[found.end() :].strip() if found else "?"
        if time and re.fullmatch(r"(?:[Zz]|[+-][0-9]{2}:[0-9]{2})?", offset):
            return f"{date}T{time}{offset.upper()}"
    return None
