"""Schedules in words."""

from __future__ import annotations

import contextlib
import datetime as dt
from collections import defaultdict
from collections.abc import Iterator
from itertools import product
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from msgspec.structs import replace

from pushctl.render import schedule_text
from pushctl.schedule.day_mask import days
from pushctl.schedule.recurrence import Recurrence, instants
from pushctl.schedule.rrule import RuleError, parse_rrule
from pushctl.schedule.rule import Rule, ShortMonths, occurrence_days
from pushctl.schedule.service_schedule import Every, Immediate, Loop, OneShot, deliveries
from pushctl.schedule.zone_offsets import Fold, Gap

SHANGHAI = ZoneInfo("Asia/Shanghai")
NEW_YORK = ZoneInfo("America/New_York")
DEC_1 = dt.date(2026, 12, 1)


def said(rule: str, *times: str, short: ShortMonths = ShortMonths.SKIP, **more: Any) -> str:
    """Return the sentence of a recurrence in Shanghai, at 9 unless something else is said."""
    moments = tuple(map(dt.time.fromisoformat, times or ("09:00",)))
    found = Recurrence(replace(parse_rrule(rule), short=short), moments, SHANGHAI, **more)
    return schedule_text.english(found, dt.UTC)


def days_said(rule: str, short: ShortMonths = ShortMonths.SKIP) -> str:
    text = said(rule, short=short, first=DEC_1)
    days, middle, _ = text.partition(" at 09:00 Asia/Shanghai, from Tue 1 Dec 2026")
    assert middle, text
    return days


@pytest.mark.parametrize(
    ("schedule", "words"),
    [
        (Immediate(), "at once, when it is applied"),
        (OneShot(1798113600), "once, Thu 24 Dec 2026 20:00 Asia/Shanghai"),
        (
            Loop(Every.WEEK, (1, 3), dt.time(9, 45, 11), DEC_1, dt.date(2027, 3, 1)),
            "every Monday and Wednesday at 09:45:11 Asia/Shanghai, from Tue 1 Dec 2026, "
            "until Mon 1 Mar 2027",
        ),
        (
            Loop(Every.MONTH, (1, 21), dt.time(8), DEC_1, dt.date(2027, 3, 1)),
            "on the 1st and 21st of every month at 08:00 Asia/Shanghai, from Tue 1 Dec 2026, "
            "until Mon 1 Mar 2027",
        ),
        (
            Loop(Every.MONTH, (26, 29), dt.time(9), dt.date(2027, 1, 29), dt.date(2027, 2, 28)),
            "Fri 29 Jan and Fri 26 Feb 2027 at 09:00 Asia/Shanghai",
        ),
        (
            Loop(Every.MONTH, (31,), dt.time(9), DEC_1, dt.date(2027, 3, 31)),
            "Thu 31 Dec 2026, Sun 31 Jan and Wed 31 Mar 2027 at 09:00 Asia/Shanghai",
        ),
        (
            Loop(Every.MONTH, (1,), dt.time(9), DEC_1, dt.date(2027, 5, 31)),
            "Tue 1 Dec 2026, Fri 1 Jan, Mon 1 Feb, Mon 1 Mar, Thu 1 Apr and Sat 1 May 2027 at 09:00"
            " Asia/Shanghai",
        ),
        (
            Loop(Every.MONTH, (1,), dt.time(9), DEC_1, dt.date(2027, 6, 1)),
            "on the 1st of every month at 09:00 Asia/Shanghai, from Tue 1 Dec 2026, "
            "until Tue 1 Jun 2027",
        ),
        (
            Loop(Every.DAY, (), dt.time(8), DEC_1, dt.date(2027, 3, 1)),
            "every day at 08:00 Asia/Shanghai, from Tue 1 Dec 2026, until Mon 1 Mar 2027",
        ),
    ],
)
def test_what_the_service_gets_in_words(schedule: Any, words: str) -> None:
    assert schedule_text.english(schedule, SHANGHAI) == words


