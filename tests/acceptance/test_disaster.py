"""The state is damaged, lost, or from yesterday: what comes back, and what is said."""

from __future__ import annotations

import shlex
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.acceptance.cli import Project
from tests.acceptance.inside import Inside
from tests.acceptance.test_concurrency import environment, fault, killed_when
from tests.acceptance.test_kill import MOMENT, PUSHES, books, manifest, server
from tests.faults.world import World

__all__ = ["server"]


@pytest.fixture
def inside(tmp_path: Path) -> Iterator[Inside]:
    with World(tmp_path, now=MOMENT) as world:
        yield Inside(world)


HEAD = (
    "version: 1\napp: {id: ONEX0000000000000, workspace: test}\ntimezone: Asia/Shanghai\n"
    "defaults: {expires_after: 4h}\npushes:\n"
)


def entry(id: str, title: str, people: int) -> str:
    names = ", ".join(f"{id}-{n}" for n in range(people))
    return (
        f"  {id}:\n    schedule: {{at: 2026-12-24T20:00}}\n    to: {{users: [{names}]}}\n"
        f"    message: {{title: {title}, body: Text}}\n"
    )


def waiting(url: str) -> Counter[str]:
    """How many messages each person will get."""
    return Counter(
        target for task in books(url) if task["status"] == "waiting" for target in task["targets"]
    )


def test_a_damaged_state_comes_back_whole(inside: Inside) -> None:
    for word in ("one", "two"):
        inside.write(manifest(word))
        assert inside.run("apply", "--yes").code == 0
    state = inside.folder / "pushctl.state.json"
    before = inside.run("state", "show").json["pushes"]
    state.write_bytes(state.read_bytes()[:-200])
    refused = inside.run("apply", "--yes")
    assert refused.code == 1, refused
    assert "pushctl state restore" in refused.err
    ran = inside.run("state", "restore")
    assert ran.code == 0, ran
    assert "Nothing that was recorded is missing." in ran.out
    assert inside.run("state", "show").json["pushes"] == before
    assert inside.run("plan", "--detailed-exitcode").code == 0
    again = inside.run("state", "restore")
    assert "nothing to restore" in again.out


def test_a_state_that_is_deleted_during_a_run_comes_back(server: str, tmp_path: Path) -> None:
    project = Project(tmp_path)
    env = environment(server)
    project.write(manifest("one"))
    assert project.run("apply", "--yes", env=env).code == 0
    project.write(manifest("two"))
    fault(server, op="PushSimple", kind="slow", seconds=0.1)
    killed_when(
        lambda: len(books(server)) > PUSHES + 2,
        *(project, env, "apply", "--yes", "--parallelism", "1"),
    )
    (tmp_path / "pushctl.state.json").unlink()
    assert project.run("state", "restore", env=env).code == 0
    assert project.run("apply", "--yes", env=env).code == 0
    assert Counter(t["name"] for t in books(server) if t["status"] == "waiting") == {
        f"push-{n}": 1 for n in range(PUSHES)
    }
    assert project.run("plan", "--detailed-exitcode", env=env).code == 0


def lose_everything(folder: Path) -> None:
    for path in folder.glob("pushctl.state*"):
        path.unlink()


def test_a_lost_state_is_rebuilt_from_manifest_and_service(inside: Inside) -> None:
    entries = entry("one", "One", 3) + entry("big", "Big", 23)
    inside.write(HEAD + entries)
    assert inside.run("apply", "--yes").code == 0
    before = waiting(inside.url)
    lose_everything(inside.folder)
    refused = inside.run("apply", "--yes")
    assert refused.code == 3, refused
    ran = inside.run("state", "rebuild", "--yes")
    assert ran.code == 0, ran
    assert "Rebuild: 2 found, 0 not sure, 0 not there, 0 tasks of nobody." in ran.out
    assert "its people are taken from the manifest" in ran.out
    assert inside.run("plan", "--detailed-exitcode").code == 0
    assert waiting(inside.url) == before
    # One more person: nobody saw who is in which of the three tasks, so all three are replaced.
    inside.write(HEAD + entry("one", "One", 3) + entry("big", "Big", 24))
    assert inside.run("apply", "--yes").code == 0
    assert set(waiting(inside.url).values()) == {1}
    assert len(waiting(inside.url)) == 27
    assert inside.run("plan", "--detailed-exitcode").code == 0


