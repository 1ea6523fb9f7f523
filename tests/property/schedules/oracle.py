"""When a schedule delivers, worked out a second time from what the manifest promises in words.

Nothing here comes from the modules under test, and nothing is clever: every day is looked at, every
time of day is asked of `zoneinfo`, and rules in the words of RFC 5545 are read by `dateutil`.
"""

from __future__ import annotations

import calendar
import datetime as dt
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any
from unittest import mock
from zoneinfo import ZoneInfo

from dateutil.rrule import rrulestr

DAY = dt.timedelta(days=1)
WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
ORDINALS = {"1st": 1, "2nd": 2, "3rd": 3, "4th": 4, "5th": 5}

Written = Mapping[str, Any]
"""A schedule as it stands in a manifest, with texts for dates and times."""

Calendars = Mapping[str, Sequence[tuple[dt.date, dt.date]]]
"""What the named calendars hold: ranges of days, both ends included."""

OnDay = Callable[[dt.date], bool]


def deliveries(
    written: Written, start: int, end: int, *, zone: str, calendars: Calendars | None = None
) -> list[int]:
    """Return the moments (epoch seconds, rising) from `start` to `end`, both included.

    `zone` is the app's, for schedules that name none.
    """
    here = ZoneInfo(written.get("timezone", zone))
    gap, fold = written.get("gap", "next"), written.get("fold", "first")
    if "every" not in written and "rrule" not in written:
        moment = dt.datetime.fromisoformat(written["at"])
        found = {instant(moment.date(), moment.time(), here, gap, fold)}
    else:
        found = {
            instant(day, time, here, gap, fold)
            for day in _delivery_days(written, *_around(start, end), calendars or {})
            for time in times(written)
        }
    return sorted(at for at in found if at is not None and start <= at <= end)


def times(written: Written) -> list[dt.time]:
    """Return the times of day of a recurrence."""
    at = written["at"]
    return [dt.time.fromisoformat(item) for item in ([at] if isinstance(at, str) else at)]


# --- clocks ---------------------------------------------------------------------------------------


def instant(day: dt.date, time: dt.time, zone: dt.tzinfo, gap: str, fold: str) -> int | None:
    """Return when a zone's clock shows a time on a day, after the choices for clock changes."""
    wall = dt.datetime.combine(day, time)
    early, late = (_absolute(wall, zone, choice) for choice in (0, 1))
    if _shows(early, zone) == wall:
        return late if fold == "second" and _shows(late, zone) == wall else early
    if gap == "skip":
        return None
    if gap == "shift":
        # Where clocks skip a time, PEP 495 reads fold=0 with the offset from before the change.
        return early
    return _first_beyond(wall, late, early, zone)


def _absolute(wall: dt.datetime, zone: dt.tzinfo, fold: int) -> int:
    return int(wall.replace(tzinfo=zone, fold=fold).timestamp())


def _shows(at: int, zone: dt.tzinfo) -> dt.datetime:
    return dt.datetime.fromtimestamp(at, zone).replace(tzinfo=None, fold=0)


def _first_beyond(wall: dt.datetime, before: int, after: int, zone: dt.tzinfo) -> int:
    """Return the first second at which the clock shows more than a time that it skips."""
    while after - before > 1:
        middle = (before + after) // 2
        if _shows(middle, zone) > wall:
            after = middle
        else:
            before = middle
    return after


# --- days -----------------------------------------------------------------------------------------


def _around(start: int, end: int) -> tuple[dt.date, dt.date]:
    """Return days that surely surround two instants in every zone."""
    low, high = (dt.datetime.fromtimestamp(at, dt.UTC).date() for at in (start, end))
    return low - 3 * DAY, high + 3 * DAY


def _delivery_days(
    written: Written, low: dt.date, high: dt.date, calendars: Calendars
) -> Iterator[dt.date]:
    first, last = _date(written.get("from")), _date(written.get("until"))
    skipped = list(_skipped(written.get("skip", ()), calendars))
    if "rrule" in written:
        candidates = _by_rule(written, first or low, high)
    else:
        on_day = _every(written["every"], first, written.get("short_months", "skip"))
        candidates = filter(on_day, _each_day(max(low, first or low), high))
    for day in candidates:
        outside = day < low or (last is not None and day > last)
        if not outside and not any(start <= day <= end for start, end in skipped):
            yield day