@pytest.mark.parametrize(
    ("rule", "words"),
    [
        ("FREQ=DAILY", "every day"),
        ("FREQ=DAILY;INTERVAL=3", "every 3 days"),
        ("FREQ=DAILY;BYMONTH=6,7,8", "every day in June, July and August"),
        ("FREQ=DAILY;BYDAY=MO,TU,WE,TH,FR", "every weekday"),
        ("FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR", "every weekday"),
        ("FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR,SA,SU", "every day"),
        ("FREQ=WEEKLY;BYDAY=WE,MO", "every Monday and Wednesday"),
        ("FREQ=WEEKLY", "every Tuesday"),
        ("FREQ=WEEKLY;INTERVAL=2;BYDAY=MO", "every 2 weeks on Monday"),
        (
            "FREQ=WEEKLY;INTERVAL=2;BYDAY=MO;WKST=SU",
            "every 2 weeks on Monday (weeks begin on Sunday)",
        ),
        ("FREQ=MONTHLY", "on the 1st of every month"),
        (
            "FREQ=MONTHLY;BYMONTHDAY=1,2,3,11,21,22,23",
            "on the 1st, 2nd, 3rd, 11th, 21st, 22nd and 23rd of every month",
        ),
        ("FREQ=MONTHLY;BYMONTHDAY=-1", "on the last day of every month"),
        ("FREQ=MONTHLY;BYMONTHDAY=1,-2", "on the 1st and 2nd-to-last day of every month"),
        ("FREQ=MONTHLY;INTERVAL=3;BYMONTHDAY=15", "every 3 months on the 15th"),
        ("FREQ=MONTHLY;BYMONTH=1,7;BYMONTHDAY=15", "on the 15th of January and July"),
        ("FREQ=MONTHLY;BYMONTHDAY=31", "on the 31st of every month (not in shorter months)"),
        ("FREQ=MONTHLY;BYMONTH=12;BYMONTHDAY=31", "on the 31st of December"),
        ("FREQ=MONTHLY;BYDAY=-1FR", "on the last Friday of every month"),
        (
            "FREQ=MONTHLY;BYDAY=1MO,3WE,-2SU",
            "on the first Monday, third Wednesday and 2nd-to-last Sunday of every month",
        ),
        ("FREQ=MONTHLY;BYDAY=MO", "every Monday"),
        (
            "FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=1,-1",
            "on the first and last weekday of every month",
        ),
        ("FREQ=MONTHLY;BYDAY=SA,SU;BYSETPOS=2", "on the second weekend day of every month"),
        ("FREQ=MONTHLY;BYDAY=FR,SA;BYSETPOS=1", "on the first Friday or Saturday of every month"),
        ("FREQ=YEARLY", "on the 1st of December every year"),
        ("FREQ=YEARLY;BYMONTH=11;BYDAY=4TH", "on the fourth Thursday of November every year"),
        (
            "FREQ=YEARLY;INTERVAL=2;BYMONTH=1,7;BYMONTHDAY=1",
            "every 2 years on the 1st of January and July",
        ),
        (
            "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=29",
            "on the 29th of February every year (not in shorter months)",
        ),
    ],
)
def test_days_in_words(rule: str, words: str) -> None:
    assert days_said(rule) == words


@pytest.mark.parametrize(
    "rule",
    [
        "FREQ=YEARLY;BYYEARDAY=100",
        "FREQ=YEARLY;BYDAY=20MO",
        "FREQ=MONTHLY;BYMONTHDAY=13;BYDAY=FR",
        "FREQ=MONTHLY;BYMONTHDAY=-31",
        "FREQ=MONTHLY;BYDAY=MO,2TU",
        "FREQ=MONTHLY;INTERVAL=2;BYMONTH=1,7;BYMONTHDAY=1",
        "FREQ=YEARLY;BYDAY=MO;BYSETPOS=2",
        "FREQ=WEEKLY;BYDAY=MO,TU;BYSETPOS=1",
        "FREQ=DAILY;INTERVAL=2;BYDAY=MO",
    ],
)
def test_what_has_no_words_is_shown_as_a_rule(rule: str) -> None:
    assert days_said(rule) == f"by the rule {rule}"


def test_days_that_move_to_the_end_of_a_month() -> None:
    assert (
        days_said("FREQ=MONTHLY;BYMONTHDAY=15,31", ShortMonths.LAST)
        == "on the 15th and 31st of every month (the last day of shorter months)"
    )
    assert days_said("FREQ=MONTHLY;BYMONTHDAY=28", ShortMonths.LAST) == "on the 28th of every month"
    assert (
        days_said("FREQ=MONTHLY;BYMONTHDAY=31;BYDAY=FR", ShortMonths.LAST)
        == "by the rule FREQ=MONTHLY;BYMONTHDAY=31;BYDAY=FR (the last day of shorter months)"
    )


def test_days_that_no_month_of_a_window_lacks_need_no_words() -> None:
    rule, first = "FREQ=MONTHLY;BYMONTHDAY=31", dt.date(2026, 12, 31)
    within = said(rule, first=first, last=dt.date(2027, 1, 31))
    assert within.startswith("on the 31st of every month at ")
    beyond = said(rule, first=first, last=dt.date(2027, 2, 28))
    assert beyond.startswith("on the 31st of every month (not in shorter months) at ")


def test_days_that_follow_one_another_are_said_by_the_first_and_the_last() -> None:
    numbers = ",".join(map(str, (1, 2, 3, 5, 6, 7, 8, 20, -2, -1)))
    assert (
        days_said(f"FREQ=MONTHLY;BYMONTHDAY={numbers}")
        == "on the 1st, 2nd, 3rd, 5th to 8th, 20th, 2nd-to-last day and last day of every month"
    )


