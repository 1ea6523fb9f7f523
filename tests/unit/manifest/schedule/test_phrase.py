"""Schedules typed on one line say what the manifest says in the same words."""

from __future__ import annotations

import datetime as dt
import re
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from pushctl.manifest.checks.schedule import CompileContext, schedule_of
from pushctl.manifest.schedule.phrase import EXAMPLE, PhraseError, parse
from pushctl.manifest.schedule.timezones import TimeError
from pushctl.manifest.schedule.working_days import Holidays
from pushctl.schedule.recurrence import Recurrence
from pushctl.schedule.rule import ShortMonths
from pushctl.schedule.service_schedule import Horizon, OneShot
from pushctl.schedule.zone_offsets import Fold, Gap
from tests.unit.manifest.project import HEAD, project

SHANGHAI = ZoneInfo("Asia/Shanghai")
NOW = 1796086800  # 2026-12-01T09:00:00+08:00
CALENDARS = {"holidays": Holidays(((dt.date(2026, 12, 25), dt.date(2026, 12, 26)),))}


@pytest.mark.parametrize(
    ("phrase", "written"),
    [
        ("every day at 09:45", '{every: day, at: "09:45"}'),
        (
            "every mon,wed at 20:00 from 2026-12-01 until 2027-05-29 in America/New_York",
            '{every: [mon, wed], at: "20:00", from: 2026-12-01, until: 2027-05-29, '
            "timezone: America/New_York}",
        ),
        ("every Mon and Wed at 20:00", '{every: [mon, wed], at: "20:00"}'),
        (
            "every 1, 15 and last day at 09:00,18:00",
            '{every: [1, 15, last day], at: ["09:00", "18:00"]}',
        ),
        ("every 15 at 09:00", '{every: [15], at: "09:00"}'),
        ("every last fri at 09:00", '{every: last fri, at: "09:00"}'),
        ("every 1st mon,3rd mon at 09:00:30", '{every: [1st mon, 3rd mon], at: "09:00:30"}'),
        (
            "every 2 weeks at 09:00 from 2026-12-07",
            '{every: 2 weeks, at: "09:00", from: 2026-12-07}',
        ),
        (
            "every weekday at 09:00 skip 2026-12-24,2027-02-05..2027-02-11,holidays",
            '{every: weekday, at: "09:00", skip: ["2026-12-24", '
            "{from: 2027-02-05, until: 2027-02-11}, holidays]}",
        ),
        (
            "every day at 09:00 skip 2027-02-05 .. 2027-02-11",
            '{every: day, at: "09:00", skip: ["2027-02-05..2027-02-11"]}',
        ),
        (
            "every day at 09:00 skip 2027-02-05..2027-02-11",
            '{every: day, at: "09:00", skip: [{from: 2027-02-05, until: 2027-02-11}]}',
        ),
        ("FREQ=MONTHLY;BYDAY=-1FR at 09:00", '{rrule: FREQ=MONTHLY;BYDAY=-1FR, at: "09:00"}'),
        (
            "FREQ=WEEKLY;BYDAY=MO;BYHOUR=9;BYMINUTE=0;BYSECOND=0",
            '{every: mon, at: "09:00"}',
        ),
        (
            "every last workday at 09:00 skip holidays",
            '{every: last workday, at: "09:00", skip: [holidays]}',
        ),
        (
            "every fri at 09:00 on_holiday skip skip holidays",
            '{every: fri, at: "09:00", skip: [holidays], on_holiday: skip}',
        ),
        ("at 2026-12-24T20:00 in Europe/Berlin", "{at: 2026-12-24T20:00, timezone: Europe/Berlin}"),
        (
            "at 2027-03-28T02:30 in Europe/Berlin gap shift fold second",
            "{at: 2027-03-28T02:30, timezone: Europe/Berlin, gap: shift, fold: second}",
        ),
        (
            "every 31 at 09:00 gap skip short_months last-day fold second skip 2026-12-31",
            '{every: [31], at: "09:00", gap: skip, short_months: last-day, fold: second, '
            "skip: ['2026-12-31']}",
        ),
    ],
)
def test_a_phrase_is_the_manifest_on_one_line(phrase: str, written: str, tmp_path: Path) -> None:
    text = (
        f"{HEAD}calendars: {{holidays: days.txt}}\npushes:\n  hello:\n    schedule: {written}\n"
        "    to: {users: [a]}\n    message: {title: a, body: b}\n"
    )
    reading = project(tmp_path, {"pushctl.yaml": text, "days.txt": "2026-12-25..2026-12-26\n"})
    assert reading.diagnostics == ()
    assert reading.calendars == CALENDARS
    context = CompileContext(NOW, SHANGHAI, Horizon(SHANGHAI), calendars=reading.calendars)
    meant = schedule_of(reading.pushes[0], context)
    assert parse(phrase, SHANGHAI, calendars=CALENDARS) == meant


