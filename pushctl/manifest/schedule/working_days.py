"""Working days: Monday to Friday without holidays, and with the days that make up for them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator

from msgspec import Struct

from pushctl.schedule import day_mask
from pushctl.schedule.day_mask import bits, lowest, union
from pushctl.schedule.rule import Rule, occurrence_days
from pushctl.schedule.service_schedule import DAY

Days = tuple[dt.date, dt.date]
"""A first and a last day, both included."""

YEARS = dt.date(2000, 1, 1), dt.date(2100, 12, 31)
"""The first and the last day that holidays move deliveries from."""


class Holidays(Struct, frozen=True):
    """Days off in order, and the days that are worked instead."""

    off: tuple[Days, ...] = ()
    made_up: tuple[Days, ...] = ()


def without(found: Iterable[Days], others: Iterable[Days]) -> tuple[Days, ...]:
    """Return stretches of days in order, less others."""
    left = list(found)
    for first, last in others:
        before = [(begin, min(end, first - DAY)) for begin, end in left if begin < first]
        left = before + [(max(begin, last + DAY), end) for begin, end in left if end > last]
    return joined(left)


def joined(found: Iterable[Days]) -> tuple[Days, ...]:
    """Return stretches of days in order, those that touch or overlap as one."""
    whole: list[Days] = []
    for first, last in sorted(found):
        if whole and (first - whole[-1][1]).days <= 1:
            whole[-1] = (whole[-1][0], max(last, whole[-1][1]))
        else:
            whole.append((first, last))
    return tuple(whole)


def exceptions(
    rule: Rule, first: dt.date | None, known: Holidays, *, workdays: bool, to: str | None
) -> tuple[tuple[Days, ...], tuple[Days, ...]]:
    """Return the days that a rule leaves out, and those that it has besides.

    `workdays` if the weekdays of the rule stand for working days; `to` is where deliveries on
    holidays are moved: to the working day `before` or `after`.
    """
    if workdays and not rule.by_set_pos:
        return known.off, known.made_up
    ends = [day for stretch in (*known.off, *known.made_up) for day in stretch]
    if not ends or not (workdays or to in ("before", "after")):
        return known.off, ()
    start = (max(min(ends), YEARS[0]) - 40 * DAY).replace(day=1)
    span = day_mask.days(start, max((min(max(ends), YEARS[1]) - start).days, 1) + 40)
    off, extra = (union(span.range(*one) for one in some) for some in (known.off, known.made_up))
    working = union(span.weekdays[:5]) & ~off | extra
    declared = occurrence_days(rule, span, first)
    if not workdays:
        moved = union(_working_day(at, working, to) for at in bits(declared & off))
        return known.off, _stretches(span, moved)
    whole = span.between(0, span.months[-1].start - 1)
    meant = union(_nth(rule, span, working & whole))
    left, besides = declared & whole & ~meant, meant & ~declared
    return _stretches(span, left), _stretches(span, besides)


def _working_day(at: int, working: int, to: str | None) -> int:
    """Return the mask of the working day before or after a day; 0 if there is none."""
    left = working & ((1 << at) - 1) if to == "before" else working >> at << at
    return left and 1 << (left.bit_length() - 1 if to == "before" else lowest(left))


def _nth(rule: Rule, span: day_mask.Days, working: int) -> Iterator[int]:
    """Yield the n-th working days of each month, each as a mask."""
    for month in span.months:
        found = bits(working & span.between(month.start, month.start + month.length - 1))
        places = (place - (place > 0) for place in rule.by_set_pos)
        yield from (1 << found[at] for at in places if -len(found) <= at < len(found))


def _stretches(span: day_mask.Days, mask: int) -> tuple[Days, ...]:
    return joined((day, day) for day in map(span.date, bits(mask)))
