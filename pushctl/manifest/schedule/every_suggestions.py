"""What was most likely meant by days that `every` does not know, and what to write instead. Pure.

Manifests write a list as `[mon, wed]`, phrases as `mon,wed`; the rest is the same.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence

from pushctl.manifest.schema import patterns

Item = str | int

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")

_WEEKDAY = re.compile(r"\b(mon(?!th)|tue|wed|thu|fri|sat|sun)[a-z]*")
_RANGE = re.compile(r"(mon|tue|wed|thu|fri|sat|sun) ?(?:-|to) ?(mon|tue|wed|thu|fri|sat|sun)")
_ORDINALS = {"first": "1st", "second": "2nd", "third": "3rd", "fourth": "4th", "fifth": "5th"}
_NUMBERS = {
    "one": "1", "two": "2", "three": "3", "four": "4", "five": "5", "six": "6", "twelve": "12",
}  # fmt: skip
_WORDS: dict[str, tuple[Item, ...]] = {
    "daily": ("day",),
    "1 day": ("day",),
    "1 days": ("day",),
    "weekdays": ("weekday",),
    "workday": ("weekday",),
    "workdays": ("weekday",),
    "weekend": ("sat", "sun"),
    "weekends": ("sat", "sun"),
    "biweekly": ("2 weeks",),
    "fortnight": ("2 weeks",),
    "quarter": ("3 months",),
    "quarterly": ("3 months",),
    "1st day": (1,),
    "last day of month": ("last day",),
    "last day of the month": ("last day",),
    "end of month": ("last day",),
}

LONGEST = 60
"""How many characters of a wrong text are shown."""

_PERIODS = {
    "week": "write the weekday, such as {mon}",
    "month": "write the day of the month, such as {first} for the first",
    "year": "write 12 months, with the first day in `from`",
    "hour": "write {day}, with the times in `at`: {times}",
    "minute": "write {day}, with the times in `at`: {times}",
}
_PERIOD = re.compile(r"(?:1 )?(week|month|year|hour|minute)s?|(week|month|year|hour)ly|(annual)ly")
_YEARS = re.compile(r"([2-9]|[1-7][0-9]|8[0-3]) years?")

KINDS = "{weekdays}, {places} or {days} (days 1 to 31)"


def listed(items: Sequence[Item], *, phrase: bool) -> str:
    """Write days as `every` takes them: `weekday`, `[mon, wed]`; in a phrase `mon,wed`."""
    if phrase:
        return ",".join(map(str, items))
    if len(items) == 1 and isinstance(items[0], str):
        return items[0]
    return f"[{', '.join(map(str, items))}]"


def meant(items: Sequence[Item]) -> tuple[Item, ...] | None:
    """Return the days that were most likely meant; None if that is not clear."""
    found = [better for item in items for better in _meant(item)]
    unique = tuple(dict.fromkeys(found))
    kinds = {_kind(item) for item in unique}
    if not unique or len(kinds) > 1 or None in kinds or (len(unique) > 1 and kinds == {"alone"}):
        return None
    return unique


def instead(items: Sequence[Item], *, phrase: bool = False) -> str:
    """Say what to write instead of days that cannot be used."""
    if _of_cron(items):
        return cron_instead(str(items[0]), phrase=phrase)
    better = meant(items)
    if better is not None:
        return f"write {listed(better, phrase=phrase)}"
    words = {
        "mon": "mon",
        "day": "day",
        "first": listed([1], phrase=phrase),
        "times": "09:00,10:00" if phrase else '["09:00", "10:00"]',
        "weekdays": listed(["mon", "wed"], phrase=phrase),
        "places": listed(["1st mon", "last fri"], phrase=phrase),
        "days": listed([1, 15, "last day"], phrase=phrase),
    }
    if mixed(items):
        text = f"keep one kind of days, such as {KINDS}; another kind needs a push of its own"
        return text.format(**words)
    if len(items) == 1 and (period := _PERIOD.fullmatch(_plain(str(items[0])))) is not None:
        return _PERIODS[period[1] or period[2] or "year"].format(**words)
    return f"write day, weekday, 2 weeks, {KINDS}".format(**words)


def wrong(items: Sequence[Item]) -> str:
    """Say in a sentence why days cannot be used: one word, or a list of them."""
    if _of_cron(items):
        return f"{_quoted(items)} looks like cron, which is not read here."
    if mixed(items):
        return f"{_quoted(items)} mixes kinds of days; a list holds one kind only."
    strange = [item for item in items if _kind(item) in (None, "alone")]
    if len(items) == 1 and _kind(strange[0]) == "alone":
        return f"{_quoted(strange)} stands alone, not in a list."
    if meant(strange[:1]) is not None:
        return f"{_quoted(strange[:1])} is not written as it has to be."
    return f"{_quoted(strange[:1])} says no days that could be repeated."


def _quoted(items: Sequence[Item]) -> str:
    text = ", ".join(map(str, items))
    return json.dumps(text if len(text) < LONGEST else f"{text[:LONGEST]}…", ensure_ascii=False)


def mixed(items: Sequence[Item]) -> bool:
    """Tell whether all items are days, but of different kinds."""
    kinds = {_kind(item) for item in items}
    return len(items) > 1 and None not in kinds and (len(kinds) > 1 or "alone" in kinds)


def _kind(item: Item) -> str | None:
    """Say what kind of days an item is; `alone` is what stands in no list."""
    if isinstance(item, int):
        return "days" if 1 <= item <= 31 else None
    if item == "last day":
        return "days"
    if item in WEEKDAYS:
        return "weekdays"
    if re.fullmatch(patterns.NTH_WEEKDAY, item):
        return "places"
    return "alone" if re.fullmatch(patterns.EVERY, item) else None


# --- one item -------------------------------------------------------------------------------------


def _plain(text: str) -> str:
    """Write a text in small letters and the words of `every` as far as they have others."""
    words = " ".join(_NUMBERS.get(word, _ORDINALS.get(word, word)) for word in text.lower().split())
    words = (
        words.removeprefix("every ").removeprefix("each ").removeprefix("on ").removeprefix("the ")
    )
    words = _WEEKDAY.sub(r"\1", words)
    words = re.sub(r"^other (day|week|month)$", r"2 \1s", words)
    return re.sub(r"^([0-9]+) (day|week|month)$", r"\1 \2s", words)


def _meant(item: Item) -> Iterator[Item]:
    """Yield what one item stands for: itself, something better, or several."""
    if isinstance(item, int) or _kind(item) is not None:
        yield item
        return
    words = _plain(item)
    if words in _WORDS:
        yield from _WORDS[words]
    elif (years := _YEARS.fullmatch(words)) is not None:
        yield f"{int(years[1]) * 12} months"
    elif (span := _RANGE.fullmatch(words)) is not None:
        yield from _range(span[1], span[2])
    elif _kind(words) is not None:
        yield words
    elif (day := re.fullmatch(r"(?:day )?([0-9]{1,2})(?:st|nd|rd|th)?", words)) is not None:
        yield int(day[1])
    else:
        yield from _several(words)


def _range(first: str, last: str) -> Iterator[Item]:
    start, end = WEEKDAYS.index(first), WEEKDAYS.index(last)
    days = [*WEEKDAYS, *WEEKDAYS][start : end + 1 + (7 if end < start else 0)]
    yield from ["weekday"] if days == list(WEEKDAYS[:5]) else days


def _several(words: str) -> Iterator[Item]:
    parts = [part for part in re.split(r" ?[,;/&+] ?| and ", words) if part]
    if len(parts) < 2:
        parts = words.split(" ")
        if not all(part in WEEKDAYS for part in parts):
            yield words
            return
    for part in parts:
        yield from _meant(part) if part != words else [part]


# --- cron -----------------------------------------------------------------------------------------

_CRON = re.compile(r"(?:[0-9*/,?LW#-]+|[A-Z]{3}(?:[,-][A-Z]{3})*)", re.IGNORECASE)
_FIELDS = range(5, 7)
_NICKNAMES = {
    "@daily": "0 0 * * *",
    "@midnight": "0 0 * * *",
    "@weekly": "0 0 * * 0",
    "@monthly": "0 0 1 * *",
}


def is_cron(text: str) -> bool:
    """Tell whether a text looks like the fields of cron."""
    fields = text.split()
    if len(fields) == 1:
        return re.fullmatch(r"@[a-z]+", text.strip()) is not None
    return len(fields) in _FIELDS and "*" in text and all(_CRON.fullmatch(item) for item in fields)


def cron_instead(text: str, *, phrase: bool = False) -> str:
    """Say in our words what simple fields of cron mean; an example for the others."""
    days, times = _cron(text) or (["mon", "wed"], ["09:45"])
    what = "write" if _cron(text) else "write days and times, such as"
    if phrase:
        return f"{what}: every {listed(days, phrase=True)} at {','.join(times)}"
    quoted = [f'"{time}"' for time in times]
    at = quoted[0] if len(quoted) == 1 else f"[{', '.join(quoted)}]"
    return f"{what} `every: {listed(days, phrase=False)}` and `at: {at}`"


def _cron(text: str) -> tuple[Sequence[Item], list[str]] | None:
    fields = _NICKNAMES.get(text.strip(), text).split()
    if len(fields) != 5 or fields[3] != "*":
        return None
    days, times = _cron_days(fields[2], fields[4]), _times(fields[0], fields[1])
    return (days, times) if days and times else None


def _of_cron(items: Sequence[Item]) -> bool:
    return len(items) == 1 and isinstance(items[0], str) and is_cron(items[0])


def _times(minutes: str, hours: str) -> list[str]:
    numbers = [_numbers(hours, range(24)), _numbers(minutes, range(60))]
    times = [f"{hour:02}:{minute:02}" for hour in numbers[0] for minute in numbers[1]]
    return times if len(times) <= patterns.MOST_TIMES else []


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
