"""The words of `every` and the rules they mean."""

from __future__ import annotations

import datetime as dt

import pytest

from pushctl.manifest.schedule.every import Every, missing_day, rule_of
from pushctl.schedule.rrule import format_rrule, parse_rrule
from pushctl.schedule.rule import Rule


@pytest.mark.parametrize(
    ("every", "rule"),
    [
        ("day", "FREQ=DAILY"),
        ("weekday", "FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR"),
        ("mon", "FREQ=WEEKLY;BYDAY=MO"),
        (("wed", "mon"), "FREQ=WEEKLY;BYDAY=MO,WE"),
        ("2 days", "FREQ=DAILY;INTERVAL=2"),
        ("3 weeks", "FREQ=WEEKLY;INTERVAL=3"),
        ("12 months", "FREQ=MONTHLY;INTERVAL=12"),
        ("last day", "FREQ=MONTHLY;BYMONTHDAY=-1"),
        ((15, "last day", 1), "FREQ=MONTHLY;BYMONTHDAY=-1,1,15"),
        ((31,), "FREQ=MONTHLY;BYMONTHDAY=31"),
        ("last fri", "FREQ=MONTHLY;BYDAY=-1FR"),
        (("3rd mon", "1st mon"), "FREQ=MONTHLY;BYDAY=1MO,3MO"),
        (("5th sun",), "FREQ=MONTHLY;BYDAY=5SU"),
    ],
)
def test_words_mean_a_rule(every: Every, rule: str) -> None:
    assert rule_of(every) == parse_rrule(rule)
    assert format_rrule(rule_of(every)) == rule


JANUARY = dt.date(2027, 1, 31)


@pytest.mark.parametrize(
    ("rule", "first", "missing"),
    [
        (rule_of((1, 28)), None, None),
        (rule_of((29,)), None, 29),
        (rule_of((30, 31, "last day")), None, 31),
        (rule_of("last day"), None, None),
        (rule_of("mon"), None, None),
        (rule_of("2 weeks"), JANUARY, None),
        (rule_of("3 months"), JANUARY, 31),
        (rule_of("3 months"), dt.date(2027, 1, 30), None),
        (rule_of("6 months"), dt.date(2026, 8, 30), 30),
        (rule_of("12 months"), JANUARY, None),
        (parse_rrule("FREQ=YEARLY"), dt.date(2028, 2, 29), 29),
        (parse_rrule("FREQ=YEARLY"), JANUARY, None),
        (parse_rrule("FREQ=YEARLY;BYMONTH=1,6"), JANUARY, 31),
        (parse_rrule("FREQ=YEARLY;BYMONTH=12;BYMONTHDAY=31"), None, None),
        (parse_rrule("FREQ=MONTHLY;BYMONTHDAY=28,29,30,31;BYSETPOS=-1"), None, None),
    ],
)
def test_days_that_some_months_do_not_have(
    rule: Rule, first: dt.date | None, missing: int | None
) -> None:
    assert missing_day(rule, first) == missing
