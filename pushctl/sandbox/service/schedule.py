"""Checks StrategyContent and expands it into fire times."""

from __future__ import annotations

import calendar
import re
from datetime import date, datetime, time, timedelta, tzinfo
from typing import Annotated, Any

from msgspec import Meta, Struct, ValidationError, convert

from pushctl.sandbox.errors import invalid
from pushctl.sandbox.knobs import Knobs

_TIME = re.compile(r"([01]\d|2[0-3]):[0-5]\d:[0-5]\d", re.ASCII)
# Beyond the year 3000 a number is surely not one of milliseconds.
_Ms = Annotated[int, Meta(gt=0, lt=32_503_680_000_000)]


class _Once(Struct, frozen=True, rename="camel"):
    fixed_time: _Ms


class _Loop(Struct, frozen=True, rename="camel", tag_field="circleType"):
    start_time: _Ms
    end_time: _Ms
    time: str


class _Daily(_Loop, frozen=True, tag=1):
    pass


class _Weekly(_Loop, frozen=True, tag=2):
    circle_value: Annotated[list[Annotated[int, Meta(ge=1, le=7)]], Meta(min_length=1)]


class _Monthly(_Loop, frozen=True, tag=3):
    circle_value: Annotated[list[Annotated[int, Meta(ge=1, le=31)]], Meta(min_length=1)]


_AnyLoop = _Daily | _Weekly | _Monthly


def expand(strategy_type: int, content: object, now_ms: int, knobs: Knobs) -> tuple[int, ...]:
    """Returns fire times in epoch milliseconds, ascending; raises RefusedError.

    `strategy_type` is 1 (once) or 2 (loop), `now_ms` epoch milliseconds.
    """
    kind: Any = _Once if strategy_type == 1 else _AnyLoop
    try:
        plan = convert(content, kind)
    except ValidationError as error:
        raise invalid(f"StrategyContent: {error}") from error
    if strategy_type == 1:
        return (_fixed_time(plan.fixed_time, now_ms, knobs),)
    return _without_past(_occurrences_ms(plan, now_ms, knobs), now_ms, knobs)


def _fixed_time(time_ms: int, now_ms: int, knobs: Knobs) -> int:
    if knobs["time_precision"] == "strict" and time_ms % 1000:
        raise invalid("fixedTime must be accurate to the second")
    time_ms -= time_ms % 1000
    if time_ms < now_ms - now_ms % 1000 and knobs["past_fixed_time"] == "error":
        raise invalid("fixedTime is in the past")
    return time_ms


def _occurrences_ms(loop: _AnyLoop, now_ms: int, knobs: Knobs) -> list[int]:
    if not _TIME.fullmatch(loop.time):
        raise invalid("time must be HH:mm:ss")
    at, zone = time.fromisoformat(loop.time), knobs.zone
    return [
        int(datetime.combine(day, at, zone).timestamp()) * 1000
        for day in _window(loop, now_ms, knobs)
        if _is_on(loop, day, knobs)
    ]


def _window(loop: _Loop, now_ms: int, knobs: Knobs) -> list[date]:
    zone = knobs.zone
    first = _day(loop.start_time, "startTime", zone, knobs)
    last = _day(loop.end_time, "endTime", zone, knobs)
    today = datetime.fromtimestamp(now_ms / 1000, zone).date()
    if first < today:
        raise invalid("startTime is before today 00:00")
    if last < first:
        raise invalid("endTime is before startTime")
    if last > today + timedelta(days=knobs.number("window_days")):
        raise invalid(f"endTime is more than {knobs['window_days']} days from today")
    return [first + timedelta(days=number) for number in range((last - first).days + 1)]


def _day(time_ms: int, name: str, zone: tzinfo, knobs: Knobs) -> date:
    local = datetime.fromtimestamp(time_ms / 1000, zone)
    if local.time() != time() and knobs["time_precision"] == "strict":
        raise invalid(f"{name} must be accurate to the day")
    return local.date()


def _is_on(loop: _AnyLoop, day: date, knobs: Knobs) -> bool:
    if isinstance(loop, _Daily):
        return True
    if isinstance(loop, _Weekly):
        return day.isoweekday() in loop.circle_value
    latest, policy = max(loop.circle_value), knobs["month31"]
    too_short = latest > day.day == calendar.monthrange(day.year, day.month)[1]
    if too_short and policy == "error":
        raise invalid(f"{day:%Y-%m} has no day {latest}")
    return day.day in loop.circle_value or (too_short and policy == "last")


def _without_past(times_ms: list[int], now_ms: int, knobs: Knobs) -> tuple[int, ...]:
    past = [time_ms for time_ms in times_ms if time_ms < now_ms]
    if past and knobs["past_today"] == "error":
        raise invalid("the time of today has already passed")
    kept = times_ms if knobs["past_today"] == "send-now" else times_ms[len(past) :]
    if not kept and knobs["empty_loop"] == "error":
        raise invalid("the loop has no occurrence in its window")
    return tuple(kept)