def test_the_bounds_and_exceptions_of_a_recurrence() -> None:
    whole = Recurrence(
        parse_rrule("FREQ=WEEKLY;BYDAY=MO,WE"),
        (dt.time(20),),
        NEW_YORK,
        DEC_1,
        dt.date(2027, 5, 29),
        ((dt.date(2027, 2, 5), dt.date(2027, 2, 11)), (dt.date(2026, 12, 25),) * 2),
    )
    assert schedule_text.english(whole, SHANGHAI) == (
        "every Monday and Wednesday at 20:00 America/New_York, from Tue 1 Dec 2026, "
        "until Sat 29 May 2027, not on Fri 25 Dec 2026 and 5 to 11 Feb 2027"
    )
    assert said("FREQ=DAILY", "09:00", "12:30", "18:00:05") == (
        "every day at 09:00, 12:30 and 18:00:05 Asia/Shanghai, until further notice"
    )
    counted = said("FREQ=DAILY;COUNT=10", first=DEC_1)
    assert counted.endswith(", from Tue 1 Dec 2026, for 10 days in all")


@pytest.mark.parametrize(
    ("first", "last", "words"),
    [
        ((2027, 1, 28), (2027, 2, 3), "28 Jan to 3 Feb 2027"),
        ((2026, 12, 30), (2027, 1, 2), "30 Dec 2026 to 2 Jan 2027"),
        ((2026, 12, 30), (2026, 12, 31), "30 to 31 Dec 2026"),
        ((2026, 12, 30), (2027, 12, 31), "30 Dec 2026 to 31 Dec 2027"),
    ],
)
def test_ranges_of_days(
    first: tuple[int, int, int], last: tuple[int, int, int], words: str
) -> None:
    skip = ((dt.date(*first), dt.date(*last)),)
    assert said("FREQ=DAILY", skip=skip).endswith(f", not on {words}")


def test_days_that_come_besides_are_told() -> None:
    friday, saturday = dt.date(2027, 1, 29), dt.date(2027, 1, 30)
    told = said("FREQ=DAILY", skip=((friday, friday),), also=((saturday, saturday),))
    assert told.endswith(", not on Fri 29 Jan 2027, also on Sat 30 Jan 2027")


def test_many_exceptions_are_counted() -> None:
    singles = tuple((dt.date(2027, 1, day),) * 2 for day in range(1, 20, 2))
    skip = (*singles, (dt.date(2027, 1, 5), dt.date(2027, 1, 6)))
    assert said("FREQ=DAILY", skip=skip).endswith(
        ", not on 11 days from Fri 1 Jan 2027 to Tue 19 Jan 2027"
    )


def test_choices_about_clock_changes_are_told_where_there_are_any() -> None:
    chosen = Recurrence(
        parse_rrule("FREQ=DAILY"), (dt.time(2, 30),), NEW_YORK, gap=Gap.SKIP, fold=Fold.SECOND
    )
    assert schedule_text.english(chosen, SHANGHAI).endswith(
        ", not at times that the clocks skip, the second of times that come twice"
    )
    assert "clocks" not in schedule_text.english(replace(chosen, zone=SHANGHAI), SHANGHAI)
    assert "clocks" not in schedule_text.english(replace(chosen, gap=None, fold=None), SHANGHAI)


@pytest.mark.parametrize("kind", list(Every))
def test_a_loop_is_a_recurrence_at_the_same_moments(kind: Every) -> None:
    on = {Every.DAY: (), Every.WEEK: (1, 7), Every.MONTH: (1, 30, 31)}[kind]
    loop = Loop(kind, on, dt.time(2, 30), DEC_1, dt.date(2027, 5, 1))
    meant = schedule_text.of_loop(loop, SHANGHAI)
    assert instants(meant, 0, 2**32) == tuple(deliveries(loop, SHANGHAI))


def many_rules() -> Iterator[Rule]:
    """Yield some thousand rules of all kinds, as far as RFC 5545 allows them."""
    parts = (
        ["DAILY", "WEEKLY", "MONTHLY", "YEARLY"],
        ["", ";INTERVAL=2"],
        ["", ";BYMONTH=2", ";BYMONTH=1,12"],
        ["", ";BYMONTHDAY=1", ";BYMONTHDAY=30,31", ";BYMONTHDAY=28,29", ";BYMONTHDAY=-1,13"],
        ["", ";BYDAY=FR", ";BYDAY=MO,TU,WE,TH,FR", ";BYDAY=SA,SU", ";BYDAY=-1FR", ";BYDAY=1MO,FR"],
        ["", ";BYSETPOS=1", ";BYSETPOS=-1,2"],
        ["", ";WKST=SU"],
    )
    for freq, *others in product(*parts):
        with contextlib.suppress(RuleError):
            rule = parse_rrule(f"FREQ={freq}{''.join(others)}")
            yield from (replace(rule, short=short) for short in ShortMonths)


def test_one_sentence_never_means_two_things() -> None:
    span = days(DEC_1, 6 * 366)
    meanings: dict[str, set[int]] = defaultdict(set)
    for rule in many_rules():
        schedule = Recurrence(rule, (dt.time(9),), SHANGHAI, DEC_1)
        meanings[schedule_text.english(schedule, SHANGHAI)].add(occurrence_days(rule, span, DEC_1))
    assert len(meanings) > 500
    assert {text: len(found) for text, found in meanings.items() if len(found) > 1} == {}
