"""On which days rules fall: by RFC 5545's own examples, and thousands against `dateutil`."""

from __future__ import annotations

import datetime as dt
from random import Random

import pytest

from pushctl.schedule.day_mask import bits, days
from pushctl.schedule.rrule import RuleError, parse_rrule
from pushctl.schedule.rule import Freq, Rule, ShortMonths, Weekday, occurrence_days
from tests.property.schedules.oracle import rule_days
from tests.property.schedules.rules import rrule

BEGINNING = dt.date(2019, 1, 1)


def fallen(rule: Rule, start: dt.date, size: int, first: dt.date | None = None) -> list[dt.date]:
    span = days(start, size)
    return [span.date(index) for index in bits(occurrence_days(rule, span, first))]


def expected(text: str, start: dt.date, size: int, first: dt.date) -> list[dt.date]:
    last = start + dt.timedelta(days=size - 1)
    return [day for day in rule_days(text, first, last) if day >= start]


@pytest.mark.parametrize("seed", range(10))
def test_rules_fall_where_dateutil_says(seed: int) -> None:
    rng = Random(seed)
    checked = 0
    while checked < 300:
        text = rrule(rng)
        try:
            rule = parse_rrule(text)
        except RuleError:
            continue
        first = BEGINNING + dt.timedelta(days=rng.randrange(1200))
        if rule.freq is Freq.WEEKLY and rule.by_set_pos:
            # dateutil counts the first week from the first day on, RFC 5545 whole weeks.
            first -= dt.timedelta(days=(first.isoweekday() - rule.week_start) % 7)
        start = first + dt.timedelta(days=rng.randrange(-100, 1500))
        size = rng.choice([1, 5, 31, 184, 400, 800])
        found = fallen(rule, start, size, first)
        assert found == expected(text, start, size, first), (text, first, start, size)
        checked += 1


def dates(*texts: str) -> list[dt.date]:
    return [dt.date.fromisoformat(text) for text in texts]


NINETIES = dt.date(1997, 9, 2)
"""The first day in RFC 5545's examples (section 3.8.5.3)."""


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("FREQ=DAILY;INTERVAL=10;COUNT=3", dates("1997-09-02", "1997-09-12", "1997-09-22")),
        (
            "FREQ=WEEKLY;INTERVAL=2;COUNT=4;WKST=SU;BYDAY=TU,TH",
            dates("1997-09-02", "1997-09-04", "1997-09-16", "1997-09-18"),
        ),
        ("FREQ=MONTHLY;COUNT=3;BYDAY=1FR", dates("1997-09-05", "1997-10-03", "1997-11-07")),
        ("FREQ=MONTHLY;COUNT=2;BYDAY=-2MO", dates("1997-09-22", "1997-10-20")),
        ("FREQ=MONTHLY;COUNT=2;BYMONTHDAY=-3", dates("1997-09-28", "1997-10-29")),
        ("FREQ=YEARLY;COUNT=3;BYDAY=20MO", dates("1998-05-18", "1999-05-17", "2000-05-15")),
        ("FREQ=YEARLY;COUNT=2;BYMONTH=3;BYDAY=TH", dates("1998-03-05", "1998-03-12")),
        ("FREQ=MONTHLY;COUNT=2;BYDAY=FR;BYMONTHDAY=13", dates("1998-02-13", "1998-03-13")),
        (
            "FREQ=YEARLY;INTERVAL=4;BYMONTH=11;BYDAY=TU;BYMONTHDAY=2,3,4,5,6,7,8;COUNT=2",
            dates("1997-11-04", "2001-11-06"),
        ),
        (
            "FREQ=MONTHLY;COUNT=3;BYDAY=TU,WE,TH;BYSETPOS=3",
            dates("1997-09-04", "1997-10-07", "1997-11-06"),
        ),
        (
            "FREQ=MONTHLY;COUNT=2;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-2",
            dates("1997-09-29", "1997-10-30"),
        ),
        ("FREQ=YEARLY;INTERVAL=3;COUNT=2;BYYEARDAY=1,100", dates("2000-01-01", "2000-04-09")),
    ],
)
def test_the_examples_of_the_rfc(text: str, found: list[dt.date]) -> None:
    assert fallen(parse_rrule(text), NINETIES, 3000, NINETIES) == found


