"""A schedule typed on one line: `every mon,wed at 20:00 from 2026-12-01 until 2026-12-31`. Pure."""

from __future__ import annotations

import datetime as dt
import re

from pushctl.core.schedule import Every, Loop, OneShot, Schedule, local_day
from pushctl.manifest.times import EVERY_WEEKDAY, Span, in_service_zone, instant_of

_EVERY = re.compile(
    r"every (?P<days>\S+) at (?P<time>\S+)(?: from (?P<first>\S+))?(?: until (?P<last>\S+))?"
)
_ONCE = re.compile(r"at (?P<at>\S+)")


class PhraseError(ValueError):
    """The phrase is not one that this language has."""


def parse(phrase: str, wall: dt.tzinfo, service: dt.tzinfo, *, now: int, days: int) -> Schedule:
    """Read a phrase as meant in the zone `wall`, expressed in the service's zone.

    `now` is in epoch seconds and `days` is how far ahead the service goes; between the two the
    zones must keep their distance. Raises `PhraseError` or `TimeError`.
    """
    words = " ".join(phrase.split())
    once = _ONCE.fullmatch(words)
    if once is not None:
        return OneShot(instant_of(once["at"], wall))
    every = _EVERY.fullmatch(words)
    if every is None:
        raise PhraseError(f"{phrase!r} is neither `at MOMENT` nor `every DAYS at TIME`")
    kind, on = _days(every["days"])
    loop = Loop(kind, on, _time(every["time"]), _day(every["first"]), _day(every["last"]))
    today = local_day(now, wall)
    horizon = today + dt.timedelta(days=days)
    first = max(loop.first or today, today)
    return in_service_zone(loop, wall, service, Span(first, max(first, loop.last or horizon)))


def _days(text: str) -> tuple[Every, tuple[int, ...]]:
    if text == "day":
        return Every.DAY, ()
    if text == "weekday":
        return Every.WEEK, (1, 2, 3, 4, 5)
    names = text.lower().split(",")
    if all(name in EVERY_WEEKDAY for name in names):
        return Every.WEEK, tuple(sorted({EVERY_WEEKDAY[name] for name in names}))
    if all(name.isascii() and name.isdigit() and 1 <= int(name) <= 31 for name in names):
        return Every.MONTH, tuple(sorted({int(name) for name in names}))
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
