"""Dates and times as people write them: `24.12.2026 20:00`, `Dec 24 8pm`, `12月24日晚上8点`."""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from collections.abc import Iterator
from typing import NamedTuple

from pushctl.text.regex import regex

LONGEST = 60
"""Characters of a text that is looked at."""
NO_YEAR = "YYYY"
"""Stands for the year of a date that names none."""

_NAMES = "january february march april may june july august september october november december"
_MONTHS = {name[:3]: at for at, name in enumerate(_NAMES.split(), 1)}
_MONTH = "|".join(f"{name[:3]}(?:{name[3:]})?" for name in _NAMES.split())
_Y, _M, _D = "(?P<year>[0-9]{4})", "(?P<month>[0-9]{1,2})", "(?P<day>[0-9]{1,2})"
_DATES = tuple(
    regex(rf"(?<![0-9]){pattern}(?:(?<=[日号號])|(?![0-9:]))")
    for pattern in (
        rf"{_D}(?P<either>[-/.]){_M}(?P=either){_Y}",  # or the month comes first
        rf"{_Y}([-/.]){_M}\2{_D}",
        rf"(?:{_Y} ?年 ?)?{_M} ?月 ?{_D} ?[日号號]",
        rf"\b(?P<month>{_MONTH})\b\.? ?{_D}(?:st|nd|rd|th)?\b(?:,? ?{_Y})?",
        rf"{_D}(?:st|nd|rd|th)?[ -]?(?P<month>{_MONTH})\b\.?(?:[-, ]{{1,2}}{_Y})?",
    )
)
_PARTS = {
    "am": range(12), "pm": range(12, 24), "凌晨": range(6), "早上": range(4, 12),
    "上午": range(5, 13), "中午": range(11, 15), "下午": range(12, 19), "晚上": range(17, 24),
}  # fmt: skip
"""Parts of the day, and the hours that they have."""
_TIME = regex(
    r"(?P<part>凌晨|早上|上午|中午|下午|晚上)? ?(?<![0-9:])(?P<hour>[0-9]{1,2})"
    r"(?:(?P<word> ?[点點时時]) ?(?:(?P<minutes>[0-9]{1,2}) ?分?|(?P<half>半)|整|钟)?"
    r"|:(?P<minute>[0-9]{2})(?P<second>:[0-9]{2})?(?:[.,]0{1,9})?|(?= ?[ap]\.?m))"
    r"(?: ?(?P<noon>[ap])\.?m\b\.?)?"
    r"(?: ?(?:(?:utc|gmt)?(?P<offset>[+-][0-9]{2}):?(?P<rest>[0-9]{2})?|(?P<utc>z|utc|gmt)))?"
    r"(?![0-9a-z:.+-])"
)
_BETWEEN = regex(r"(?:[ ,]|\b(?:t|at|on|um)\b)*")


class Written(NamedTuple):
    """The dates, times of day and offset that a text may mean, as a manifest has them."""

    dates: tuple[str, ...]
    times: tuple[str, ...]
    offset: str

    @property
    def moments(self) -> tuple[str, ...]:
        """Return what it may mean as date and time."""
        return tuple(f"{day}T{time}{self.offset}" for day in self.dates for time in self.times)


def read(text: str) -> Written:
    """Read a text of which every word is understood; empty for all others."""
    rest = _plain(text) if len(text) <= LONGEST else "?"
    date = next((found for one in _DATES if (found := one.search(rest))), None)
    rest = rest if date is None else f"{rest[: date.start()]} {rest[date.end() :]}"
    time = _TIME.search(rest)
    rest = rest if time is None else f"{rest[: time.start()]} {rest[time.end() :]}"
    days, times = tuple(_days(date) if date else ()), tuple(_times(time) if time else ())
    if _BETWEEN.fullmatch(rest) is None or (date and not days) or (time and not times):
        return Written((), (), "")
    offset = f"{time['offset']}:{time['rest'] or '00'}" if time and time["offset"] else ""
    return Written(days, times, "Z" if time and time["utc"] else offset)


def times_in(text: str) -> set[str]:
    """Return the times of day that stand somewhere in a text."""
    return {time for found in _TIME.finditer(_plain(text[:LONGEST])) for time in _times(found)}


def _plain(text: str) -> str:
    return unicodedata.normalize("NFKC", text).casefold().strip()


def _days(date: re.Match[str]) -> Iterator[str]:
    name, day = date["month"], int(date["day"])
    month = _MONTHS[name[:3]] if name.isalpha() else int(name)
    swapped = ((day, month),) if "either" in date.re.groupindex and day != month else ()
    for pair in ((month, day), *swapped):
        try:
            found = dt.date(int(date["year"] or 2000), *pair).isoformat()
        except ValueError:
            continue
        yield found if date["year"] else NO_YEAR + found[4:]


def _times(found: re.Match[str]) -> Iterator[str]:
    """Yield what a time may mean; 8点 alone is in either half of the day."""
    minute = "30" if found["half"] else found["minutes"] or found["minute"] or "00"
    hour, part = int(found["hour"]), f"{found['noon']}m" if found["noon"] else found["part"]
    for one in (hour, 0 if hour == 12 else hour + 12):
        time = f"{one:02}:{minute:>02}{found['second'] or ''}"
        twice = found["word"] and found["hour"][0] != "0" and hour <= 12
        meant = one in _PARTS[part] if part else one == hour or twice
        if meant and re.fullmatch("([01][0-9]|2[0-3])(:[0-5][0-9]){1,2}", time):
            yield time
