"""A recurrence as RFC 5545 rule and as cron, where those can say it."""

from __future__ import annotations

import datetime as dt
from itertools import product

from msgspec.structs import replace

from pushctl.schedule.day_mask import days, lowest
from pushctl.schedule.recurrence import Declared, Recurrence, on_days
from pushctl.schedule.rrule import format_rrule
from pushctl.schedule.rule import Freq, Rule, ShortMonths, Weekday
from pushctl.text.timestamps import zone_name

ALWAYS = 28
"""The last day of the month that every month has."""

MOST_DAYS = 50 * 366
"""For how many days a first delivery is looked for: some rules, such as February 30, have none."""


def explicit(rule: Rule, first: dt.date | None) -> Rule:
    """Write into a rule which days its first day decides; RFC 5545, section 3.3.10.

    Without a first day there is nothing to write.
    """
    if first is None or rule.by_day or rule.by_month_day or rule.by_year_day:
        return rule
    match rule.freq:
        case Freq.DAILY:
            return rule
        case Freq.WEEKLY:
            return replace(rule, by_day=(Weekday(first.isoweekday()),))
        case Freq.MONTHLY:
            return replace(rule, by_month_day=(first.day,))
        case Freq.YEARLY:
            months = rule.by_month or (first.month,)
            return replace(rule, by_month=months, by_month_day=(first.day,))


def moves(rule: Rule) -> bool:
    """Tell whether a rule moves days that some months do not have to their last day."""
    return rule.short is ShortMonths.LAST and any(number > ALWAYS for number in rule.by_month_day)


def without_moves(rule: Rule) -> Rule | None:
    """Return a rule of RFC 5545 for the same days; None where it has none.

    It has no word for "or the last day", but two ways of saying it. Day 31 or the last one is the
    last one, whatever else moves there. Day 30 or the last one is the last of the days 28 to 30.
    """
    if not moves(rule):
        return replace(rule, short=ShortMonths.SKIP)
    if rule.by_set_pos or rule.by_day or rule.by_year_day:
        return None
    numbers = set(rule.by_month_day)
    if 31 in numbers:
        days = tuple(sorted(numbers - {31} | {-1}))
        return replace(rule, by_month_day=days, short=ShortMonths.SKIP)
    if min(numbers) < 0 or (rule.freq is not Freq.MONTHLY and rule.interval > 1):
        return None
    days = tuple(sorted(numbers | set(range(ALWAYS, max(numbers) + 1))))
    places = tuple(place for place, day in enumerate(days[:-1], start=1) if day in numbers)
    return replace(
        rule, freq=Freq.MONTHLY, by_month_day=days, by_set_pos=(-1, *places), short=ShortMonths.SKIP
    )


def until(last: dt.date, zone: dt.tzinfo) -> str:
    """Write the end of a rule: in UTC, as RFC 5545 wants it beside a start with a zone."""
    end = dt.datetime.combine(last, dt.time(23, 59, 59), zone)
    # The last day of the calendar has no other after it, wherever it ends.
    end = end.replace(tzinfo=dt.UTC) if last == dt.date.max else end.astimezone(dt.UTC)
    return f"UNTIL={end:%Y%m%dT%H%M%SZ}"


def rrule(schedule: Declared) -> str | None:
    """Return the rule of RFC 5545 without its start; None where one rule cannot say it.

    It cannot leave out days, and says several times of day only as every hour with every minute.
    """
    if not isinstance(schedule, Recurrence) or schedule.skip or schedule.also:
        return None
    rule = without_moves(explicit(schedule.rule, schedule.first))
    times = schedule.times
    if rule is None or not _is_product(times) or (rule.by_set_pos and len(times) > 1):
        return None
    if rule.count is not None:
        rule = replace(rule, count=rule.count * len(times))
    parts = [format_rrule(rule)]
    for name in ("hour", "minute", "second"):
        numbers = sorted({getattr(time, name) for time in times})
        parts.append(f"BY{name.upper()}={','.join(map(str, numbers))}")
    if schedule.last is not None:
        if rule.count is not None:
            return None
        parts.append(until(schedule.last, schedule.zone))
    return ";".join(parts)


def dtstart(schedule: Declared) -> str | None:
    """Return the start that belongs to `rrule`; None for a rule that is the same from any day on.

    It is the first day on which something is delivered: RFC 5545, section 3.8.5.3, wants a start
    that fits the rule.
    """
    if not isinstance(schedule, Recurrence) or schedule.first is None or rrule(schedule) is None:
        return None
    left = dt.date.max.toordinal() - schedule.first.toordinal() + 1
    span = days(schedule.first, min(left, MOST_DAYS))
    mask = on_days(schedule, span)
    if not mask:
        return None
    start = f"{span.date(lowest(mask)):%Y%m%d}T{min(schedule.times):%H%M%S}"
    name = zone_name(schedule.zone)
    return f"DTSTART:{start}Z" if name == "UTC" else f"DTSTART;TZID={name}:{start}"


def _is_product(times: tuple[dt.time, ...]) -> bool:
    """Tell whether the times are all combinations of their hours, minutes and seconds."""
    hours, minutes, seconds = (
        {getattr(time, name) for time in times} for name in ("hour", "minute", "second")
    )
    return {dt.time(*parts) for parts in product(hours, minutes, seconds)} == set(times)


def cron(schedule: Declared) -> str | None:
    """Return the five cron fields; None where cron cannot say it.

    It knows neither seconds, beginnings, ends, exceptions nor anything that counts, and takes a
    day of the month and a weekday together for either of them.
    """
    if not isinstance(schedule, Recurrence):
        return None
    if schedule.skip or schedule.also or schedule.first is not None or schedule.last is not None:
        return None
    rule, times = schedule.rule, schedule.times
    if not _cron_knows(rule) or not _is_product(times) or any(time.second for time in times):
        return None
    minutes = _field({time.minute for time in times})
    hours = _field({time.hour for time in times})
    weekdays = {item.day % 7 for item in rule.by_day}
    month_days, months = _field(set(rule.by_month_day)), _field(set(rule.by_month))
    return f"{minutes} {hours} {month_days} {months} {_field(weekdays)}"


def _cron_knows(rule: Rule) -> bool:
    if rule.anchored or rule.by_set_pos or rule.by_year_day or moves(rule):
        return False
    if rule.by_month_day and (rule.by_day or min(rule.by_month_day) < 0):
        return False
    return not any(item.nth for item in rule.by_day)


def _field(numbers: set[int]) -> str:
    return ",".join(map(str, sorted(numbers))) or "*"