def test_what_a_phrase_means() -> None:
    once = parse("at 2026-12-24T20:00", SHANGHAI)
    assert once == OneShot(1798113600)
    found = parse("every 31 at 18:00,09:00 gap skip fold second short_months last-day", SHANGHAI)
    assert isinstance(found, Recurrence)
    assert found.times == (dt.time(9), dt.time(18))
    assert (found.gap, found.fold, found.rule.short) == (Gap.SKIP, Fold.SECOND, ShortMonths.LAST)


@pytest.mark.parametrize(
    ("phrase", "says", "fix"),
    [
        ("every mon", "`at` is missing.", "add `at: ...`: when"),
        ("FREQ=DAILY", "`at` is missing.", "add `at: ...`: when"),
        ("every at 09:00", "Nothing follows `every`", EXAMPLE),
        ("every mon, at", "Nothing follows `at`", EXAMPLE),
        ("every 2 weeks,mon at 09:00", "mixes kinds of days", "keep one kind of days"),
        ("every mon wed at 09:00", '"mon wed" is not written', "write [mon, wed]"),
        ("every monday at 09:00", '"monday" is not written', "write mon"),
        ("every 0 at 09:00", '"0" says no days', "write day, weekday"),
        ("every day at 9:00", '`at` is "9:00"', 'write "09:00"'),
        ("every day at sometime", '`at` cannot be "sometime"', "write hours and minutes"),
        ("every day at 2026-12-24T20:00", "has only times of day", 'write "20:00", and `from'),
        (
            "at 2026-12-24",
            "a time of day is needed",
            "write the time behind it, as in 2026-12-24T20:00",
        ),
        ("at 24.12.2026 20:00", "is not written", "write 2026-12-24T20:00"),
        ("at Dec 24, 2026 8pm", "is not written", "write 2026-12-24T20:00"),
        ("24.12.2026 20:00", "begins with neither", "write at 2026-12-24T20:00"),
        ("Dec 24 8pm", "begins with neither", "write it with its year: at YYYY-12-24T20:00"),
        ("3/4/2026 20:00", "begins with", "did you mean at 2026-04-03T20:00 or at 2026-03-04T"),
        ("8 pm", "begins with neither", "write the days, too, such as: every mon,wed at 20:00"),
        ("every day at 20:00 or so", 'cannot be "20:00 or so"', "write hours and minutes"),
        ("at 2026-12-24 20:00", "is not written", "write 2026-12-24T20:00"),
        ("at 09:45", "a date is needed", "write YYYY-MM-DDT09:45 with the day, or add `every`"),
        ("at 2026-12-24T20:00,2026-12-25T20:00", "here it is a list", "write date and time"),
        ("at 2026-12-24T20:00 until 2026-12-25", "there is no `every`", "add `every`, or delete"),
        ("at 2026-12-24T20:00 gap skip", "`gap` must be next or shift", "write next or shift"),
        ("every day at 09:00 from tomorrow", '`from` cannot be "tomorrow"', "write year-month-day"),
        ("every day at 09:00 skip 25.12.2026", "is not written", "write 2026-12-25"),
        ("every day at 09:00 gap later", "`gap` must be next, shift or skip", "write next"),
        ("every day at 09:00 at 10:00", "says `at` twice", "write `at` once"),
        ("FREQ=DAILY every day at 09:00", "and so does `every`", "keep one of the two"),
        ("0 9 * * 1-5", "looks like cron", "write: every weekday at 09:00"),
    ],
)
def test_what_is_wrong_is_said_in_the_words_of_the_manifest(
    phrase: str, says: str, fix: str
) -> None:
    with pytest.raises(PhraseError, match=re.escape(says)) as caught:
        parse(phrase, SHANGHAI)
    assert caught.value.fix is not None
    assert caught.value.fix.startswith(fix)


@pytest.mark.parametrize("phrase", ["now", "tomorrow at 09:00", "daily at 9", "09:00 every day"])
def test_all_that_can_be_said_is_listed_where_nothing_is_understood(phrase: str) -> None:
    with pytest.raises(PhraseError, match=r"begins with neither `every` nor `at`[.] It is written"):
        parse(phrase, SHANGHAI)


@pytest.mark.parametrize(
    "phrase",
    ['every [mon, wed] at "09:00"', 'every: [mon, wed] at: "09:00"', "every mon,,wed at 09:00"],
)
def test_brackets_and_quotes_may_be_there(phrase: str) -> None:
    assert parse(phrase, SHANGHAI) == parse("every mon,wed at 09:00", SHANGHAI)


@pytest.mark.parametrize(
    ("phrase", "code"),
    [
        ("every 2 weeks at 09:00", "PSH111"),
        ("every day at 09:00 until 2027-02-30", "PSH113"),
        ("every mon at 09:00 short_months skip", "PSH115"),
        ("FREQ=HOURLY at 09:00", "PSH118"),
        ("every day at 09:00 skip holiday", "PSH120"),
        ("every day at 09:00 in Mars/Base", "PSH203"),
        ("at 2027-03-28T02:30 in Europe/Berlin", "PSH205"),
    ],
)
def test_what_the_manifest_refuses_is_refused_alike(phrase: str, code: str) -> None:
    with pytest.raises(TimeError) as caught:
        parse(phrase, SHANGHAI, calendars=CALENDARS)
    assert caught.value.code == code
    assert caught.value.fix
