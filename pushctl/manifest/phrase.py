"""A schedule typed on one line: `every mon,wed at 20:00 from 2026-12-01 until 2026-12-31`. Pure."""

from __future__ import annotations

import datetime as dt
import re

from pushctl.core.recurrence import Recurrence
from pushctl.core.rule import Freq, Rule, Weekday
from pushctl.core.schedule import OneShot
from pushctl.manifest.times import EVERY_WEEKDAY, instant_of

_EVERY = re.compile(
    r"every (?P<days>\S+) at (?P<time>\S+)(?: from (?P<first>\S+))?(?: until (?P<last>\S+))?"
)
_ONCE = re.compile(r"at (?P<at>\S+)")


class PhraseError(ValueError):
    """The phrase is not one that this language has."""


def parse(phrase: str, zone: dt.tzinfo) -> OneShot | Recurrence:
    """Read a phrase as meant in a zone; raises `PhraseError` or `TimeError`."""
    words = " ".join(phrase.split())
    once = _ONCE.fullmatch(words)
    if once is not None:
        return OneShot(instant_of(once["at"], zone))
    every = _EVERY.fullmatch(words)
    if every is None:
        raise PhraseError(f"{phrase!r} is neither `at MOMENT` nor `every DAYS at TIME`")
    times = (_time(every["time"]),)
    return Recurrence(_days(every["days"]), times, zone, _day(every["first"]), _day(every["last"]))


def _days(text: str) -> Rule:
    if text == "day":
        return Rule(Freq.DAILY)
    if text == "weekday":
        return Rule(Freq.WEEKLY, by_day=tuple(Weekday(day) for day in range(1, 6)))
    names = text.lower().split(",")
    if all(name in EVERY_WEEKDAY for name in names):
        on = sorted({EVERY_WEEKDAY[name] for name in names})
        return Rule(Freq.WEEKLY, by_day=tuple(Weekday(day) for day in on))
    if all(name.isascii() and name.isdigit() and 1 <= int(name) <= 31 for name in names):
        return Rule(Freq.MONTHLY, by_month_day=tuple(sorted({int(name) for name in names})))
    raise PhraseError(f"{text!r} is neither `day`, weekdays like `mon,wed`, nor days like `1,15`")


def _time(text: str) -> dt.time:
    try:
        if re.fullmatch(r"\d\d:\d\d(:\d\d)?", text):
            return dt.time.fromisoformat(text)
    except ValueError:
        pass
    raise PhraseError(f"{text!r} is not a time of day; write it like 09:45")


def _day(text: str | None) -> dt.date | None:
    try:
        return None if text is None else dt.date.fromisoformat(text)
    except ValueError as error:
        raise PhraseError(f"{text!r} is not a day; write it like 2026-12-24") from error
