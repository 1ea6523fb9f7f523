"""Checks StrategyContent and expands it into fire times."""

from __future__ import annotations

import calendar
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, tzinfo

from pushctl.sandbox.errors import RefusedError, invalid
from pushctl.sandbox.knobs import Knobs

DAILY, WEEKLY, MONTHLY = 1, 2, 3
_TIME = re.compile(r"([01]\d|2[0-3]):([0-5]\d):([0-5]\d)", re.ASCII)
_LATEST_MS = 32_503_680_000_000  # the year 3000: beyond it, surely not milliseconds


@dataclass(frozen=True, slots=True)
class _Loop:
    first: date
    last: date
    kind: int
    values: frozenset[int]
    at: time


def expand(strategy_type: int, content: object, now_ms: int, knobs: Knobs) -> tuple[int, ...]:
    """Returns fire times in epoch milliseconds, ascending; raises RefusedError.

    `strategy_type` is 1 (once) or 2 (loop), `now_ms` epoch milliseconds.
    """
    if not isinstance(content, Mapping):
        raise invalid("StrategyContent must be a JSON object when StrategyType is 1 or 2")
    if strategy_type == 1:
        return (_fixed_time(content, now_ms, knobs),)
    times_ms = _occurrences_ms(_loop(content, now_ms, knobs), knobs)
    return _without_past(times_ms, now_ms, knobs)


def _fixed_time(content: Mapping[str, object], now_ms: int, knobs: Knobs) -> int:
    time_ms = _epoch_ms(content, "fixedTime")
    if knobs["time_precision"] == "strict" and time_ms % 1000:
        raise invalid("fixedTime must be accurate to the second")
    time_ms -= time_ms % 1000
    if time_ms < now_ms - now_ms % 1000 and knobs["past_fixed_time"] == "error":
        raise invalid("fixedTime is in the past")
    return time_ms


def _epoch_ms(content: Mapping[str, object], key: str) -> int:
    value = content.get(key)
    if isinstance(value, bool) or not isinstance(value, int):
        raise invalid(f"{key} must be a number of milliseconds")
    if not 0 < value < _LATEST_MS:
        raise invalid(f"{key} is not a plausible number of milliseconds")
    return value


def _loop(content: Mapping[str, object], now_ms: int, knobs: Knobs) -> _Loop:
    zone = knobs.zone
    first = _day(content, "startTime", zone, knobs)
    last = _day(content, "endTime", zone, knobs)
    today = datetime.fromtimestamp(now_ms / 1000, zone).date()
    if first < today:
        raise invalid("startTime is before today 00:00")
    if last < today:
        raise invalid("endTime is before today 00:00")
    if last < first:
        raise invalid("endTime is before startTime")
    if last > today + timedelta(days=knobs.number("window_days")):
        raise invalid(f"endTime is more than {knobs['window_days']} days from today")
    kind = content.get("circleType")
    if isinstance(kind, bool) or not isinstance(kind, int) or kind not in (DAILY, WEEKLY, MONTHLY):
        raise invalid("circleType must be 1 (daily), 2 (weekly) or 3 (monthly)")
    return _Loop(first, last, kind, _circle_values(content, kind), _time(content))


def _day(content: Mapping[str, object], key: str, zone: tzinfo, knobs: Knobs) -> date:
    local = datetime.fromtimestamp(_epoch_ms(content, key) / 1000, zone)
    if local.time() != time() and knobs["time_precision"] == "strict":
        raise invalid(f"{key} must be accurate to the day")
    return local.date()


def _time(content: Mapping[str, object]) -> time:
    text = content.get("time")
    found = _TIME.fullmatch(text) if isinstance(text, str) else None
    if found is None:
        raise invalid("time must be HH:mm:ss")
    return time(int(found[1]), int(found[2]), int(found[3]))


def _circle_values(content: Mapping[str, object], kind: int) -> frozenset[int]:
    if kind == DAILY:
        return frozenset()
    values = content.get("circleValue")
    if not isinstance(values, list) or not values:
        raise invalid("circleValue must be a non-empty list when circleType is 2 or 3")
    highest = 7 if kind == WEEKLY else 31
    for value in values:
        if isinstance(value, bool) or not isinstance(value, int) or not 1 <= value <= highest:
            raise invalid(f"circleValue must hold whole numbers from 1 to {highest}")
    return frozenset(values)


def _occurrences_ms(loop: _Loop, knobs: Knobs) -> list[int]:
    if loop.kind == MONTHLY and knobs["month31"] == "error":
        _check_month_lengths(loop)
    zone, clamp = knobs.zone, knobs["month31"] == "last"
    days = (loop.first + timedelta(days=n) for n in range((loop.last - loop.first).days + 1))
    return [
        int(datetime.combine(day, loop.at, zone).timestamp()) * 1000
        for day in days
        if _matches(loop, day, clamp=clamp)
    ]


def _matches(loop: _Loop, day: date, *, clamp: bool) -> bool:
    if loop.kind == DAILY:
        return True
    if loop.kind == WEEKLY:
        return day.isoweekday() in loop.values
    if day.day in loop.values:
        return True
    is_last = day.day == calendar.monthrange(day.year, day.month)[1]
    return clamp and is_last and max(loop.values) > day.day


def _check_month_lengths(loop: _Loop) -> None:
    day = loop.first
    while day <= loop.last:
        length = calendar.monthrange(day.year, day.month)[1]
        if max(loop.values) > length and day.replace(day=length) <= loop.last:
            raise invalid(f"{day:%Y-%m} has no day {max(loop.values)}")
        day = day.replace(day=length) + timedelta(days=1)


def _without_past(times_ms: list[int], now_ms: int, knobs: Knobs) -> tuple[int, ...]:
    past = [time_ms for time_ms in times_ms if time_ms < now_ms]
    if past and knobs["past_today"] == "error":
        raise invalid("the time of today has already passed")
    kept = times_ms if knobs["past_today"] == "send-now" else times_ms[len(past) :]
    if not kept and knobs["empty_loop"] == "error":
        raise RefusedError("3028", "the loop has no occurrence in its window")
    return tuple(kept)
