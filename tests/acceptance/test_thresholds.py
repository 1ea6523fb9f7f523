"""Thresholds as a person meets them: refused with what to type, and what is typed is enough."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from pushctl.state.file.store import FileStateStore
from tests.acceptance.cli import Here, Project
from tests.acceptance.test_main_job import HEAD, ok, settled

POLICY = "policy: {max_creates: 2, max_audience: 12, max_cancels: 0.3}\n"


def pushes(count: int, *, people: int = 1, word: str = "Now") -> str:
    users = ", ".join(f"u{number:02d}" for number in range(people))
    return "pushes:\n" + "".join(
        f"  p{number}:\n"
        f"    schedule: {{at: 2026-12-24T20:{number:02d}}}\n"
        f"    to: {{users: [{users}]}}\n"
        f"    message: {{title: Sale {number}, body: {word}}}\n"
        for number in range(count)
    )


@pytest.fixture
def project(tmp_path: Path) -> Project:
    return Here(tmp_path)


@pytest.mark.parametrize(
    ("before", "after", "code"),
    [
        (pushes(1), pushes(4), "PSH604"),
        (pushes(10), pushes(10, word="Later"), "PSH605"),
        (pushes(2, people=10), pushes(2, people=4), "PSH504"),
        (pushes(1), pushes(1, people=13), "PSH504"),
    ],
)
def test_what_a_refusal_says_to_type_is_enough(
    project: Project, before: str, after: str, code: str
) -> None:
    project.write(HEAD + POLICY + before)
    ok(project.run("apply", "--yes", "--force"))
    project.write(HEAD + POLICY + after)
    refused = ok(project.run("plan"), 3)
    assert code in refused.out
    ok(project.run("apply", "--yes"), 3)
    (option, number) = re.findall(r"with (--max-\w+) (\d+)", refused.out)[0]
    one_less = ok(project.run("plan", option, str(int(number) - 1)), 3)
    assert option in one_less.out
    ok(project.run("apply", "--yes", option, number))
    settled(project)


def test_an_allowance_travels_with_a_saved_plan(project: Project) -> None:
    project.write(HEAD + POLICY + pushes(3))
    refused = ok(project.run("plan", "--out", "p.json"), 3)
    assert "Not saved to p.json: the plan is refused" in refused.err
    assert not (project.folder / "p.json").exists()
    ok(project.run("plan", "--out", "p.json", env={"PUSHCTL_MAX_CREATES": "3"}))
    ok(project.run("apply", "p.json"))
    settled(project)


def test_drift_is_not_refused_for_an_edit_that_waits(project: Project) -> None:
    project.write(HEAD + POLICY + pushes(2))
    ok(project.run("apply", "--yes"))
    project.write(HEAD + POLICY + pushes(9))
    ok(project.run("plan"), 3)
    assert "No drift." in ok(project.run("drift")).out


def test_force_waits_for_nobody_and_breaks_no_lock(project: Project) -> None:
    project.write(HEAD + POLICY + pushes(2))
    ok(project.run("apply", "--yes"))
    project.write(HEAD + POLICY + pushes(1))
    store = FileStateStore(
        project.folder, app="ONEX0000000000000", workspace="test", name="pushctl"
    )
    with store.lock("apply", timeout=0):
        ok(project.run("apply", "--yes", "--force"), 5)
    ok(project.run("apply", "--yes", "--force"))
    settled(project)


def test_an_audience_may_not_grow_because_an_apply_was_only_lately(project: Project) -> None:
    """What was created lately is excused as the rest of an apply, unless that went to its end."""
    project.write(HEAD + pushes(1, people=20))
    ok(project.run("apply", "--yes"))
    project.write(HEAD + pushes(1, people=95))
    refused = ok(project.run("plan"), 3)
    assert "PSH504" in refused.out
    (project.folder / "pushctl.state.history").unlink()
    excused = ok(project.run("plan"))
    assert "It was created only lately" in excused.out
