"""What is typed for a schedule, and what people are told to type instead."""

from __future__ import annotations

from zoneinfo import ZoneInfo

import pytest

from pushctl.manifest.schedule.mistyped import clock
from pushctl.manifest.schedule.phrase import PhraseError, parse
from pushctl.manifest.schedule.timezones import TimeError

SHANGHAI = ZoneInfo("Asia/Shanghai")


@pytest.mark.parametrize(
    ("typed", "fix"),
    [
        ("every day at 9:00", "write: at 09:00"),
        ("every day at 9", "write: at 09:00"),
        ("every day at 9am", "write: at 09:00"),
        ("every day at 09:00 18:00", "write: at 09:00,18:00"),
        ("every day at sometime", "write a time of day, such as: at 09:45"),
        ("every day at 09:00 Asia/Tokyo", "write: at 09:00 in Asia/Tokyo"),
        ("every day at 9 UTC", "write: at 09:00 in UTC"),
        (
            "every day at 09:00 JST",
            "write the zone behind `in`, such as: at 09:00 in Asia/Shanghai",
        ),
        ("every day at 09:00 starting 2026-12-01", "write `from` instead of `starting`"),
        ("every day at 2026-12-24T20:00", "write: at 20:00 from 2026-12-24"),
        ("at 2026-12-24 20:00", "write: at 2026-12-24T20:00"),
        ("at 2026-12-24 20:00 Asia/Tokyo", "write: at 2026-12-24T20:00 in Asia/Tokyo"),
        ("at 2026-12-24", "write: at 2026-12-24T09:45"),
        (
            "at 9:00",
            "write the day as well: at 2026-12-24T09:00; or, to repeat it: every day at 09:00",
        ),
        ("at tomorrow", "write a date and time, such as: at 2026-12-24T20:00"),
        ("at 2026-12-24T20:00,2026-12-25T20:00", "write: at 2026-12-24T20:00"),
        ("every day at 09:00 from tomorrow", "write a day, such as: from 2026-12-24"),
        ("every day at 09:00 until 24.12.2026", "write: until 2026-12-24"),
        ("every day at 09:00 skip 25.12.2026", "write: skip 2026-12-25"),
        ("every day at 09:00 gap later", "write: gap next"),
        ("every mon,,tue at 09:00", "write: mon, tue"),
        ("every mon wed at 09:00", "write mon,wed"),
        ("every mon at 09:00 in tokyo", "did you mean Asia/Tokyo?"),
        ("every day", "write: every day at 09:45"),
        ("every day 09:00", "write: every day at 09:00"),
        ("FREQ=DAILY", "write: FREQ=DAILY at 09:45"),
        ("daily at 9", "write: every day at 09:00"),
        ("daily", "write: every day at 09:45"),
        ("weekly at 9", "write: every mon at 09:00"),
        (
            "mondays and fridays 9:00 in Europe/Berlin until 2027-01-01",
            "write: every mon,fri at 09:00 in Europe/Berlin until 2027-01-01",
        ),
        ("2026-12-24 20:00", "write: at 2026-12-24T20:00"),
        ("once 2026-12-24T20:00", "write: at 2026-12-24T20:00"),
        ("tomorrow at 9", "write the day: at 2026-12-24T09:00"),
        ("0 9 * * 1-5", "write: every weekday at 09:00"),
        ("\u6bcf\u5929 09:00", "write it in these words: every day at 09:00"),
        ("so what", "write: every mon,wed at 09:45"),
    ],
)
def test_what_to_type_instead(typed: str, fix: str) -> None:
    with pytest.raises((PhraseError, TimeError)) as caught:
        parse(typed, SHANGHAI)
    assert caught.value.fix == fix


def test_cron_is_called_by_its_name() -> None:
    with pytest.raises(PhraseError, match="looks like cron, which is not read here"):
        parse("0 9 * * *", SHANGHAI)


def test_all_that_can_be_said_is_only_listed_where_nothing_better_is_known() -> None:
    with pytest.raises(PhraseError) as caught:
        parse("so what", SHANGHAI)
    assert "It is written like" in str(caught.value)
    with pytest.raises(PhraseError) as caught:
        parse("daily at 9", SHANGHAI)
    assert str(caught.value) == "'daily at 9' begins with neither `every` nor `at`."


@pytest.mark.parametrize(
    ("typed", "time"),
    [
        ("9", "09:00"),
        ("9.30", "09:30"),
        ("9:30:15", "09:30:15"),
        ("12am", "00:00"),
        ("12 pm", "12:00"),
        ("9:30 p.m.", "21:30"),
        ("9 o'clock", "09:00"),
        ("noon", "12:00"),
        ("24:00", None),
        ("13pm", None),
        ("0am", None),
        ("9:60", None),
        ("nine", None),
    ],
)
def test_times_of_day_as_people_write_them(typed: str, time: str | None) -> None:
    assert clock(typed) == time
