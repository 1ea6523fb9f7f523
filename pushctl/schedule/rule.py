"""On which days a recurrence falls: the date part of RFC 5545 rules, over runs of days.

A subset, and one addition. Left out are the parts that speak of hours (times of day are said beside
the rule) and BYWEEKNO. Added is what becomes of day 31 in a month of 30 days
(`ShortMonths`): left out, as RFC 5545 has it, or moved to the last day, which RFC 7529 calls
SKIP=BACKWARD.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator
from enum import StrEnum
from functools import lru_cache

from msgspec import Struct
from msgspec.structs import replace

from pushctl.schedule.day_mask import WEEK, Days, Month, bits, days, union

SHORTEST = {2: 28, 4: 30, 6: 30, 9: 30, 11: 30}
"""How many days a month always has, if not 31."""


class Freq(StrEnum):
    """How long one period of a rule is."""

    DAILY = "DAILY"
    WEEKLY = "WEEKLY"
    MONTHLY = "MONTHLY"
    YEARLY = "YEARLY"


class ShortMonths(StrEnum):
    """What becomes of a day of the month that a month does not have."""

    SKIP = "skip"
    LAST = "last-day"


class Weekday(Struct, frozen=True, order=True):
    """A weekday (Monday is 1), the `nth` of its month or year; 0 is all, -1 the last one."""

    day: int
    nth: int = 0


class Rule(Struct, frozen=True):
    """One recurrence rule, under the names of RFC 5545, section 3.3.10.

    `by_day` without an ordinal means every such weekday. Rules that count from somewhere (an
    interval, a count, a day that the first day decides) need a first day to be evaluated.
    """

    freq: Freq
    interval: int = 1
    by_month: tuple[int, ...] = ()
    by_month_day: tuple[int, ...] = ()
    by_year_day: tuple[int, ...] = ()
    by_day: tuple[Weekday, ...] = ()
    by_set_pos: tuple[int, ...] = ()
    week_start: int = 1
    count: int | None = None
    short: ShortMonths = ShortMonths.SKIP

    @property
    def anchored(self) -> bool:
        """Whether the days depend on where the recurrence begins."""
        if self.interval > 1 or self.count is not None:
            return True
        named = self.by_day or self.by_month_day or self.by_year_day
        return self.freq is not Freq.DAILY and not named


def occurrence_days(rule: Rule, span: Days, first: dt.date | None) -> int:
    """Return the mask of the days of `span` that a rule falls on, none of them before `first`.

    Raises ValueError if the rule is anchored and there is no first day.
    """
    if rule.anchored and first is None:
        raise ValueError("a rule that counts from its first day needs one")
    if rule.count is not None and first is not None:
        last = _last_of(rule, first, span.date(span.size - 1))
        return _uncounted(rule, span, first) & span.range(first, last)
    return _uncounted(rule, span, first) & span.range(first, None)


BLOCK = 732
"""Days that are searched at once for the last of a counted recurrence: two years."""


@lru_cache(maxsize=1024)
def _last_of(rule: Rule, first: dt.date, until: dt.date) -> dt.date | None:
    """Return the day of the last of `count` occurrences, or None if it is after `until`."""
    left = rule.count or 0
    for start in range(first.toordinal(), until.toordinal() + 1, BLOCK):
        size = min(BLOCK, dt.date.max.toordinal() - start + 1)
        span = days(dt.date.fromordinal(start), size)
        mask = _uncounted(rule, span, first)
        if mask.bit_count() >= left:
            return span.date(bits(mask)[left - 1])
        left -= mask.bit_count()
    return None


def _uncounted(rule: Rule, span: Days, first: dt.date | None) -> int:
    anchor = first or span.first
    match rule.freq:
        case Freq.DAILY:
            return _daily(rule, span, anchor)
        case Freq.WEEKLY:
            weekdays = rule.by_day or (Weekday(anchor.isoweekday()),)
            mask = _plain_weekdays(weekdays, span) & _weeks(rule, span, anchor)
            return _nth(rule, mask & _months(rule, span), span, anchor)
        case Freq.MONTHLY:
            return _nth(rule, _monthly(rule, span, anchor), span, anchor)
        case Freq.YEARLY:
            return _nth(rule, _yearly(rule, span, anchor), span, anchor)


def _daily(rule: Rule, span: Days, anchor: dt.date) -> int:
    mask = _months(rule, span)
    if rule.interval > 1:
        mask &= span.every(rule.interval, span.index(anchor))
    if rule.by_day:
        mask &= _plain_weekdays(rule.by_day, span)
    if rule.by_month_day:
        mask &= _month_days(rule, rule.by_month_day, span)
    return mask


def _plain_weekdays(wanted: Iterable[Weekday], span: Days) -> int:
    return union(span.weekdays[item.day - 1] for item in wanted)


def _whole(month: Month, span: Days) -> int:
    return span.between(month.start, month.start + month.length - 1)


def _months(rule: Rule, span: Days) -> int:
    """Return the mask of the months that BYMONTH lets through."""
    if not rule.by_month:
        return span.all
    return union(_whole(month, span) for month in span.months if month.number in rule.by_month)


def _weeks(rule: Rule, span: Days, anchor: dt.date) -> int:
    """Return the mask of every `interval`-th week, counted from the anchor's."""
    if rule.interval == 1:
        return span.all
    start = span.index(anchor) - (anchor.isoweekday() - rule.week_start) % WEEK
    step = WEEK * rule.interval
    start %= step
    starts = range(start - step, span.size, step)
    return union(span.between(start, start + WEEK - 1) for start in starts)