def test_what_nobody_can_tell_apart_is_said_and_replaced_on_request(inside: Inside) -> None:
    inside.write(HEAD + entry("one", "Same", 2) + entry("two", "Same", 3))
    assert inside.run("apply", "--yes").code == 0
    before = waiting(inside.url)
    lose_everything(inside.folder)
    unsure = inside.run("state", "rebuild", "--yes")
    assert unsure.code == 6, unsure
    assert "not sure" in unsure.out
    assert "--replace-unsure" in unsure.out
    assert inside.run("apply", "--yes").code == 3
    ran = inside.run("state", "rebuild", "--yes", "--replace-unsure")
    assert ran.code == 0, ran
    shown = inside.run("plan")
    assert "Plan: 0 to create, 2 to replace" in shown.out, shown
    assert inside.run("apply", "--yes").code == 0
    assert waiting(inside.url) == before
    assert inside.run("plan", "--detailed-exitcode").code == 0


def test_yesterdays_copy_of_the_state_is_completed(inside: Inside) -> None:
    inside.write(HEAD + entry("one", "One", 2))
    assert inside.run("apply", "--yes").code == 0
    state = inside.folder / "pushctl.state.json"
    yesterday = state.read_bytes()
    inside.write(HEAD + entry("one", "New", 2) + entry("two", "Two", 3))
    assert inside.run("apply", "--yes").code == 0
    before = waiting(inside.url)
    lose_everything(inside.folder)
    state.write_bytes(yesterday)
    codes = [inside.run("apply", "--yes").code]
    ran = inside.run("state", "rebuild", "--yes")
    codes.append(inside.run("apply", "--yes").code)
    assert waiting(inside.url) == before, (codes, ran)
    assert inside.run("plan", "--detailed-exitcode").code == 0


@pytest.mark.parametrize("files", ["pushctl.state.json", "pushctl.state*"])
def test_rebuild_refuses_while_a_better_way_back_exists(files: str, inside: Inside) -> None:
    inside.write(HEAD + entry("one", "One", 2))
    assert inside.run("apply", "--yes").code == 0
    for path in inside.folder.glob(files):
        if path.suffix != ".lock":
            path.write_bytes(b"rubbish\n")
    ran = inside.run("state", "rebuild", "--yes")
    if files == "pushctl.state.json":
        assert ran.code == 1, ran
        assert "pushctl state restore" in ran.err
    else:
        assert ran.code == 0, ran
        assert list(inside.folder.glob("pushctl.state.json.aside-*"))
        assert inside.run("plan", "--detailed-exitcode").code == 0


def test_what_is_ambiguous_is_resolved_with_a_command_from_the_screen(
    server: str, tmp_path: Path
) -> None:
    project = Project(tmp_path)
    env = environment(server)
    project.write(HEAD + entry("one", "One", 2))
    # One call made two tasks and its answer was lost: no look can tell which of them it was.
    fault(server, op="PushSimple", kind="duplicate-create", times=1)
    fault(server, op="PushSimple", kind="slow", seconds=5, times=1)
    killed_when(lambda: len(books(server)) == 2, project, env, "apply", "--yes")
    first = project.run("apply", "--yes", env=env)
    assert first.code == 6, first
    assert "pushctl state resolve one" in first.out
    shown = project.run("state", "resolve", "one", env=env)
    assert shown.code == 6, shown
    commands = [line.strip() for line in shown.out.splitlines() if "--created" in line]
    assert len(commands) == 2, shown
    wrong = project.run("state", "resolve", "one", "--created", "0" * 32, env=env)
    assert wrong.code == 1, wrong
    ran = project.run(*shlex.split(commands[0])[1:], env=env)
    assert ran.code == 0, ran
    # The other one belongs to nobody now, and the plan says so.
    plan = project.run("plan", env=env)
    assert "PSH607" in plan.out, plan
    assert project.run("state", "resolve", "one", env=env).code == 0
