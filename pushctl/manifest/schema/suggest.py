"""Suggestions for names, dates, times and durations that are nearly right."""

from __future__ import annotations

import re
from collections.abc import Iterable

from pushctl.manifest.schedule import written_time
from pushctl.manifest.schedule.written_time import NO_YEAR
from pushctl.manifest.words import WORDS
from pushctl.text.regex import regex
from pushctl.text.suggest import closest

ASKS = "did you mean"
"""What the fix begins with that a person has to decide."""
_SAME_VALUE: dict[str, str] = WORDS["same_value"]
_ALIASES: dict[str, str] = {**_SAME_VALUE, **WORDS["other_value"]}
_EVERYBODY = frozenset(
    {"all", "all users", "any", "everybody", "everyone", "*", "所有人", "全部", "全员", "所有用户"}
)
_LANGUAGES = regex(r"(?:\b[a-z]{2}(?:[-_][A-Za-z]{2,4})? ?)+")
_DURATION = regex(
    "([0-9]{1,9}) *(?:(s)(?:ec(?:ond)?s?)?|(m)(?:in(?:ute)?s?)?|(h)(?:(?:ou)?rs?)?|(d)(?:ays?)?)"
)


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
    from difflib import SequenceMatcher  # noqa: PLC0415  (only where a word is wrong)

    return swapped or SequenceMatcher(None, plain, other).ratio() >= cutoff


def sentence(word: str, guess: str) -> str:
    """Say what to write instead of a word, or ask if it is not certain."""
    return f"write `{guess}`" if certain(word, guess) else f"did you mean `{guess}`?"


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
