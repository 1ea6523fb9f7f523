"""Rules in the words of RFC 5545: what can be read, what cannot and why, and writing them again."""

from __future__ import annotations

import re
from random import Random

import pytest

from pushctl.schedule.rrule import RuleError, format_rrule, parse_rrule, parse_times
from pushctl.schedule.rule import Freq, Rule, Weekday
from tests.property.schedules.rules import rrule


def test_every_part_is_read() -> None:
    text = (
        "FREQ=YEARLY;INTERVAL=2;COUNT=7;BYMONTH=2,1;BYMONTHDAY=-1,15;BYYEARDAY=-366,1;"
        "BYDAY=MO,FR;BYSETPOS=-1;WKST=SU"
    )
    assert parse_rrule(text) == Rule(
        Freq.YEARLY,
        interval=2,
        count=7,
        by_month=(1, 2),
        by_month_day=(-1, 15),
        by_year_day=(-366, 1),
        by_day=(Weekday(1), Weekday(5)),
        by_set_pos=(-1,),
        week_start=7,
    )


@pytest.mark.parametrize(
    "text",
    [
        "RRULE:FREQ=MONTHLY;BYDAY=-1FR",
        "freq=monthly;byday=-1fr",
        " FREQ=MONTHLY ; BYDAY=-1FR; ",
        "BYDAY=-1FR;FREQ=MONTHLY",
    ],
)
def test_how_it_is_written_does_not_matter(text: str) -> None:
    assert parse_rrule(text) == Rule(Freq.MONTHLY, by_day=(Weekday(5, -1),))


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("", "'' is not NAME=VALUE"),
        ("every day", "is not NAME=VALUE"),
        ("INTERVAL=2", "it does not begin with FREQ="),
        ("FREQ=HOURLY", "FREQ=HOURLY is none of"),
        ("FREQ=DAILY;INTERVAL=", "'INTERVAL=' is not NAME=VALUE"),
        ("FREQ=DAILY;UNTIL=20270101", "write it as `until`"),
        ("FREQ=DAILY;DTSTART=20270101", "write it as `from`"),
        ("FREQ=DAILY;BYWEEKNO=1", "BYWEEKNO is not supported"),
        ("FREQ=DAILY;BYEASTER=1", "BYEASTER is not supported"),
        ("FREQ=DAILY;FREQ=DAILY", "FREQ stands twice"),
        ("FREQ=DAILY;INTERVAL=0", "is not a number from 1 to 10000"),
        ("FREQ=DAILY;COUNT=1e3", "is not a number from"),
        ("FREQ=DAILY;COUNT=99999", "is not a number from"),
        ("FREQ=MONTHLY;BYMONTHDAY=32", "is not a number from -31 to 31"),
        ("FREQ=MONTHLY;BYMONTHDAY=0", "counts from 1"),
        ("FREQ=MONTHLY;BYMONTHDAY=1,,2", "is not a number from"),
        ("FREQ=MONTHLY;BYMONTHDAY=١", "is not a number from"),
        ("FREQ=MONTHLY;BYMONTH=-1", "is not a number from 1 to 12"),
        ("FREQ=MONTHLY;BYDAY=MON", "MON is not a weekday such as"),
        ("FREQ=MONTHLY;BYDAY=0MO", "0MO is not a weekday such as"),
        ("FREQ=WEEKLY;WKST=1", "WKST=1 is not a weekday"),
        ("FREQ=WEEKLY;BYDAY=2TU", "does not go with FREQ=WEEKLY"),
        ("FREQ=DAILY;BYDAY=2TU", "does not go with FREQ=DAILY"),
        ("FREQ=MONTHLY;BYDAY=6TU", "no month has more than five"),
        ("FREQ=YEARLY;BYMONTH=1;BYDAY=6TU", "no month has more than five"),
        ("FREQ=YEARLY;BYDAY=54TU", "no year has more than 53"),
        ("FREQ=WEEKLY;BYMONTHDAY=1", "BYMONTHDAY does not go with FREQ=WEEKLY"),
        ("FREQ=MONTHLY;BYYEARDAY=1", "BYYEARDAY does not go with FREQ=MONTHLY"),
        ("FREQ=DAILY;BYSETPOS=1;BYDAY=MO", "BYSETPOS does not go with FREQ=DAILY"),
        ("FREQ=MONTHLY;BYSETPOS=1", "BYSETPOS needs another BY"),
    ],
)
def test_why_a_rule_cannot_be_read(text: str, why: str) -> None:
    with pytest.raises(RuleError) as caught:
        parse_rrule(text)
    assert why in str(caught.value)


def test_written_rules_read_as_the_same() -> None:
    rng = Random(5545)
    read = 0
    while read < 500:
        try:
            rule = parse_rrule(rrule(rng))
        except RuleError:
            continue
        assert parse_rrule(format_rrule(rule)) == rule
        read += 1


def test_one_meaning_is_written_in_one_way() -> None:
    wanted = "FREQ=WEEKLY;INTERVAL=2;BYDAY=MO,WE"
    assert format_rrule(parse_rrule("BYDAY=WE,MO,WE;INTERVAL=+2;WKST=MO;FREQ=WEEKLY")) == wanted


@pytest.mark.parametrize(
    ("text", "times"),
    [
        ("FREQ=DAILY", []),
        ("RRULE:FREQ=DAILY;BYHOUR=9;BYMINUTE=0;BYSECOND=0", ["09:00:00"]),
        ("freq=daily;byhour=0;byminute=5", ["00:05:00"]),
        ("FREQ=DAILY;BYHOUR=18,9;BYMINUTE=30", ["09:30:00", "18:30:00"]),
        ("FREQ=DAILY;BYHOUR=9;BYMINUTE=0,30;BYSECOND=11", ["09:00:11", "09:30:11"]),
        ("FREQ=MONTHLY;BYDAY=FR;BYSETPOS=-1;BYHOUR=9;BYMINUTE=0", ["09:00:00"]),
    ],
)
def test_the_times_of_day_of_a_rule(text: str, times: list[str]) -> None:
    assert [time.isoformat() for time in parse_times(text)] == times
    assert parse_rrule(text) == parse_rrule(text.upper().partition(";BYHOUR")[0])


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("FREQ=DAILY;BYHOUR=9", "go together: BYHOUR=9;BYMINUTE=0 is 09:00"),
        ("FREQ=DAILY;BYMINUTE=9", "BYHOUR and BYMINUTE go together"),
        ("FREQ=DAILY;BYHOUR=24;BYMINUTE=0", "BYHOUR=24 is not a number from 0 to 23"),
        ("FREQ=DAILY;BYHOUR=9;BYMINUTE=60", "BYMINUTE=60 is not a number from 0 to 59"),
        ("FREQ=DAILY;COUNT=4;BYHOUR=9,18;BYMINUTE=0", "COUNT and BYSETPOS count each"),
        ("FREQ=MONTHLY;BYDAY=FR;BYSETPOS=1;BYHOUR=9,18;BYMINUTE=0", "COUNT and BYSETPOS"),
    ],
)
def test_times_that_cannot_be_read(text: str, why: str) -> None:
    with pytest.raises(RuleError, match=re.escape(why)):
        parse_times(text)
