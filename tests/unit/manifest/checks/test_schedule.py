"""What depends on the clock: offers, accepted findings, days that some months lack."""

from __future__ import annotations

from pathlib import Path

import pytest

from pushctl.diagnostics import Diagnostic
from pushctl.manifest.compile import compile_manifest
from pushctl.manifest.read import read_manifest
from pushctl.schedule.recurrence import Recurrence
from pushctl.schedule.zone_offsets import Fold, Gap

NOW = 1796086800  # 2026-12-01T09:00:00+08:00

HEAD = """\
version: 1
app: {id: A, workspace: w}
timezone: Asia/Shanghai
pushes:
  sale:
    to: {users: [u1]}
    message: {title: Sale, body: Tonight}
"""


def findings(folder: Path, *lines: str, now: int = NOW) -> list[Diagnostic]:
    text = HEAD + "".join(f"    {line}\n" for line in lines)
    (folder / "pushctl.yaml").write_text(text, "utf-8")
    reading = read_manifest(folder)
    compiled = compile_manifest(reading, now=now)
    return [*reading.diagnostics, *compiled.diagnostics]


@pytest.mark.parametrize(
    ("schedule", "expiry", "codes"),
    [
        ("{at: 2026-12-24T20:00}", "4h", []),
        ("{at: 2026-12-24T20:00}", "9h", ["PSH405"]),
        ('{every: day, at: "20:00", until: 2026-12-24}', "8h", []),
        ('{every: day, at: "20:00", until: 2026-12-25}', "8h", ["PSH405"]),
        ('{every: day, at: "20:00"}', "1h", ["PSH405"]),
        ('{rrule: FREQ=DAILY;COUNT=24, at: "20:00", from: 2026-12-01}', "8h", []),
        ('{rrule: FREQ=DAILY;COUNT=25, at: "20:00", from: 2026-12-01}', "8h", ["PSH405"]),
    ],
)
def test_a_message_must_not_outlive_its_offer(
    schedule: str, expiry: str, codes: list[str], tmp_path: Path
) -> None:
    found = findings(
        tmp_path,
        f"schedule: {schedule}",
        f"expires_after: {expiry}",
        "offer_ends: 2026-12-25T04:00",
    )
    assert [item.code for item in found] == codes


@pytest.mark.parametrize(
    ("ends", "helps"), [("2026-12-24T20:00", False), ("2026-12-24T20:01", True)]
)
def test_of_an_offer_that_is_over_nothing_can_be_shortened(
    ends: str, helps: bool, tmp_path: Path
) -> None:
    schedule = "schedule: {at: 2026-12-24T20:00}"
    (found,) = findings(tmp_path, schedule, "expires_after: 1h", f"offer_ends: {ends}")
    assert found.code == "PSH405"
    assert ("shorten" in str(found.fix)) is helps
    assert ("is over at" in found.detail) is not helps


def test_a_warning_can_be_accepted_until_a_day(tmp_path: Path) -> None:
    schedule = 'schedule: {every: [31], at: "20:00"}'
    allow = "allow: [{rule: PSH208, reason: agreed, until: %s}]"
    assert [item.code for item in findings(tmp_path, schedule)] == ["PSH208"]
    assert findings(tmp_path, schedule, allow % "2026-12-01") == []
    expired = findings(tmp_path, schedule, allow % "2026-11-30")
    assert [item.code for item in expired] == ["PSH807"]
    assert expired[0].range is not None
    assert expired[0].range.start.line == 9


def test_an_error_cannot_be_accepted(tmp_path: Path) -> None:
    found = findings(
        tmp_path,
        "schedule: {at: 2026-11-24T20:00}",
        "allow: [{rule: PSH201, reason: because}]",
    )
    assert [item.code for item in found] == ["PSH201"]


def test_what_is_due_at_once_is_pointed_out(tmp_path: Path) -> None:
    found = findings(tmp_path, "schedule: {at: 2026-12-01T09:05}")
    assert [item.code for item in found] == ["PSH202"]


