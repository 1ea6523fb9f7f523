"""Schedules in all their forms, as typed values."""

from __future__ import annotations

from pathlib import Path

from pushctl.manifest.schema.fields import decode
from pushctl.manifest.schema.schedule import SkippedDays
from tests.unit.manifest.project import HEAD, project

STRETCH = {"from": "2027-02-05", "until": "2027-02-11"}


def test_now_every_and_month_days(tmp_path: Path) -> None:
    rest = "    to: {users: [a]}\n    message: {title: a, body: b}\n"
    text = (
        HEAD
        + "pushes:\n  a:\n    schedule: {now: true}\n"
        + rest
        + '  b:\n    schedule: {every: [1, 15], at: "09:45", from: 2026-12-01, until: 2026-12-31}\n'
        + rest
        + "  c:\n    schedule: {at: 2026-12-24T20:00:00+08:00, timezone: Asia/Tokyo}\n"
        + rest
    )
    now, month, once = project(tmp_path, {"pushctl.yaml": text}).pushes
    assert now.entry.schedule.now is True
    assert (month.entry.schedule.every, month.entry.schedule.from_) == ((1, 15), "2026-12-01")
    assert once.entry.schedule.at == "2026-12-24T20:00:00+08:00"
    assert (once.dimension, once.targets) == ("users", ("a",))


def test_recurrences_in_all_their_forms(tmp_path: Path) -> None:
    rest = "    to: {users: [a]}\n    message: {title: a, body: b}\n"
    schedules = [
        '{every: weekday, at: ["09:00", "18:00"]}',
        '{every: 2 weeks, at: "09:00", from: 2026-12-07, gap: skip, fold: second}',
        '{every: last day, at: "09:00"}',
        '{every: [1, last day], at: "09:00", short_months: last-day}',
        '{every: [1st mon, last fri], at: "09:00"}',
        '{rrule: FREQ=DAILY, at: "09:00", skip: [2026-12-25, '
        "{from: 2027-02-05, until: 2027-02-11}]}",
    ]
    pushes = "".join(f"  p{at}:\n    schedule: {text}\n{rest}" for at, text in enumerate(schedules))
    reading = project(tmp_path, {"pushctl.yaml": HEAD + "pushes:\n" + pushes})
    assert reading.diagnostics == ()
    found = [push.entry.schedule for push in reading.pushes]
    assert [item.every for item in found] == [
        "weekday",
        "2 weeks",
        "last day",
        (1, "last day"),
        ("1st mon", "last fri"),
        None,
    ]
    assert found[0].times == ("09:00", "18:00")
    assert (found[1].times, found[1].gap, found[1].fold) == (("09:00",), "skip", "second")
    assert found[3].short_months == "last-day"
    assert found[5].rrule == "FREQ=DAILY"
    assert found[5].skip == ("2026-12-25", decode(SkippedDays, STRETCH))