# --- months and years -----------------------------------------------------------------------------


def _monthly(rule: Rule, span: Days, anchor: dt.date) -> int:
    at = anchor.year * 12 + anchor.month - 1
    allowed = span.all
    if rule.interval > 1:
        months = (month for month in span.months if (month.count - at) % rule.interval == 0)
        allowed = union(_whole(month, span) for month in months)
    numbers = rule.by_month_day or (() if rule.by_day else (anchor.day,))
    mask = _in_months(rule, numbers, span)
    return mask & allowed & _months(rule, span)


def _in_months(rule: Rule, numbers: tuple[int, ...], span: Days) -> int:
    """Return the days of months that BYMONTHDAY and BYDAY together mean."""
    mask = span.all
    if numbers:
        mask = _month_days(rule, numbers, span)
    if rule.by_day:
        mask &= union(_nth_of_month(item, span) for item in rule.by_day)
    return mask


def _month_days(rule: Rule, numbers: tuple[int, ...], span: Days) -> int:
    mask = union(span.month_day(number) for number in numbers)
    if rule.short is ShortMonths.LAST:
        mask |= union(span.shorter_ends(number) for number in numbers if number > 28)
    return mask


def _nth_of_month(item: Weekday, span: Days) -> int:
    weekday = span.weekdays[item.day - 1]
    if item.nth == 0:
        return weekday
    first = (abs(item.nth) - 1) * WEEK
    week = range(first + 1, first + WEEK + 1)
    return weekday & union(span.month_day(day if item.nth > 0 else -day) for day in week)


def _yearly(rule: Rule, span: Days, anchor: dt.date) -> int:
    years = range(span.first.year, span.date(span.size - 1).year + 1)
    allowed = union(
        span.range(dt.date(year, 1, 1), dt.date(year, 12, 31))
        for year in years
        if (year - anchor.year) % rule.interval == 0
    )
    mask = allowed & _months(rule, span)
    if rule.by_year_day:
        mask &= union(_year_days(rule.by_year_day, year, span) for year in years)
    if rule.by_day and not rule.by_month and any(item.nth for item in rule.by_day):
        mask &= union(_nth_of_year(rule.by_day, year, span) for year in years)
        return mask & _month_days(rule, rule.by_month_day, span) if rule.by_month_day else mask
    if rule.by_year_day and not (rule.by_day or rule.by_month_day):
        return mask
    numbers = rule.by_month_day or (() if rule.by_day else (anchor.day,))
    if not (rule.by_day or rule.by_month_day or rule.by_month or rule.by_year_day):
        mask &= union(_whole(month, span) for month in span.months if month.number == anchor.month)
    return mask & _in_months(rule, numbers, span)


def _year_days(numbers: Iterable[int], year: int, span: Days) -> int:
    first, last = dt.date(year, 1, 1).toordinal(), dt.date(year, 12, 31).toordinal()
    found = (first + number - 1 if number > 0 else last + number + 1 for number in numbers)
    inside = (day - span.origin for day in found if first <= day <= last)
    return union(span.between(index, index) for index in inside)


def _nth_of_year(wanted: Iterable[Weekday], year: int, span: Days) -> int:
    first, last = span.index(dt.date(year, 1, 1)), span.index(dt.date(year, 12, 31))
    mask = 0
    for item in wanted:
        weekday = span.weekdays[item.day - 1]
        if item.nth == 0:
            mask |= weekday & span.between(first, last)
        elif item.nth > 0:
            start = first + (item.nth - 1) * WEEK
            mask |= weekday & span.between(start, min(start + WEEK - 1, last))
        else:
            end = last - (-item.nth - 1) * WEEK
            mask |= weekday & span.between(max(end - WEEK + 1, first), end)
    return mask


# --- the n-th of a period -------------------------------------------------------------------------


def _nth(rule: Rule, mask: int, span: Days, anchor: dt.date) -> int:
    """Apply BYSETPOS: keep only the n-th days of each period, counted over whole periods."""
    if not rule.by_set_pos:
        return mask
    found = 0
    for start, end in _periods(rule, span):
        size = end - start + 1
        whole = days(span.date(start), size)
        plain = replace(rule, by_set_pos=())
        members = bits(_uncounted(plain, whole, anchor))
        for position in rule.by_set_pos:
            index = position - 1 if position > 0 else len(members) + position
            if 0 <= index < len(members):
                day = start + members[index]
                found |= span.between(day, day)
    return found


def _periods(rule: Rule, span: Days) -> Iterator[tuple[int, int]]:
    """Yield the first and the last index of every whole period that touches the span."""
    match rule.freq:
        case Freq.WEEKLY:
            start = -((span.first.isoweekday() - rule.week_start) % WEEK)
            yield from ((at, at + WEEK - 1) for at in range(start, span.size, WEEK))
        case Freq.YEARLY:
            for year in range(span.first.year, span.date(span.size - 1).year + 1):
                yield span.index(dt.date(year, 1, 1)), span.index(dt.date(year, 12, 31))
        case _:
            yield from ((month.start, month.start + month.length - 1) for month in span.months)