@pytest.mark.parametrize(
    ("schedule", "code"),
    [
        ('{every: day, at: "20:00", from: 2026-12-24, until: 2026-12-20}', "PSH207"),
        ('{every: [31], at: "20:00", from: 2027-02-01, until: 2027-02-28}', "PSH207"),
        (
            '{every: day, at: "20:00", until: 2026-12-02, skip: ["2026-12-02", "2026-12-01"]}',
            "PSH207",
        ),
        ('{every: day, at: "08:00", until: 2026-12-01}', "PSH207"),
        ('{rrule: FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30, at: "08:00", short_months: skip}', "PSH207"),
        ('{every: day, at: "20:00", until: 2026-11-20}', "PSH201"),
        ("{at: 2027-08-01T20:00}", "PSH209"),
        ("{at: 2026-12-24T20:00, timezone: Mars/Base}", "PSH203"),
        ("{at: 2027-03-28T02:30, timezone: Europe/Berlin}", "PSH205"),
        ("{at: 2027-10-31T02:30, timezone: Europe/Berlin}", "PSH206"),
        ('{every: 2 weeks, at: "20:00"}', "PSH111"),
        ('{rrule: FREQ=WEEKLY, at: "20:00"}', "PSH111"),
    ],
)
def test_a_schedule_that_cannot_be_is_an_error(schedule: str, code: str, tmp_path: Path) -> None:
    found = findings(tmp_path, f"schedule: {schedule}")
    errors = [item.code for item in found if item.severity == "error"]
    assert errors == [code]


@pytest.mark.parametrize(
    "schedule",
    [
        '{every: day, at: "20:00", until: 2030-01-01}',
        '{every: day, at: "20:00", timezone: Europe/Berlin}',
        '{every: [31], at: "20:00", short_months: skip}',
        '{rrule: FREQ=YEARLY;BYMONTH=11;BYMONTHDAY=11, at: "20:00"}',
        '{every: 12 months, at: "20:00", from: 2026-12-31}',
        "{at: 2027-03-28T02:30, timezone: Europe/Berlin, gap: next}",
        '{every: day, at: "02:30", timezone: Europe/Berlin, gap: next, fold: first}',
        '{every: mon, at: "02:30", timezone: Europe/Berlin}',
        '{every: day, at: "02:30", timezone: Europe/Berlin, gap: next}',
        '{every: day, at: "23:30", timezone: America/Santiago, fold: second}',
        '{every: day, at: "08:30", from: 2026-11-30}',
        '{every: day, at: "02:30", timezone: Europe/Berlin, until: 2027-03-27}',
        '{every: day, at: "02:30", timezone: Europe/Berlin, skip: ["2027-03-28"]}',
    ],
)
def test_what_is_clear_is_no_finding(schedule: str, tmp_path: Path) -> None:
    assert findings(tmp_path, f"schedule: {schedule}") == []


@pytest.mark.parametrize(
    ("schedule", "code", "says"),
    [
        ('{every: day, at: "09:05"}', "PSH202", "due in 300 s"),
        (
            '{every: day, at: "08:30", from: 2026-12-01}',
            "PSH212",
            "08:30 has passed; the first delivery is on 2026-12-02",
        ),
        ('{every: 3 months, at: "20:00", from: 2026-12-31}', "PSH208", "no day 31"),
        (
            '{every: day, at: "02:30", timezone: Europe/Berlin, fold: first}',
            "PSH205",
            "On 2027-03-28 the clocks of Europe/Berlin skip 02:30; it is delivered at 03:00",
        ),
        (
            '{every: day, at: "23:30", timezone: America/Santiago}',
            "PSH206",
            "On 2027-04-03 the clocks of America/Santiago show 23:30 twice",
        ),
    ],
)
def test_what_may_surprise_is_a_warning(
    schedule: str, code: str, says: str, tmp_path: Path
) -> None:
    (found,) = findings(tmp_path, f"schedule: {schedule}")
    assert (found.code, found.severity) == (code, "warning")
    assert says in found.detail


def test_a_clock_change_that_is_over_surprises_nobody(tmp_path: Path) -> None:
    after = 1806300000  # 2027-03-29T08:00+02:00, the day after the change
    schedule = '{every: day, at: "02:30", timezone: Europe/Berlin, until: 2027-09-01}'
    assert findings(tmp_path, f"schedule: {schedule}", now=after) == []


