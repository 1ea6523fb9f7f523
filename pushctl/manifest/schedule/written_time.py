"""Dates and times as people write them: `24.12.2026 20:00`, `Dec 24 8pm`, `12月24日晚上8点`."""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from collections.abc import Iterator
from typing import NamedTuple

LONGEST = 60
"""Characters of a text that is looked at."""

NO_YEAR = "YYYY"
"""Stands for the year of a date that names none."""

_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_MONTH = (
    "(?P<month>jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|"
    r"sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)\b\.?"
)
_Y, _M, _D = "(?P<year>[0-9]{4})", "(?P<month>[0-9]{1,2})", "(?P<day>[0-9]{1,2})"
_EITHER = re.compile(rf"(?<![0-9]){_D}([-/.]){_M}\2{_Y}(?![0-9:])")
_DATES = (
    _EITHER,  # nobody knows whether the day or the month comes first
    re.compile(rf"(?<![0-9]){_Y}([-/.]){_M}\2{_D}(?![0-9:])"),
    re.compile(rf"(?:{_Y} ?年 ?)?(?<![0-9]){_M} ?月 ?{_D} ?[日号號]"),
    re.compile(rf"\b{_MONTH} ?{_D}(?:st|nd|rd|th)?\b(?:,? ?{_Y})?(?![0-9:])"),
    re.compile(rf"(?<![0-9]){_D}(?:st|nd|rd|th)?[ -]?{_MONTH}(?:[-, ]{{1,2}}{_Y})?(?![0-9:])"),
)
_PARTS = {
    "am": range(12), "pm": range(12, 24), "凌晨": range(6), "早上": range(4, 12),
    "上午": range(5, 13), "中午": range(11, 15), "下午": range(12, 19), "晚上": range(17, 24),
}  # fmt: skip
"""Parts of the day, and the hours that they have."""
_TIME = re.compile(
    r"(?P<part>凌晨|早上|上午|中午|下午|晚上)? ?(?<![0-9:])(?P<hour>[0-9]{1,2})"
    r"(?:(?P<word> ?[点點时時]) ?(?:(?P<minutes>[0-9]{1,2}) ?分?|(?P<half>半)|整|钟)?"
    r"|:(?P<minute>[0-9]{2})(?P<second>:[0-9]{2})?(?:[.,]0{1,9})?)?(?: ?(?P<noon>[ap])\.?m\b\.?)?"
    r"(?: ?(?P<offset>(?:utc|gmt)?[+-][0-9]{2}:?(?:[0-9]{2})?|z|utc|gmt))?(?![0-9a-z:.+-])"
)
_BETWEEN = re.compile(r"(?:[ ,]|\b(?:t|at|on|um)\b)*")


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
    days = () if date is None else tuple(_days(date))
    rest = rest if date is None else f"{rest[: date.start()]} {rest[date.end() :]}"
    time = next(_clocks(rest), None)
    times = () if time is None else tuple(_times(time))
    rest = rest if time is None else f"{rest[: time.start()]} {rest[time.end() :]}"
    if _BETWEEN.fullmatch(rest) is None or (date and not days) or (time and not times):
        return Written((), (), "")
    return Written(days, times, _offset(time["offset"]) if time and time["offset"] else "")


def times_in(text: str) -> set[str]:
    """Return the times of day that stand somewhere in a text."""
    return {time for found in _clocks(_plain(text[:LONGEST])) for time in _times(found)}


def _plain(text: str) -> str:
    return unicodedata.normalize("NFKC", text).casefold().strip()


def _days(date: re.Match[str]) -> Iterator[str]:
    name, day = date["month"], int(date["day"])
    month = _MONTHS.index(name[:3]) + 1 if name.isalpha() else int(name)
    pairs = ((month, day), (day, month)) if date.re is _EITHER else ((month, day),)
    for pair in dict.fromkeys(pairs):
        try:
            found = dt.date(int(date["year"] or 2000), *pair).isoformat()
        except ValueError:
            continue
        yield found if date["year"] else NO_YEAR + found[4:]


def _clocks(text: str) -> Iterator[re.Match[str]]:
    """Yield what says a time of day, and is no mere number."""
    found = _TIME.finditer(text)
    return (one for one in found if one["word"] or one["minute"] or one["noon"])


def _times(found: re.Match[str]) -> Iterator[str]:
    minute = "30" if found["half"] else found["minutes"] or found["minute"] or "00"
    for hour in _hours(found):
        time = f"{hour:02}:{minute:>02}{found['second'] or ''}"
        if re.fullmatch("([01][0-9]|2[0-3])(:[0-5][0-9]){1,2}", time):
            yield time


def _hours(found: re.Match[str]) -> tuple[int, ...]:
    """Return the hours that a number may mean; 8点 alone is either half of the day."""
    hour = int(found["hour"])
    both = (hour, 0 if hour == 12 else hour + 12)
    if part := f"{found['noon']}m" if found["noon"] else found["part"]:
        return tuple(one for one in both if one in _PARTS[part])
    twice = found["word"] and found["hour"][0] != "0" and hour <= 12
    return both if twice else (hour,)


def _offset(text: str) -> str:
    digits = re.sub("[^0-9+-]", "", text)
    return f"{digits[:3]}:{digits[3:] or '00'}" if digits else "Z"