def _each_day(day: dt.date, last: dt.date) -> Iterator[dt.date]:
    while day <= last:
        yield day
        day += DAY


def _date(text: str | None) -> dt.date | None:
    return None if text is None else dt.date.fromisoformat(text)


def _skipped(items: Sequence[Any], calendars: Calendars) -> Iterator[tuple[dt.date, dt.date]]:
    for item in items:
        if isinstance(item, Mapping):
            yield dt.date.fromisoformat(item["from"]), dt.date.fromisoformat(item["until"])
        elif item in calendars:
            yield from calendars[item]
        else:
            yield dt.date.fromisoformat(item), dt.date.fromisoformat(item)


def _every(every: Any, first: dt.date | None, short: str) -> OnDay:
    """Return whether a day is one that `every` means."""
    items = every if isinstance(every, list) else [every]
    tests = [_item(item, first, short) for item in items]
    return lambda day: any(test(day) for test in tests)


def _item(item: Any, first: dt.date | None, short: str) -> OnDay:
    if isinstance(item, int):
        return lambda day: day.day == _in_month(item, day, short)
    if item == "day":
        return lambda day: True
    if item == "weekday":
        return lambda day: day.weekday() < 5
    if item == "last day":
        return lambda day: day.day == _length(day)
    if item in WEEKDAYS:
        return lambda day: day.weekday() == WEEKDAYS.index(item)
    if counted := re.fullmatch(r"(\d+) (days|weeks|months)", item):
        assert first is not None, "counting needs a first day"
        return _counted(int(counted[1]), counted[2], first, short)
    ordinal, weekday = item.split()
    return _ordinal(ordinal, WEEKDAYS.index(weekday))


def _counted(number: int, unit: str, first: dt.date, short: str) -> OnDay:
    if unit == "months":
        return lambda day: (
            ((day.year - first.year) * 12 + day.month - first.month) % number == 0
            and day.day == _in_month(first.day, day, short)
        )
    step = number * (7 if unit == "weeks" else 1)
    return lambda day: (day - first).days % step == 0


def _ordinal(ordinal: str, weekday: int) -> OnDay:
    if ordinal == "last":
        return lambda day: day.weekday() == weekday and day.day + 7 > _length(day)
    nth = ORDINALS[ordinal]
    return lambda day: day.weekday() == weekday and (day.day - 1) // 7 + 1 == nth


def _length(day: dt.date) -> int:
    return calendar.monthrange(day.year, day.month)[1]


def _in_month(number: int, day: dt.date, short: str) -> int:
    """Return which day of a day's month a number means; 0 is none of them."""
    if number <= _length(day):
        return number
    return _length(day) if short == "last-day" else 0


def _by_rule(written: Written, first: dt.date, last: dt.date) -> list[dt.date]:
    """Return the days of an RFC 5545 rule, with what becomes of days that months lack."""
    texts = [written["rrule"]]
    if written.get("short_months") == "last-day":
        texts = list(_with_last_days(written["rrule"]))
    return sorted({day for text in texts for day in rule_days(text, first, last)})


def rule_days(rrule: str, first: dt.date, last: dt.date) -> Iterator[dt.date]:
    """Yield the days of an RFC 5545 rule from its first day to some last one."""
    # Without this, `dateutil` looks for what never comes until the end of all calendars.
    with mock.patch.object(dt, "MAXYEAR", last.year):
        for moment in rrulestr(rrule, dtstart=dt.datetime.combine(first, dt.time())):
            if moment.date() > last:
                return
            yield moment.date()


def _with_last_days(rrule: str) -> Iterator[str]:
    """Say "the 31st, or else the last day" as RFC 5545 can: the last one of the days 28 to 31."""
    match = re.fullmatch(r"(FREQ=MONTHLY.*;BYMONTHDAY=)([0-9,]+)", rrule)
    assert match is not None, f"the oracle cannot read {rrule} with short months"
    for number in map(int, match[2].split(",")):
        listed = ",".join(map(str, range(min(28, number), number + 1)))
        yield f"{match[1]}{listed};BYSETPOS=-1"
