"""Runs of days as bits, against the calendar of the standard library."""

from __future__ import annotations

import calendar
import datetime as dt
from collections.abc import Callable
from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from pushctl.schedule.day_mask import Days, bits, days, lowest
from tests.examples import share

QUICK = settings(max_examples=share(60), deadline=None)
spans = st.builds(Days, st.dates(dt.date(1999, 1, 1), dt.date(2104, 12, 31)), st.integers(1, 900))


def chosen(span: Days, wanted: Callable[[dt.date], bool]) -> int:
    return sum(1 << index for index in range(span.size) if wanted(span.date(index)))


def length(day: dt.date) -> int:
    return calendar.monthrange(day.year, day.month)[1]


@QUICK
@given(spans)
def test_weekdays(span: Days) -> None:
    for number, mask in enumerate(span.weekdays):
        assert mask == chosen(span, lambda day, number=number: day.weekday() == number)


@QUICK
@given(spans, st.integers(-31, 31).filter(bool))
def test_a_day_of_the_month(span: Days, number: int) -> None:
    def wanted(day: dt.date) -> bool:
        return day.day == (number if number > 0 else length(day) + 1 + number)

    assert span.month_day(number) == chosen(span, wanted)


@QUICK
@given(spans, st.integers(28, 31))
def test_ends_of_months_that_are_too_short(span: Days, number: int) -> None:
    def wanted(day: dt.date) -> bool:
        return day.day == length(day) < number

    assert span.shorter_ends(number) == chosen(span, wanted)


@QUICK
@given(spans, st.integers(1, 40), st.integers(-2000, 2000))
def test_every_so_many_days(span: Days, step: int, at: int) -> None:
    anchor = span.first + dt.timedelta(days=at)
    assert span.every(step, at) == chosen(span, lambda day: (day - anchor).days % step == 0)


@QUICK
@given(spans, st.integers(-50, 950), st.integers(-50, 950))
def test_ranges_are_cut_to_what_is_inside(span: Days, low: int, high: int) -> None:
    first, last = (span.first + dt.timedelta(days=index) for index in (low, high))
    assert span.range(first, last) == chosen(span, lambda day: first <= day <= last)
    assert span.range(None, last) == chosen(span, lambda day: day <= last)
    assert span.range(first, None) == chosen(span, lambda day: day >= first)
    assert span.range(None, None) == span.all


@QUICK
@given(spans)
def test_months_lie_end_to_end(span: Days) -> None:
    months = span.months
    assert months[0].start <= 0 < months[0].start + months[0].length
    assert months[-1].start < span.size <= months[-1].start + months[-1].length
    for month, after in pairwise(months):
        assert month.start + month.length == after.start
        assert month.count + 1 == after.count
    for month in months:
        assert span.date(month.start) == dt.date(month.year, month.number, 1)
        assert month.length == length(span.date(month.start))


def test_the_calendar_ends_quietly() -> None:
    span = Days(dt.date(9999, 11, 29), 33)
    assert [month.length for month in span.months] == [30, 31]
    assert span.month_day(-1) == 1 << 1 | 1 << 32


@given(st.integers(1, 2**400))
def test_bits_rise_and_make_up_the_mask(mask: int) -> None:
    found = list(bits(mask))
    assert found == sorted(found)
    assert sum(1 << index for index in found) == mask
    assert lowest(mask) == found[0]


def test_runs_are_made_once() -> None:
    assert days(dt.date(2026, 1, 1), 90) is days(dt.date(2026, 1, 1), 90)
    assert list(bits(0)) == []
