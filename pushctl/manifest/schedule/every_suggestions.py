"""Suggestions for days that `every` does not take."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from pushctl import schemas
from pushctl.manifest.schedule import cron
from pushctl.manifest.schedule.cron import WEEKDAYS, Item, listed
from pushctl.manifest.words import WORDS
from pushctl.text.quote import quoted
from pushctl.text.regex import regex

_WEEKDAY = regex(r"\b(mon|tue|wed|thu|fri|sat|sun)(?:s|nes|r|rs|ur)?(?:days?)?\b")
_ORDINALS: dict[str, str] = WORDS["ordinals"]
_WORDS: dict[str, list[str]] = WORDS["every"]
_KINDS = "[mon, wed], [1st mon, last fri] or [1, 15, last day] (days 1 to 31)"


def suggestion(items: Sequence[Item]) -> tuple[Item, ...] | None:
    """Return the days that were most likely meant; None if that is not clear."""
    unique = tuple(dict.fromkeys(better for item in items for better in _alternatives(item)))
    kinds = {_kind(item) for item in unique}
    if len(kinds) != 1 or None in kinds or (len(unique) > 1 and kinds == {"alone"}):
        return None
    return unique


def fix_for(items: Sequence[Item]) -> str:
    """Say what to write instead of days that cannot be used."""
    if _is_cron(items):
        return cron.translated(str(items[0]))
    if better := suggestion(items):
        return f"write {listed(better)}"
    if _mixed(items):
        return f"keep one kind of days, such as {_KINDS}; another kind needs a push of its own"
    return f"write day, weekday, 2 weeks, {_KINDS}"


def wrong(items: Sequence[Item]) -> str:
    """Say in a sentence why days cannot be used: one word, or a list of them."""
    if _is_cron(items):
        return f"{_quoted(items)} looks like cron, which is not read here."
    if _mixed(items):
        return f"{_quoted(items)} mixes kinds of days; a list holds one kind only."
    strange = [item for item in items if _kind(item) in (None, "alone")]
    if len(items) == 1 and _kind(strange[0]) == "alone":
        return f"{_quoted(strange)} stands alone, not in a list."
    if suggestion(strange[:1]) is not None:
        return f"{_quoted(strange[:1])} is not written as it has to be."
    return f"{_quoted(strange[:1])} says no days that could be repeated."


def _quoted(items: Sequence[Item]) -> str:
    return quoted(", ".join(map(str, items)))


def _mixed(items: Sequence[Item]) -> bool:
    """Tell whether all items are days, but of different kinds."""
    kinds = {_kind(item) for item in items}
    return len(items) > 1 and None not in kinds and (len(kinds) > 1 or "alone" in kinds)


def _kind(item: Item) -> str | None:
    """Say what kind of days an item is; `alone` is what stands in no list."""
    if item == "last day" or isinstance(item, int):
        return "days" if item == "last day" or item in range(1, 32) else None
    if item in WEEKDAYS:
        return "weekdays"
    if schemas.matches("nth_weekday", item):
        return "nth weekdays"
    if schemas.matches("nth_workday", item):
        return "nth workdays"
    return "alone" if schemas.matches("every_word", item) else None


def _alternatives(item: Item) -> Iterator[Item]:
    """Yield what one item stands for: itself, something better, or several."""
    if isinstance(item, int) or _kind(item) is not None:
        yield item
        return
    words = " ".join(_ORDINALS.get(word, word) for word in item.lower().split())
    words = _WEEKDAY.sub(r"\1", words.removeprefix("every "))
    words = re.sub(r"\b(?:working|business|work)[ -]?day(s?)\b", r"workday\1", words)
    words = re.sub(r"^([0-9]+) (day|week|month)$", r"\1 \2s", words)
    parts = [part for part in re.split(r" ?[,;/&+] ?| and ", words) if part]
    if len(parts) < 2 and all(part in WEEKDAYS for part in words.split()):
        parts = words.split()
    if words in _WORDS:
        yield from _WORDS[words]
    elif (number := re.fullmatch(r"([0-9]{1,2})(?:st|nd|rd|th)?", words)) is not None:
        yield int(number[1])
    elif len(parts) > 1:
        for part in parts:
            yield from _alternatives(part)
    else:
        yield words


def _is_cron(items: Sequence[Item]) -> bool:
    return len(items) == 1 and isinstance(items[0], str) and cron.is_cron(items[0])
