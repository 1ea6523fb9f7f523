"""Schedules that cannot be used, and what is said about them, word for word."""

from __future__ import annotations

from pathlib import Path

import pytest

from pushctl.diagnostics import Diagnostic
from pushctl.manifest.compile import compile_manifest
from tests.unit.manifest.project import HEAD, project

NOW = 1796086800  # 2026-12-01T09:00:00+08:00


def findings(folder: Path, schedule: str, *, zone: str = "Asia/Shanghai") -> list[Diagnostic]:
    text = (
        f"{HEAD.replace('Asia/Shanghai', zone)}pushes:\n  hello:\n    schedule: {schedule}\n"
        "    to: {users: [a]}\n    message: {title: a, body: b}\n"
    )
    reading = project(folder, {"pushctl.yaml": text})
    return [*reading.diagnostics, *compile_manifest(reading, now=NOW).diagnostics]


ONE_KIND = (
    "keep one kind of days, such as [mon, wed], [1st mon, last fri] or [1, 15, last day] "
    "(days 1 to 31); another kind needs a push of its own"
)
NO_WEEKDAYS = "name no weekdays here, but the days on which it delivers in `every`"
USUAL = "write a name from the IANA database, such as Asia/Shanghai or Europe/Berlin"


@pytest.mark.parametrize(
    ("schedule", "detail", "fix"),
    [
        ("[mon wed]", '"mon wed" is not written as it has to be.', "write [mon, wed]"),
        ("mon wed", '"mon wed" is not written as it has to be.', "write [mon, wed]"),
        ("[monday, friday]", '"monday" is not written as it has to be.', "write [mon, fri]"),
        ("[mon, 15]", '"mon, 15" mixes kinds of days; a list holds one kind only.', ONE_KIND),
        ("[last fri, 15]", "a list holds one kind only.", ONE_KIND),
        ("[mon, last fri]", "a list holds one kind only.", ONE_KIND),
        ("31st", '"31st" is not written as it has to be.', "write [31]"),
        ("[day]", '"day" stands alone, not in a list.', "write day"),
        ('"0 9 * * 1"', "looks like cron", 'write `every: mon` and `at: "09:00"`'),
    ],
)
def test_days_of_every(schedule: str, detail: str, fix: str, tmp_path: Path) -> None:
    (found,) = findings(tmp_path, f'{{every: {schedule}, at: "09:45"}}')
    assert detail in found.detail
    assert (found.code, found.fix) == ("PSH113", fix)


def test_what_is_wrong_with_a_list_is_said_at_the_first_item_of_it(tmp_path: Path) -> None:
    (found,) = findings(tmp_path, '{every: [mon, tuesday, friday], at: "09:45"}')
    assert found.range is not None
    assert found.range.start.column == len("    schedule: {every: [mon, t")


def test_lists_of_other_things_and_empty_ones_are_told_as_before(tmp_path: Path) -> None:
    (found,) = findings(tmp_path, '{every: [{a: 1}], at: "09:45"}')
    assert found.code == "PSH110"
    (found,) = findings(tmp_path, '{every: [mon, mon], at: "09:45"}')
    assert found.detail == "`schedule.every` has the same value twice."
    several = findings(tmp_path, '{every: [mon wed, mon wed], at: "09:45"}')
    assert {item.detail for item in several} == {
        '"mon wed" is not written as it has to be.',
        "`schedule.every` has the same value twice.",
    }
    (found,) = findings(tmp_path, '{every: [], at: "09:45"}')
    assert found.detail == "`schedule.every` is empty."


ADD_AT = (
    "add `at: ...`: when: date and time of a one-time push; with `every` or `rrule`, one or "
    "several times of day"
)


@pytest.mark.parametrize(
    ("schedule", "code", "fix"),
    [
        ("{every: day}", "PSH111", ADD_AT),
        ("{rrule: FREQ=DAILY}", "PSH111", ADD_AT),
        ("{}", "PSH111", ADD_AT),
        ('{cron: "0 9 * * 1-5"}', "PSH104", 'write `every: weekday` and `at: "09:00"`'),
        (
            "{cron: []}",
            "PSH104",
            'write days and times, such as `every: [mon, wed]` and `at: "09:45"`',
        ),
        (
            '{rrule: FREQ=WEEKLY;BYDAY=MON, at: "09:45"}',
            "PSH118",
            "write it like FREQ=MONTHLY;BYDAY=-1FR, or say it with `every`",
        ),
        (
            "{rrule: '0 9 * * *', at: \"09:45\"}",
            "PSH118",
            'cron is not read here; write `every: day` and `at: "09:00"`',
        ),
        (
            '{rrule: "FREQ=DAILY;BYHOUR=9;BYMINUTE=0", at: "09:45"}',
            "PSH115",
            "keep one of the two",
        ),
        (
            '{rrule: "FREQ=DAILY;BYHOUR=9"}',
            "PSH118",
            "write it like FREQ=MONTHLY;BYDAY=-1FR, or say it with `every`",
        ),
        ('{every: day, at: "09:45", skip: [sat]}', "PSH120", NO_WEEKDAYS),
        ('{every: day, at: "09:45", skip: [Weekends]}', "PSH120", NO_WEEKDAYS),
        ('{every: day, at: "09:45", skip: [monday]}', "PSH120", NO_WEEKDAYS),
        (
            '{every: day, at: "09:45", skip: [sunshine]}',
            "PSH120",
            "add `calendars: {sunshine: calendars/sunshine.txt}`",
        ),
        (
            '{every: day, at: "09:45", skip: [2027-02-05..2027-02-30]}',
            "PSH113",
            "write a day that exists",
        ),
        (
            '{every: day, at: "09:45", skip: [2027-02-05..2027-02-04]}',
            "PSH115",
            "exchange the two days",
        ),
    ],
)
def test_what_to_write_instead(schedule: str, code: str, fix: str, tmp_path: Path) -> None:
    (found,) = findings(tmp_path, schedule)
    assert (found.code, found.fix) == (code, fix)


@pytest.mark.parametrize(
    ("zone", "fix"),
    [
        ("Europe/Berln", "write Europe/Berlin"),
        ("New York", "did you mean America/New_York?"),
        ("America/New York", "write America/New_York"),
        ("Asia/New_York", "did you mean America/New_York?"),
        ("asia/shanghai", "write Asia/Shanghai"),
        ("Tokyo", "did you mean Asia/Tokyo?"),
        ("Pekin", USUAL),
        ("Beijing", "did you mean Asia/Shanghai?"),
        ("Europe/Munich", "did you mean Europe/Berlin?"),
        ("PST", "did you mean America/Los_Angeles?"),
        ("GMT+8", "did you mean Asia/Shanghai?"),
        ("+08:00", "did you mean Asia/Shanghai?"),
        ("China Standard Time", "did you mean Asia/Shanghai?"),
        ("北京时间", "did you mean Asia/Shanghai?"),
        (f"{'X' * 130}/Tokyo", "did you mean Asia/Tokyo?"),
    ],
)
def test_the_zone_that_was_meant_is_named(zone: str, fix: str, tmp_path: Path) -> None:
    (found,) = findings(tmp_path, '{every: day, at: "09:45"}', zone=zone)
    assert found.fix == fix
    (again,) = findings(tmp_path, f'{{every: day, at: "09:45", timezone: {zone}}}')
    assert again.fix == fix
