"""Schedules in words, cron and RRULE."""

from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo

import pytest

from pushctl.core.schedule import Every, Immediate, Loop, OneShot
from pushctl.render import recurrence

SHANGHAI = ZoneInfo("Asia/Shanghai")
WEEKLY = Loop(Every.WEEK, (1, 3), dt.time(9, 45, 11), dt.date(2026, 12, 1), dt.date(2027, 3, 1))
WEEKDAYS = Loop(Every.WEEK, (1, 2, 3, 4, 5), dt.time(20))
SUNDAY = Loop(Every.WEEK, (7,), dt.time(20))
DAILY = Loop(Every.DAY, (), dt.time(9, 45))
MONTHLY = Loop(Every.MONTH, (1, 2, 3, 11, 21), dt.time(8, 0))


@pytest.mark.parametrize(
    ("schedule", "words"),
    [
        (Immediate(), "at once, when it is applied"),
        (OneShot(1798113600), "once, Thu 24 Dec 2026 20:00 Asia/Shanghai"),
        (
            WEEKLY,
            "every Monday and Wednesday at 09:45:11 Asia/Shanghai, from Tue 1 Dec 2026, "
            "until Mon 1 Mar 2027",
        ),
        (WEEKDAYS, "every weekday at 20:00 Asia/Shanghai, until further notice"),
        (DAILY, "every day at 09:45 Asia/Shanghai, until further notice"),
        (
            MONTHLY,
            "on the 1st, 2nd, 3rd, 11th and 21st of every month at 08:00 Asia/Shanghai, "
            "until further notice",
        ),
    ],
)
def test_english_says_when(schedule: object, words: str) -> None:
    assert recurrence.english(schedule, SHANGHAI) == words  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("schedule", "fields"),
    [
        (DAILY, "45 9 * * *"),
        (WEEKDAYS, "0 20 * * 1,2,3,4,5"),
        (SUNDAY, "0 20 * * 0"),
        (MONTHLY, "0 8 1,2,3,11,21 * *"),
        (WEEKLY, None),
        (OneShot(0), None),
    ],
)
def test_cron_says_what_cron_can_say(schedule: object, fields: str | None) -> None:
    assert recurrence.cron(schedule) == fields  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("schedule", "rule"),
    [
        (DAILY, "FREQ=DAILY;BYHOUR=9;BYMINUTE=45;BYSECOND=0"),
        (
            WEEKLY,
            "FREQ=WEEKLY;BYDAY=MO,WE;BYHOUR=9;BYMINUTE=45;BYSECOND=11;UNTIL=20270301T235959",
        ),
        (MONTHLY, "FREQ=MONTHLY;BYMONTHDAY=1,2,3,11,21;BYHOUR=8;BYMINUTE=0;BYSECOND=0"),
        (OneShot(0), None),
    ],
)
def test_rrule_is_that_of_rfc_5545(schedule: object, rule: str | None) -> None:
    assert recurrence.rrule(schedule) == rule  # type: ignore[arg-type]
