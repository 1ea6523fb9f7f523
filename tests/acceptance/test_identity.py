"""Who somebody is, and what was sent, do not hang on how targets are shown or what was edited."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.acceptance.cli import Ran
from tests.acceptance.inside import Inside
from tests.faults.simulation import Simulation

CLEAR = """\
version: 1
app: {id: ONEX0000000000000, workspace: test}
timezone: Asia/Shanghai
defaults: {expires_after: 4h}
policy: {allow_immediate: true}
pushes:
  hello:
    schedule: {now: true}
    to: {users: [ann-4711, bob-4711]}
    message: {title: Hello, body: At once}
  news:
    schedule: {every: day, at: "10:00", until: 2026-12-03}
    to: {users: [ann-4711, bob-4711, cy-4711]}
    message: {title: News, body: Every day}
"""
HASHED = CLEAR.replace("workspace: test}", "workspace: test, targets: hashed}")
HOUR = 3600


@pytest.fixture
def project(tmp_path: Path) -> Iterator[Inside]:
    with Simulation(tmp_path) as world:
        yield Inside(world)


def ok(ran: Ran, code: int = 0) -> Ran:
    assert ran.code == code, ran
    return ran


def applied(project: Inside, text: str, *more: str) -> None:
    """Apply a manifest; there is nothing left to do then."""
    project.write(text)
    ok(project.run("apply", "--yes", *more))
    ok(project.run("plan", "--detailed-exitcode"))


def got(project: Inside) -> Counter[tuple[str, str]]:
    found: list[Any] = project.world.control.ask("GET", "deliveries")["deliveries"]
    return Counter((str(item["task_name"]), str(item["target"])) for item in found)


EVERYBODY_ONCE = {
    ("hello", "ann-4711"): 1,
    ("hello", "bob-4711"): 1,
    ("news", "ann-4711"): 1,
    ("news", "bob-4711"): 1,
    ("news", "cy-4711"): 1,
}


@pytest.mark.parametrize(("before", "after"), [(CLEAR, HASHED), (HASHED, CLEAR)])
def test_showing_targets_otherwise_sends_nothing_again(
    before: str, after: str, project: Inside
) -> None:
    applied(project, before)
    project.world.advance(2 * HOUR)
    assert got(project) == EVERYBODY_ONCE
    project.write(after)
    ok(project.run("plan", "--detailed-exitcode"))
    applied(project, after)
    applied(project, after.replace('"10:00"', '"15:00"'), "--now-or-never")
    project.world.advance(10 * HOUR)
    assert got(project) == EVERYBODY_ONCE
    applied(project, before.replace('"10:00"', '"15:00"'))
    project.world.advance(20 * HOUR)
    assert got(project)["news", "cy-4711"] == 2
    assert got(project)["hello", "ann-4711"] == 1


def named(text: str) -> list[str]:
    return re.findall(r"(?:ann|bob|cy)-4711", text)


def test_nobody_is_named_in_a_state_whose_targets_are_hashed_from_now_on(project: Inside) -> None:
    applied(project, CLEAR)
    applied(project, HASHED)
    assert not named((project.folder / "pushctl.state.json").read_text("utf-8"))
    applied(project, HASHED.replace("Every day", "Each day"))
    files = {path.name: path.read_text("utf-8") for path in project.folder.glob("pushctl.[!y]*")}
    assert [name for name, text in files.items() if named(text)] == []
    assert len(files) > 2


def test_people_recorded_by_digests_are_withdrawn_from_when_the_manifest_shows_them(
    project: Inside,
) -> None:
    applied(project, HASHED)
    project.world.advance(2 * HOUR)
    applied(project, CLEAR)
    ran = ok(project.run("stop", "--all", "--revoke"))
    assert ran.out.count("messages accepted by the service") == 2, ran


def test_a_saved_plan_is_stale_when_targets_are_shown_otherwise(project: Inside) -> None:
    applied(project, CLEAR)
    project.write(CLEAR.replace("Every day", "Each day"))
    ok(project.run("plan", "--out", "plan.json"))
    project.write(HASHED.replace("Every day", "Each day"))
    ran = project.run("apply", "plan.json")
    assert ran.code != 0, ran
    assert "stale" in ran.err


def test_an_immediate_push_goes_out_again_only_if_it_says_so(project: Inside) -> None:
    applied(project, CLEAR)
    edited = CLEAR.replace("expires_after: 4h", "expires_after: 5h")
    applied(project, edited)
    ran = ok(project.run("plan"))
    assert "already sent, the edit has no effect" in ran.out, ran
    assert got(project)["hello", "ann-4711"] == 1
    again = edited.replace("now: true", "now: true, again: 2026-12-01")
    project.write(again)
    applied(project, again)
    applied(project, HASHED.replace("now: true", 'now: true, again: "2026-12-01"'))
    applied(project, CLEAR)
    assert got(project)["hello", "ann-4711"] == 2


def test_what_was_sent_late_is_not_sent_again(project: Inside) -> None:
    late = CLEAR.replace("{now: true}", "{at: 2026-12-01T08:00}")
    applied(project, late, "--send-late")
    for text in (late.replace("4h", "5h"), late.replace("08:00", "08:30"), HASHED, late):
        applied(project, text, "--send-late")
    assert got(project)["hello", "ann-4711"] == 1