def test_a_start_beyond_the_horizon_says_when_it_is_created(tmp_path: Path) -> None:
    (found,) = findings(tmp_path, 'schedule: {every: day, at: "20:00", from: 2027-08-01}')
    assert (found.code, found.severity) == ("PSH215", "info")
    assert found.fix is not None
    assert "2027-02-02" in found.fix


def test_choices_may_come_from_the_defaults(tmp_path: Path) -> None:
    text = HEAD.replace("pushes:", "defaults: {schedule: {gap: shift, fold: second}}\npushes:")
    text += '    schedule: {every: day, at: "02:30", timezone: Europe/Berlin}\n'
    (tmp_path / "pushctl.yaml").write_text(text, "utf-8")
    reading = read_manifest(tmp_path)
    compiled = compile_manifest(reading, now=NOW)
    assert (*reading.diagnostics, *compiled.diagnostics) == ()
    schedule = compiled.pushes[0].schedule
    assert isinstance(schedule, Recurrence)
    assert (schedule.gap, schedule.fold) == (Gap.SHIFT, Fold.SECOND)


@pytest.mark.parametrize(
    "schedule",
    [
        '{every: day, at: "08:00", until: 2026-12-01}',
        '{every: day, at: "20:00", until: 2026-11-20}',
        '{every: day, at: "08:30", from: 2026-12-01}',
        '{every: day, at: "09:05"}',
        '{every: day, at: "20:00", from: 2027-08-01}',
    ],
)
def test_what_was_applied_before_is_history(schedule: str, tmp_path: Path) -> None:
    assert findings(tmp_path, f"schedule: {schedule}") != []
    compiled = compile_manifest(read_manifest(tmp_path), now=NOW, recorded=frozenset({"sale"}))
    assert compiled.diagnostics == ()


def test_a_calendar_changes_deliveries_and_not_what_people_read(tmp_path: Path) -> None:
    text = HEAD.replace("pushes:", "calendars: {off: days.txt}\npushes:")
    text += '    schedule: {every: day, at: "20:00", skip: [off]}\n'
    (tmp_path / "pushctl.yaml").write_text(text, "utf-8")
    found = []
    for day in (24, 25):
        (tmp_path / "days.txt").write_text(f"2026-12-{day}\n", "utf-8")
        (push,) = compile_manifest(read_manifest(tmp_path), now=NOW).pushes
        found.append(push)
    assert found[0].schedule != found[1].schedule
    assert found[0].spec == found[1].spec
    assert found[0].spec["schedule"]["skip"] == ["off"]


@pytest.mark.parametrize(
    ("schedule", "said"),
    [
        (
            '{every: [1], at: "20:00", skip: [2027-01-01]}',
            "Fri 1 Jan 2027 is left out, and nothing is delivered in that month.",
        ),
        ('{every: [1], at: "20:00", skip: [2027-01-01], on_holiday: skip}', "Fri 1 Jan 2027"),
        ('{every: [1], at: "20:00", skip: [2027-01-01], on_holiday: before}', None),
        (
            '{every: [1], at: "20:00", skip: [2027-01-01, 2027-03-01], from: 2026-12-31}',
            "1 more of its months is like that.",
        ),
        ('{every: [1, 15], at: "20:00", skip: [2027-01-01]}', None),
        ('{every: mon, at: "20:00", skip: [2027-02-01..2027-02-28]}', "Mon 1 Feb 2027"),
        ('{every: mon, at: "20:00", skip: [2027-02-02..2027-02-28]}', None),
        (
            '{every: [1], at: "20:00", skip: [2027-01-01], on_holiday: before, from: 2027-01-01}',
            "Fri 1 Jan 2027",
        ),
        ('{every: last workday, at: "20:00", skip: [2027-02-01..2027-02-28]}', "Fri 26 Feb 2027"),
        ('{every: [24], at: "20:00", skip: [2026-11-24, 2027-12-24]}', None),
    ],
)
def test_a_month_that_days_off_leave_without_a_delivery_is_named(
    schedule: str, said: str | None, tmp_path: Path
) -> None:
    found = [item for item in findings(tmp_path, f"schedule: {schedule}") if item.code == "PSH218"]
    assert len(found) == (said is not None)
    if said is not None:
        assert said in found[0].detail
