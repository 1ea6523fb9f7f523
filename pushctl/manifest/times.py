"""Wall-clock times and zones: from what people write to what the service is told. Pure.

A wall time that a zone skips does not exist, one that it repeats is ambiguous; both are findings,
never a silent choice.
"""

from __future__ import annotations

import datetime as dt
import functools
import zoneinfo

EVERY_WEEKDAY = {"mon": 1, "tue": 2, "wed": 3, "thu": 4, "fri": 5, "sat": 6, "sun": 7}


class TimeError(ValueError):
    """A time that means nothing or more than one thing; `code` is that of its finding."""

    def __init__(self, code: str, summary: str, detail: str, fix: str | None = None) -> None:
        super().__init__(detail)
        self.code = code
        self.summary = summary
        self.detail = detail
        self.fix = fix


@functools.cache
def zone(name: str) -> zoneinfo.ZoneInfo:
    """Return a zone of the IANA database; raises `TimeError` if there is none of that name."""
    try:
        return zoneinfo.ZoneInfo(name)
    except (zoneinfo.ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise TimeError(
            "PSH203",
            "The time zone is missing, or does not exist",
            f"There is no time zone called {name!r}.",
            "use a name from the IANA database, such as Asia/Shanghai or Europe/Berlin",
        ) from error


def instant_of(text: str, default: dt.tzinfo) -> int:
    """Turn `2026-12-24T20:00` or `2026-12-24T20:00:00+08:00` into epoch seconds.

    Without an offset it is wall time in `default`, which must exist and happen once. With one it
    is exact, but must agree with the offset that `default` has at that wall time, unless it is
    written as UTC (`Z`). Raises `TimeError`.
    """
    try:
        moment = dt.datetime.fromisoformat(text)
    except ValueError as error:
        raise TimeError(
            "PSH113",
            "A value has the wrong format",
            f"{text!r} is not a date and time.",
            "write it like 2026-12-24T20:00",
        ) from error
    if moment.tzinfo is None:
        return _of_wall(moment, default)
    try:
        exact = int(moment.timestamp())
    except (OverflowError, ValueError) as error:
        raise _out_of_range(text) from error
    if text[-1] not in "Zz" and _offset(exact, default) != moment.utcoffset():
        there = dt.datetime.fromtimestamp(exact, default)
        raise TimeError(
            "PSH204",
            "The offset contradicts the time zone",
            f"{text} has the offset {moment.strftime('%z')}, but {_name(default)} has "
            f"{there.strftime('%z')} at that moment.",
            f"write {there.replace(tzinfo=None).isoformat()} without an offset if you mean "
            f"{_name(default)}, or end it with Z for UTC",
        )
    return exact


def _of_wall(wall: dt.datetime, zone: dt.tzinfo) -> int:
    try:
        early = int(wall.replace(tzinfo=zone, fold=0).timestamp())
        late = int(wall.replace(tzinfo=zone, fold=1).timestamp())
        back = dt.datetime.fromtimestamp(early, zone).replace(tzinfo=None)
    except (OverflowError, ValueError, OSError) as error:
        raise _out_of_range(wall.isoformat()) from error
    if back != wall:
        after = dt.datetime.fromtimestamp(max(early, late), zone).replace(tzinfo=None)
        raise TimeError(
            "PSH205",
            "The wall time does not exist",
            f"In {_name(zone)} the clocks skip {wall.isoformat(' ')}: they go forward that day.",
            f"write a time that exists, such as {after.isoformat()}",
        )
    if early != late:
        offsets = [dt.datetime.fromtimestamp(at, zone).isoformat() for at in (early, late)]
        raise TimeError(
            "PSH206",
            "The wall time happens twice",
            f"In {_name(zone)} the clocks go back that day, so {wall.isoformat(' ')} comes twice.",
            f"say which one you mean: {offsets[0]} or {offsets[1]}",
        )
    return early


def _out_of_range(text: str) -> TimeError:
    return TimeError(
        "PSH113",
        "A value has the wrong format",
        f"{text!r} is too far away from today.",
        "write it like 2026-12-24T20:00",
    )


def _offset(at: int, zone: dt.tzinfo) -> dt.timedelta | None:
    return dt.datetime.fromtimestamp(at, zone).utcoffset()


def _name(zone: dt.tzinfo) -> str:
    return str(getattr(zone, "key", None) or zone)
