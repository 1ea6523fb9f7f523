"""The state is damaged, lost, or from yesterday: what comes back, and what is said."""

from __future__ import annotations

import shlex
import shutil
import subprocess
from collections import Counter
from pathlib import Path

import pytest

from tests.acceptance.cli import Here
from tests.acceptance.inside import Inside
from tests.acceptance.processes import assert_scheduled_once, fault, manifest, service_tasks
from tests.faults.modes import MODES

AT_NINE = {"PUSHCTL_NOW": "2026-12-01T09:00:00+08:00"}
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
        target
        for task in service_tasks(url)
        if task["status"] == "waiting"
        for target in task["targets"]
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
    assert "It has all that these files tell of." in ran.out
    assert inside.run("state", "show").json["pushes"] == before
    assert inside.run("plan", "--detailed-exitcode").code == 0
    again = inside.run("state", "restore")
    assert "nothing to restore" in again.out


def killed_after_create(inside: Inside, number: int) -> None:
    """Kill an apply right after the service got a create, before the answer is read."""
    apply = ("apply", "--yes", "--parallelism", "1")
    ran, _ = inside.world.attacked(*apply, at=number, on="create", mode=MODES["killed after"])
    assert ran.code is None, ran


def test_a_state_that_is_deleted_during_a_run_comes_back(inside: Inside) -> None:
    inside.write(manifest("one"))
    assert inside.run("apply", "--yes").code == 0
    inside.write(manifest("two"))
    killed_after_create(inside, 2)
    (inside.folder / "pushctl.state.json").unlink()
    assert inside.run("state", "restore").code == 0
    assert inside.run("apply", "--yes").code == 0
    assert_scheduled_once(inside.url)
    assert inside.run("plan", "--detailed-exitcode").code == 0


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


@pytest.mark.parametrize("number", [0, 1])
def test_an_older_copy_beside_newer_files_is_refused_and_the_newer_one_offered(
    number: int, inside: Inside
) -> None:
    state, copies = inside.folder / "pushctl.state.json", []
    for word in ("one", "two", "three"):
        inside.write(HEAD + entry("one", word, 2))
        assert inside.run("apply", "--yes").code == 0
        copies.append(state.read_bytes())
    before, shown = waiting(inside.url), inside.run("state", "show").json["pushes"]
    state.write_bytes(copies[number])
    for command in (("plan",), ("apply", "--yes"), ("stop", "one"), ("state", "list")):
        ran = inside.run(*command)
        assert ran.code == 5, ran
        assert f"is snapshot {number + 1}" in ran.err
        assert "pushctl state restore" in ran.err
    assert "state restore, all that the files tell of" in inside.run("doctor").out
    ran = inside.run("state", "restore")
    assert ran.code == 0, ran
    assert "It has all that these files tell of." in ran.out
    assert inside.run("state", "show").json["pushes"] == shown
    assert inside.run("plan", "--detailed-exitcode").code == 0
    assert waiting(inside.url) == before


def test_an_older_copy_is_used_once_somebody_says_so(inside: Inside) -> None:
    inside.write(HEAD + entry("one", "One", 2))
    assert inside.run("apply", "--yes").code == 0
    state, history = (inside.folder / f"pushctl.state.{name}" for name in ("json", "history"))
    yesterday = state.read_bytes()
    inside.write(HEAD + entry("one", "One", 2) + entry("two", "Two", 3))
    assert inside.run("apply", "--yes").code == 0
    before, told = waiting(inside.url), history.read_bytes()
    lose_everything(inside.folder)
    state.write_bytes(yesterday)
    history.write_bytes(told)
    assert inside.run("plan").code == 5
    assert inside.run("state", "rebuild", "--yes").code == 1
    ran = inside.run("state", "restore")
    assert ran.code == 0, ran
    assert "Something may be missing." in ran.out
    assert inside.run("state", "rebuild", "--yes").code == 0
    assert inside.run("plan", "--detailed-exitcode").code == 0
    assert waiting(inside.url) == before


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