def test_plain_and_counted_weekdays_are_alternatives() -> None:
    rule = parse_rrule("FREQ=MONTHLY;BYDAY=1MO,FR")
    found = fallen(rule, dt.date(2026, 6, 1), 14)
    assert found == dates("2026-06-01", "2026-06-05", "2026-06-12")


def test_a_first_week_that_is_cut_off_is_counted_whole() -> None:
    rule = parse_rrule("FREQ=WEEKLY;BYDAY=MO,WE,FR;BYSETPOS=2")
    wednesday = dt.date(2026, 6, 3)
    assert fallen(rule, wednesday, 10, wednesday) == dates("2026-06-03", "2026-06-10")


@pytest.mark.parametrize("freq", ["DAILY", "MONTHLY", "YEARLY", "YEARLY;BYMONTH=2,4,7"])
def test_days_that_a_month_lacks_can_move_to_its_end(freq: str) -> None:
    rule = parse_rrule(f"FREQ={freq};BYMONTHDAY=31,30")
    moved = Rule(rule.freq, by_month=rule.by_month, by_month_day=(30, 31), short=ShortMonths.LAST)
    ends = dates("2026-02-28", "2026-04-30", "2026-07-30", "2026-07-31")
    skipped = [day for day in ends if day.month != 2]
    february_to_july = (dt.date(2026, 2, 1), 181)
    assert [day for day in fallen(rule, *february_to_july) if day.month in (2, 4, 7)] == skipped
    assert [day for day in fallen(moved, *february_to_july) if day.month in (2, 4, 7)] == ends


def test_the_day_of_the_first_can_move_to_the_end_of_a_month() -> None:
    rule = Rule(Freq.MONTHLY, interval=3, short=ShortMonths.LAST)
    first = dt.date(2025, 11, 30)
    assert fallen(rule, first, 200, first) == dates("2025-11-30", "2026-02-28", "2026-05-30")


@pytest.mark.parametrize(
    ("text", "anchored"),
    [
        ("FREQ=DAILY", False),
        ("FREQ=DAILY;INTERVAL=2", True),
        ("FREQ=DAILY;COUNT=2", True),
        ("FREQ=WEEKLY", True),
        ("FREQ=WEEKLY;BYDAY=MO", False),
        ("FREQ=MONTHLY;BYMONTH=2", True),
        ("FREQ=MONTHLY;BYMONTHDAY=2", False),
        ("FREQ=YEARLY;BYYEARDAY=2", False),
        ("FREQ=YEARLY;BYMONTH=2", True),
    ],
)
def test_rules_that_count_need_a_first_day(text: str, anchored: bool) -> None:
    rule = parse_rrule(text)
    assert rule.anchored is anchored
    if anchored:
        with pytest.raises(ValueError, match="needs one"):
            fallen(rule, NINETIES, 10)
    else:
        assert set(fallen(rule, NINETIES, 400)) >= set(fallen(rule, NINETIES, 400, NINETIES))


def test_counting_begins_at_the_first_day_however_long_ago() -> None:
    rule = parse_rrule("FREQ=DAILY;COUNT=3000;INTERVAL=3")
    first = dt.date(2001, 1, 1)
    last = first + dt.timedelta(days=2999 * 3)
    assert fallen(rule, last - dt.timedelta(days=7), 30, first) == [
        last - dt.timedelta(days=6),
        last - dt.timedelta(days=3),
        last,
    ]
    assert fallen(rule, last + dt.timedelta(days=1), 400, first) == []


def test_nothing_falls_before_the_first_day() -> None:
    rule = Rule(Freq.WEEKLY, by_day=(Weekday(1),))
    assert fallen(rule, NINETIES, 30, dt.date(2000, 1, 1)) == []


def test_a_rule_may_begin_on_the_last_day_of_all() -> None:
    rule = parse_rrule("FREQ=DAILY;COUNT=5")
    last = dt.date.max
    assert fallen(rule, last - dt.timedelta(days=9), 10, last) == [last]
