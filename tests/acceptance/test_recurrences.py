"""Recurrences over months, from the command line: edits, lapses, quotas, clock changes."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.acceptance.inside import Inside
from tests.fakes import ZONE
from tests.faults.simulation import Simulation

DAY = 86_400
HEAD = (
    "version: 1\napp:\n  id: ONEX0000000000000\n  workspace: test\n{app}"
    "timezone: Asia/Shanghai\ndefaults: {{expires_after: 4h}}\npushes:\n"
)


@pytest.fixture
def world(tmp_path: Path) -> Iterator[Simulation]:
    with Simulation(tmp_path) as made:
        yield made


@pytest.fixture
def project(world: Simulation) -> Inside:
    return Inside(world)


def manifest(app: str = "", **schedules: str) -> str:
    return HEAD.format(app=app) + "".join(
        f"  {id}:\n    schedule: {schedule}\n    to: {{users: [u-{id}]}}\n"
        f"    message: {{title: {id}, body: Hello}}\n"
        for id, schedule in schedules.items()
    )


def applied(project: Inside, *, code: int = 0) -> str:
    """Apply, and see that a second plan has nothing to do."""
    ran = project.run("apply", "--yes")
    assert ran.code == code, ran
    again = project.run("plan", "--detailed-exitcode")
    assert again.code == 0, again
    return ran.out


def test_new_york_across_a_clock_change_is_two_tasks(project: Inside) -> None:
    project.write(
        manifest(
            ny='{every: [mon, wed], at: "20:00", timezone: America/New_York, until: "2027-05-29"}'
        )
    )
    out = applied(project)
    assert "create 2\n" in out
    assert "to 1 user\n" in out
    assert "every Monday and Wednesday at 20:00 America/New_York, until Sat 29 May 2027" in out
    assert "Wed 2 Dec 2026 20:00 America/New_York" in out


def test_an_edit_says_which_deliveries_move_and_what_today_had(
    world: Simulation, project: Inside
) -> None:
    project.write(manifest(daily='{every: day, at: ["09:30", "18:00"], until: "2026-12-05"}'))
    applied(project)
    world.advance(3 * 3600)  # it is noon, and the first one has gone out
    project.write(manifest(daily='{every: day, at: "20:00", until: "2026-12-05"}'))
    plan = project.run("plan")
    assert "not today: Tue 1 Dec 2026 20:00, since today's was delivered already" in plan.out
    assert "no longer: Tue 1 Dec 2026 18:00" in plan.out
    assert "moved: Wed 2 Dec 2026 09:30 → 20:00" in plan.out
    document: Any = json.loads(project.run("plan", "--format", "json").out)
    (change,) = document["changes"]
    assert change["delivery_changes"]["move"][0] == {
        "from": "2026-12-02T09:30:00+08:00",
        "to": "2026-12-02T20:00:00+08:00",
    }
    applied(project)
    world.advance(5 * DAY)
    moments = [
        dt.datetime.fromisoformat(item["at"]).astimezone(ZONE)
        for item in world.control.deliveries()
    ]
    assert [f"{at:%m-%d %H:%M}" for at in moments] == [
        "12-01 09:30",
        "12-02 20:00",
        "12-03 20:00",
        "12-04 20:00",
        "12-05 20:00",
    ]


def test_a_recurrence_that_nobody_renewed_is_called_lapsed(
    world: Simulation, project: Inside
) -> None:
    project.write(manifest(daily='{every: day, at: "09:30"}'))
    applied(project)
    assert "Everything before Mon 31 May 2027 09:30" in project.run("status").out
    world.advance(170 * DAY)
    assert "! daily  is not scheduled on Mon 31 May 2027 09:30" in project.run("status").out
    warned = project.run("plan", "--exclude", "daily")
    assert "PSH216" in warned.out
    world.advance(15 * DAY)
    status = project.run("status")
    assert "daily  lapsed" in status.out
    assert "fell silent on Mon 31 May 2027 09:30 Asia/Shanghai; 4 deliveries did" in status.out
    assert "Everything" not in status.out
    assert "4 of its deliveries did not happen" in applied(project)
    assert "fell silent" not in project.run("status").out


def test_what_the_quota_has_no_room_for_is_never_called_scheduled(
    world: Simulation, project: Inside
) -> None:
    app = "  quota: {limit: 1, overflow: soonest}\n"
    later = '{at: "2027-03-01T10:00"}'
    project.write(manifest(app, later=later))
    applied(project)
    project.write(manifest(app, later=later, urgent='{at: "2026-12-02T10:00"}'))
    out = applied(project, code=4)
    assert "Unless you make room, these are missed: urgent." in out
    status = project.run("status").out
    assert "urgent  waits for room: 1 task, first due Wed 2 Dec 2026 10:00" in status
    assert "Everything before Wed 2 Dec 2026 10:00 Asia/Shanghai is scheduled" in status
    document: Any = json.loads(project.run("status", "--format", "json").out)
    assert [item["id"] for item in document["waiting"]] == ["urgent"]
    project.write(manifest(app.replace("1", "2"), later=later, urgent='{at: "2026-12-02T10:00"}'))
    applied(project)
    assert "Everything is scheduled, to the last delivery" in project.run("status").out


def test_a_one_time_push_is_shown_in_the_zone_it_is_meant_in(project: Inside) -> None:
    project.write(manifest(eve='{at: "2026-12-24T21:00", timezone: Europe/Berlin}'))
    assert "Thu 24 Dec 2026 21:00 Europe/Berlin" in project.run("plan").out


def test_a_holiday_is_a_change_although_no_field_differs(project: Inside) -> None:
    text = manifest(daily='{every: day, at: "20:00", until: "2026-12-05", skip: [off]}')
    project.write(text.replace("pushes:", "calendars: {off: off.txt}\npushes:"))
    project.write("2027-01-01\n", "off.txt")
    applied(project)
    project.write("2027-01-01\n2026-12-03 Closed\n", "off.txt")
    plan = project.run("plan")
    assert "its times have changed, by a calendar or the manifest's zone" in plan.out
    assert "no longer: Thu 3 Dec 2026 20:00" in plan.out
    applied(project)


def test_a_plan_that_is_too_late_says_so_when_it_is_saved(project: Inside) -> None:
    project.write(manifest(soon='{at: "2026-12-01T09:05"}'))
    ran = project.run("plan", "--out", "plan.json")
    assert "It is too late for that" in ran.err
    assert project.run("apply", "plan.json").code == 5
