"""Suggestions for names, dates, times and durations that are nearly right."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable

from pushctl.text.suggest import closest

ASKS = "did you mean"
"""What the fix begins with that a person has to decide."""
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

_EVERYBODY = frozenset(
    {"all", "all users", "any", "everybody", "everyone", "*", "所有人", "全部", "全员", "所有用户"}
)
_LANGUAGES = re.compile(r"(?:\b[a-z]{2}(?:[-_][A-Za-z]{2,4})? ?)+")
_DATE = re.compile(r"([0-9]{4})[-/.]([0-9]{1,2})[-/.]([0-9]{1,2})")
_DURATION = r"([0-9]{1,9}) *(s|m|h|d)(?:ec|econd|in|inute|r|our|ay)?s?"
_TIME = re.compile(r"([0-9]{1,2}):([0-9]{2})(?::([0-9]{2}))?")


def field(word: str, known: Iterable[str]) -> str | None:
    """Return the field that goes by another name, or the closest match."""
    fields = list(known)
    return alias(word) if alias(word) in fields else closest(word.lower(), fields)


def alias(word: str) -> str:
    """Return the field that goes by another name, or the word itself."""
    return _ALIASES.get(word.lower(), word)


def certain(word: str, guess: str, cutoff: float = 0.8) -> bool:
    """Tell whether a suggestion can be written without asking: for a typo, not another word."""
    plain, other = (item.lower().replace("-", "_") for item in (word, guess))
    if plain == other or _SAME_VALUE.get(plain) == guess:
        return True
    swapped = len(plain) > 3 and sorted(plain) == sorted(other)
    return swapped or difflib.SequenceMatcher(None, plain, other).ratio() >= cutoff


def sentence(word: str, guess: str) -> str:
    """Say what to write instead of a word, or ask if it is not certain."""
    return f"write `{guess}`" if certain(word, guess) else f"did you mean `{guess}`?"


def day(value: str) -> str | None:
    """Return the date that a text begins with, as `2026-12-24`."""
    found = _DATE.match(value)
    if found is None or not 1 <= int(found[2]) <= 12 or not 1 <= int(found[3]) <= 31:
        return None
    return f"{found[1]}-{int(found[2]):02}-{int(found[3]):02}"


def clock(value: str) -> str | None:
    """Return the time of day that a text begins with, as `09:45` or `09:45:11`."""
    found = _TIME.match(value)
    if found is None or int(found[1]) > 23 or int(found[2]) > 59 or int(found[3] or 0) > 59:
        return None
    return f"{int(found[1]):02}:{found[2]}" + (f":{found[3]}" if found[3] else "")


def repaired(kind: str, value: str) -> str | None:
    """Return a date, time or duration as it has to be written; `kind` is the schema's `x-kind`."""
    date, text = day(value), value.strip()
    if kind == "duration":
        found = re.fullmatch(_DURATION, text.lower())
        return f"{int(found[1])}{found[2]}" if found and int(found[1]) else None
    if kind in ("date", "skip") and date and _DATE.fullmatch(text):
        return date
    if kind in ("time", "at") and _TIME.fullmatch(text) and (time := clock(text)):
        return f'"{time}"'
    if kind in ("moment", "at") and date:
        rest = _DATE.sub("", text, count=1).lstrip("Tt ")
        offset = _TIME.sub("", rest, count=1).strip()
        if (time := clock(rest)) and re.fullmatch(r"(?:[Zz]|[+-][0-9]{2}:[0-9]{2})?", offset):
            return f"{date}T{time}{offset.upper()}"
    return None


def languages(value: object) -> bool:
    """Tell whether a value is a map of languages, such as `{zh-CN: ..., en: ...}`."""
    return isinstance(value, dict) and _LANGUAGES.fullmatch(" ".join(map(str, value))) is not None


def people(key: str, value: object) -> str | None:
    """Say how to write people who stand behind `to`, or behind a kind of target in it."""
    if not isinstance(value, str | list):
        return None
    items = (
        [x for x in re.split(r"[\s,;，、；•·–—]+", value) if x] if isinstance(value, str) else value
    )
    if len(items) == 1 and str(items[0]).lower() in _EVERYBODY:
        return "did you mean everybody? Nothing stands for them: list their ids in a `users_from`"
    kind = "users" if key == "to" else key
    listed = f"{kind}: [{', '.join(map(str, items))}]"
    if str(value).lower().endswith((".csv", ".txt", ".jsonl")):
        listed = f"{kind}_from: {value}"
    elif key != "to" and len(items) == 1:
        return None
    return f"did you mean `{f'to: {{{listed}}}' if key == 'to' else listed}`?"