def test_what_is_ambiguous_is_resolved_with_a_command_from_the_screen(inside: Inside) -> None:
    inside.write(HEAD + entry("one", "One", 2))
    # One call made two tasks and its answer was lost: no look can tell which of them it was.
    fault(inside.url, op="PushSimple", kind="duplicate-create", times=1)
    killed_after_create(inside, 0)
    assert len(service_tasks(inside.url)) == 2
    first = inside.run("apply", "--yes")
    assert first.code == 6, first
    assert "pushctl state resolve one" in first.out
    shown = inside.run("state", "resolve", "one")
    assert shown.code == 6, shown
    commands = [line.strip() for line in shown.out.splitlines() if "--created" in line]
    assert len(commands) == 2, shown
    wrong = inside.run("state", "resolve", "one", "--created", "0" * 32)
    assert wrong.code == 1, wrong
    ran = inside.run(*shlex.split(commands[0])[1:])
    assert ran.code == 0, ran
    # The other one belongs to nobody now, and the plan says so.
    plan = inside.run("plan")
    assert "PSH607" in plan.out, plan
    assert inside.run("state", "resolve", "one").code == 0


def git(folder: Path, *words: str) -> None:
    command = ("git", "-c", "user.name=x", "-c", "user.email=x@example.com", *words)
    subprocess.run(command, cwd=folder, check=False, capture_output=True, timeout=60)


def applied(here: Here) -> None:
    assert here.run("apply", "--yes", env=AT_NINE).code == 0
    git(here.folder, "add", "-A")
    git(here.folder, "commit", "-qm", "applied")


@pytest.fixture
def merged(tmp_path: Path) -> Here:
    """A folder in which git met what two applies made of one state, with the service of both."""
    ours, theirs = Here(tmp_path / "ours"), Here(tmp_path / "theirs")
    b, c, d = (entry(id, f"Title {id}", 1) for id in "bcd")
    ours.write(HEAD + b + c)
    ours.write(".pushctl/\n*.state.lock\n*.state.gate\n*.state.backup.*\n", ".gitignore")
    git(ours.folder, "init", "-q", "-b", "main")
    applied(ours)
    shutil.copytree(ours.folder, theirs.folder)
    theirs.write(HEAD + b + c + d)
    applied(theirs)
    shutil.rmtree(ours.folder / ".pushctl")
    shutil.copytree(theirs.folder / ".pushctl", ours.folder / ".pushctl")
    ours.write(HEAD + b.replace("Text", "Other") + c)
    applied(ours)
    git(ours.folder, "pull", "-q", "--no-rebase", str(theirs.folder), "main")
    return ours


def test_what_both_sides_of_a_merge_recorded_is_kept(merged: Here) -> None:
    for command in (("plan",), ("apply", "--yes"), ("stop", "--all")):
        ran = merged.run(*command, env=AT_NINE)
        assert ran.code == 5, ran
        assert "A merge conflict of git is in the state" in ran.err
        assert "pushctl.state.json (line " in ran.err
    doctor = merged.run("doctor", env=AT_NINE)
    assert "merge conflict of git" in doctor.out
    assert "state restore, and then state rebuild" in doctor.out
    ran = merged.run("state", "restore", env=AT_NINE)
    assert ran.code == 0, ran
    assert "Something may be missing." in ran.out
    assert sorted(merged.state()["pushes"]) == ["b", "c", "d"]
    assert merged.run("plan", "--detailed-exitcode", env=AT_NINE).code == 0
    told = [item["pushes"] for item in merged.run("history", "--format", "json").json]
    assert {"create": ["d"]} in told
    assert {"replace": ["b"]} in told


def test_a_side_that_was_thrown_away_is_named_and_rebuilt(merged: Here) -> None:
    git(merged.folder, "checkout", "--ours", "pushctl.state.json")
    ran = merged.run("plan", env=AT_NINE)
    assert ran.code == 5, ran
    assert "pushctl.state.history (line " in ran.err
    ran = merged.run("state", "restore", env=AT_NINE)
    assert "not sure of: d" in ran.out
    assert "Something may be missing." in ran.out
    assert "blocked" in merged.run("plan", env=AT_NINE).out
    assert merged.run("state", "rebuild", "--yes", env=AT_NINE).code == 0
    assert merged.run("plan", "--detailed-exitcode", env=AT_NINE).code == 0
