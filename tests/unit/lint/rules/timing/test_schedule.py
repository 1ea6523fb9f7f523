"""The end of a recurrence, freezes, and what a schedule costs."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.unit.lint.manifests import entry, found, manifest, one, only

KNOWN = frozenset({"push"})


@pytest.mark.parametrize(
    ("schedule", "told"),
    [
        ("every: mon, at: '10:00', from: 2026-06-01, until: 2026-12-14", True),
        ("every: mon, at: '10:00', from: 2026-06-01, until: 2026-12-20", True),
        ("every: mon, at: '10:00', from: 2026-06-01, until: 2026-12-21", False),
        ("every: mon, at: '10:00', until: 2026-12-07", True),
        ("every: mon, at: '10:00', from: 2026-06-01", False),
        ("every: day, at: '10:00', from: 2026-11-23, until: 2026-12-08", False),
        ("rrule: FREQ=WEEKLY;COUNT=28, at: '10:00', from: 2026-06-01", True),
        ("rrule: FREQ=WEEKLY;COUNT=99, at: '10:00', from: 2026-06-01", False),
    ],
)
def test_who_is_told_of_an_end(schedule: str, told: bool, tmp_path: Path) -> None:
    items = found(tmp_path, manifest(entry("push", schedule)), recorded=KNOWN)
    assert bool(only(items, "PSH210")) is told


def test_the_end_of_something_new_was_seen_by_its_reviewer(tmp_path: Path) -> None:
    text = manifest(entry("push", "every: mon, at: '10:00', from: 2026-06-01, until: 2026-12-14"))
    assert only(found(tmp_path, text), "PSH210") == []


FREEZE = "policy: {freezes: [{from: 2026-12-31, until: 2027-01-01, reason: closing}]}\n"


@pytest.mark.parametrize(
    ("schedule", "frozen"),
    [
        ("at: 2026-12-30T23:59", False),
        ("at: 2026-12-31T00:00", True),
        ("at: 2027-01-01T23:59", True),
        ("at: 2027-01-02T00:00", False),
        # 17:00 on 30 December in Los Angeles is the next day in Shanghai.
        ("at: 2026-12-30T17:00, timezone: America/Los_Angeles", False),
        ("at: 2026-12-31T17:00, timezone: America/Los_Angeles", True),
        ("every: fri, at: '10:00'", True),
        ("every: fri, at: '10:00', skip: [{from: 2026-12-31, until: 2027-01-01}]", False),
    ],
)
def test_days_of_a_freeze_are_those_of_the_push(
    schedule: str, frozen: bool, tmp_path: Path
) -> None:
    items = found(tmp_path, manifest(entry("push", schedule), head=FREEZE))
    assert bool(only(items, "PSH213")) is frozen


def test_a_freeze_far_ahead_is_seen_today(tmp_path: Path) -> None:
    head = FREEZE.replace("2026-12-31", "2027-04-30").replace("2027-01-01", "2027-05-03")
    item = one(
        found(tmp_path, manifest(entry("push", "every: day, at: '10:00'"), head=head)), "PSH213"
    )
    assert "Fri 30 Apr 2027 10:00" in item.detail
    assert "from Fri 30 Apr 2027 to Mon 3 May 2027 (closing)" in item.detail
    assert "3 more of its deliveries are like that." in item.detail
    assert item.fix == "leave these days out: `skip: [{from: 2027-04-30, until: 2027-05-03}]`"


def test_what_was_delivered_in_a_freeze_is_past(tmp_path: Path) -> None:
    head = FREEZE.replace("2026-12-31", "2026-11-30").replace("2027-01-01", "2026-12-02")
    items = found(tmp_path, manifest(entry("push", "every: day, at: '08:00'"), head=head))
    item = one(items, "PSH213")
    assert "is delivered on Wed 2 Dec 2026 08:00" in item.detail
    assert "more" not in item.detail


def test_a_freeze_until_further_notice(tmp_path: Path) -> None:
    head = FREEZE.replace("2027-01-01", "9999-12-31")
    items = found(tmp_path, manifest(entry("push", "at: 2027-05-01T10:00"), head=head))
    assert len(only(items, "PSH213")) == 1


@pytest.mark.parametrize(
    ("schedule", "people", "tasks"),
    [
        ("every: day, at: '10:00'", 90, None),
        ("every: day, at: '10:00', timezone: America/New_York", 10, None),
        ("every: day, at: '10:00', timezone: America/New_York", 41, 10),
        ("every: 3 days, at: '10:00', from: 2026-12-02", 11, 10),
        ("every: 3 days, at: '10:00', from: 2026-12-02", 10, None),
    ],
)
def test_what_a_schedule_costs(
    schedule: str, people: int, tasks: int | None, tmp_path: Path
) -> None:
    to = "{users: [" + ", ".join(f"u{number}" for number in range(people)) + "]}"
    items = only(found(tmp_path, manifest(entry("push", schedule, to=to))), "PSH211")
    assert [f"take {tasks} of the 100" in item.detail for item in items] == [True] * bool(tasks)
