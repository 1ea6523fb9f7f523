"""The red button as an incident needs it: no manifest, a busy lock, a kill in the middle."""

from __future__ import annotations

import json
import signal
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from tests.acceptance.cli import Here, Project
from tests.acceptance.inside import Inside
from tests.acceptance.processes import (
    PUSHES,
    environment,
    fault,
    forget_faults,
    killed_when,
    manifest,
    service_tasks,
    started,
    wait_for,
)
from tests.faults.simulation import Simulation

BROKEN = "version: 1\npushes: [\n"


def statuses(url: str) -> Counter[str]:
    return Counter(str(task["status"]) for task in service_tasks(url))


def report(project: Project) -> Any:
    (path,) = project.folder.glob("pushctl.stop-*.json")
    return json.loads(path.read_text("utf-8"))


def test_stop_works_while_the_manifest_is_broken(server: str, tmp_path: Path) -> None:
    project = Here(tmp_path)
    project.write(manifest("one"))
    env = environment(server)
    assert project.run("apply", "--yes", env=env).code == 0
    project.write(BROKEN)
    assert project.run("plan", env=env).code == 1
    del env["PUSHCTL_ENDPOINT"]  # where the tasks are is recorded
    ran = project.run("stop", "--all", env=env)
    assert ran.code == 0, ran
    assert ran.out.startswith(f"Stop complete! {PUSHES} pushes stopped.")
    assert statuses(server) == {"cancelled": PUSHES}
    saved = report(project)
    assert saved["clean"]
    assert sum(push["targets"] for push in saved["pushes"]) == PUSHES
    again = project.run("stop", "--all", "--report", "again.json", env=env)
    assert again.code == 0, again
    repeated = json.loads((tmp_path / "again.json").read_text("utf-8"))
    assert [push["cancelled_tasks"] for push in repeated["pushes"]] == [
        push["cancelled_tasks"] for push in saved["pushes"]
    ]
    project.write(manifest("one"))
    env = environment(server)
    assert project.run("plan", "--detailed-exitcode", env=env).code == 0
    assert project.run("resume", "--all", env=env).code == 0
    assert project.run("apply", "--yes", env=env).code == 0
    assert statuses(server) == {"cancelled": PUSHES, "waiting": PUSHES}
    assert project.run("plan", "--detailed-exitcode", env=env).code == 0


def test_stop_takes_the_lock_from_a_running_apply(server: str, tmp_path: Path) -> None:
    project = Here(tmp_path)
    project.write(manifest("one"))
    fault(server, op="PushSimple", kind="slow-before", seconds=0.3)
    env = environment(server)
    first = started(project, env, "--parallelism", "1")
    wait_for(lambda: len(service_tasks(server)) > 2)
    refused = project.run("stop", "--all", env=env)
    assert refused.code == 5, refused
    assert f"pid {first.pid}" in refused.err
    assert "--break-lock" in refused.err
    ran = project.run("stop", "--all", "--break-lock", env=env)
    assert ran.code == 0, ran
    out, err = first.communicate(timeout=60)
    assert first.returncode == 4, out + err
    assert statuses(server)["waiting"] == 0
    again = project.run("plan", "--target", "push-0", "--detailed-exitcode", env=env)
    assert again.code == 0, again  # what was stopped stays stopped


def test_stop_that_is_killed_is_finished_by_the_next_one(server: str, tmp_path: Path) -> None:
    project = Here(tmp_path)
    project.write(manifest("one"))
    env = environment(server)
    assert project.run("apply", "--yes", env=env).code == 0
    fault(server, op="CancelPushScheduler", kind="slow", seconds=0.15)
    killed_when(
        lambda: statuses(server)["cancelled"] > 3,
        *(project, env, "stop", "--all", "--parallelism", "1"),
    )
    left = statuses(server)["waiting"]
    assert 0 < left < PUSHES
    ran = project.run("stop", "--all", env=env)
    assert ran.code == 0, ran
    assert statuses(server) == {"cancelled": PUSHES}
    assert sum(len(push["cancelled_tasks"]) for push in report(project)["pushes"]) == PUSHES


def test_stop_that_is_interrupted_says_what_is_left(server: str, tmp_path: Path) -> None:
    project = Here(tmp_path)
    project.write(manifest("one"))
    env = environment(server)
    assert project.run("apply", "--yes", env=env).code == 0
    fault(server, op="CancelPushScheduler", kind="slow", seconds=0.2)
    process = started(project, env, "--parallelism", "1", command=("stop", "--all"))
    wait_for(lambda: statuses(server)["cancelled"] > 2)
    process.send_signal(signal.SIGINT)
    out, err = process.communicate(timeout=60)
    assert process.returncode == 130, out + err
    assert out.startswith("Stop incomplete.")
    assert "Run the same command again" in err
    assert project.run("stop", "--all", "--report", "r.json", env=env).code == 0
    assert statuses(server) == {"cancelled": PUSHES}


def test_stop_refuses_a_name_that_means_nothing(server: str, tmp_path: Path) -> None:
    project = Here(tmp_path)
    project.write(manifest("one"))
    env = environment(server)
    nothing = project.run("stop", "--all", env=env)
    assert nothing.code == 1, nothing
    assert project.run("apply", "--yes", env=env).code == 0
    typo = project.run("stop", "push-0", "psh-1", env=env)
    assert typo.code == 64, typo
    assert "Did you mean push-1?" in typo.err
    assert project.run("stop", env=env).code == 64
    assert project.run("stop", "--label", "no=body", env=env).code == 64
    odd = project.run("stop", "--label", "=body", env=env)
    assert (odd.code, "'=body' is not KEY=VALUE" in odd.err) == (64, True)
    assert statuses(server) == {"waiting": PUSHES}


def test_a_dry_run_says_what_would_happen_and_changes_nothing(server: str, tmp_path: Path) -> None:
    project, env = Here(tmp_path), environment(server)
    project.write(manifest("one"))
    assert project.run("apply", "--yes", env=env).code == 0
    assert project.run("stop", "push-0", env=env).code == 0
    before = project.state()
    ran = project.run("stop", "push-0", "push-1", "--dry-run", env=env)
    told = "Would stop 2 pushes:\n  push-0: 0 tasks to cancel\n  push-1: 1 task to cancel\n"
    assert (ran.code, ran.out) == (0, told)
    ran = project.run("stop", "push-1", "--dry-run", "--format", "json", env=env)
    assert ran.json == {"push-1": 1}
    assert project.run("stop", "psh-1", "--dry-run", env=env).code == 64
    ran = project.run("resume", "--all", "--dry-run", env=env)
    assert (ran.code, ran.out) == (0, "Would resume 1 push: push-0.\n")
    assert project.state() == before
    assert statuses(server) == {"cancelled": 1, "waiting": PUSHES - 1}


def test_a_report_that_cannot_be_saved_hides_nothing(server: str, tmp_path: Path) -> None:
    project = Here(tmp_path)
    project.write(manifest("one"))
    env = environment(server)
    assert project.run("apply", "--yes", env=env).code == 0
    ran = project.run("stop", "push-0", "--report", "nowhere/report.json", env=env)
    assert ran.code == 0, ran
    assert ran.out.startswith("Stop complete!")
    assert "The report could not be saved" in ran.err
    assert statuses(server)["cancelled"] == 1


HASHED = (
    "version: 1\napp: {id: ONEX0000000000000, workspace: test, targets: hashed}\n"
    "timezone: Asia/Shanghai\ndefaults: {expires_after: 4h}\npushes:\n"
    "  sale:\n    schedule: {at: 2026-12-01T20:00}\n    to: {users: [ann, bob, cy]}\n"
    "    message: {title: Sale, body: Text}\n"
    '  loop:\n    schedule: {every: day, at: "12:00"}\n    to: {users: [ann]}\n'
    "    message: {title: Loop, body: Text}\n"
)


@pytest.mark.parametrize(
    ("text", "known"),
    [(HASHED.replace(", targets: hashed", ""), True), (HASHED, True), (HASHED, False)],
    ids=["clear", "hashed", "hashed, without a manifest"],
)
def test_revoke_withdraws_what_was_delivered(text: str, known: bool, tmp_path: Path) -> None:
    with Simulation(tmp_path) as world:
        project = Inside(world)
        project.write(text)
        assert project.run("apply", "--yes").code == 0
        world.advance(20 * 3600)
        if not known:
            project.write(BROKEN)
        ran = project.run("stop", "--all", "--revoke")
        assert ran.code == 0, ran
        withdrawn = {
            (str(item["task_name"]), str(item["target"]))
            for item in world.control.ask("GET", "deliveries")["deliveries"]
            if item["revoked"]
        }
        people = {("sale", "ann"), ("sale", "bob"), ("sale", "cy"), ("loop", "ann")}
        assert withdrawn == (people if known else set())
        said = "accepted by the service" if known else "to people whom the state knows only by"
        assert f"withdrawing: 3 messages {said}" in ran.out
        assert "had gone out: Tue 1 Dec 2026 20:00 Asia/Shanghai to 3 targets" in ran.out
        assert "ann" not in ran.out + ran.err or "hashed" not in text


def test_a_forgotten_environment_is_named(tmp_path: Path) -> None:
    """Eight minutes before the delivery, nobody wants to look for the file."""
    (tmp_path / "pushctl.prod.state.json").write_text("{}")
    ran = Here(tmp_path).run("stop", "--all", "--yes")
    assert ran.code == 1
    assert "but pushctl.prod.state.json" in ran.err
    assert "fix: --env prod" in ran.err


def test_without_a_state_it_goes_by_what_the_service_lists(inside: Inside) -> None:
    inside.write(manifest("one"))
    assert inside.run("apply", "--yes").code == 0
    for path in inside.folder.glob("pushctl.state*"):
        path.unlink()
    assert inside.run("stop", "--all").code == 1
    title = str(service_tasks(inside.url)[0]["title"])
    button = ("stop", "--from-service", "--title", title)
    assert inside.run(*button).code == 64  # there is nobody to ask
    assert statuses(inside.url) == {"waiting": PUSHES}
    ran = inside.run(*button, "--auto-approve")
    assert ran.code == 0, ran
    meant = sum(title in str(task["title"]) for task in service_tasks(inside.url))
    assert f"Stop complete! {meant} task" in ran.out
    assert ran.err.count(f"“{title}") == meant
    assert statuses(inside.url)["cancelled"] == meant
    assert not list(inside.folder.glob("pushctl.st*"))
    again = inside.run(*button, "--auto-approve")
    assert again.code == 64
    assert "nothing to deliver" in again.err


@pytest.mark.parametrize("more", ["--all", "--revoke", "push-0", "--break-lock"])
def test_the_list_of_the_service_is_not_mixed_with_the_state(more: str, inside: Inside) -> None:
    inside.write(manifest("one"))
    ran = inside.run("stop", "--from-service", "--title", "x", "--yes", more)
    assert ran.code == 64
    assert inside.run("stop", "--title", "x").code == 64


def test_a_cancel_that_the_service_does_not_carry_out_is_told(inside: Inside) -> None:
    inside.write(manifest("one"))
    assert inside.run("apply", "--yes").code == 0
    id = str(service_tasks(inside.url)[0]["id"])
    fault(inside.url, op="CancelPushScheduler", kind="http-500", effect="none")
    ran = inside.run("stop", "--from-service", "--task", id, "--yes")
    assert ran.code == 4, ran
    assert f"NOT STOPPED: {id}" in ran.out
    forget_faults(inside.url)
    ran = inside.run("stop", "--from-service", "--task", id, "--yes", "--format", "json")
    assert [item["stopped"] for item in ran.json["tasks"]] == [True]


def test_the_list_without_a_state_is_about_what_is_still_to_come(tmp_path: Path) -> None:
    with Simulation(tmp_path) as world:
        project = Inside(world)
        project.write(HASHED)
        assert project.run("apply", "--yes").code == 0
        world.advance(20 * 3600)
        over = project.run("stop", "--from-service", "--title", "Sale", "--yes")
        assert over.code == 64, over
        assert "nothing to deliver" in over.err


def test_after_the_last_task_without_a_state_there_is_nothing_to_wait_for(tmp_path: Path) -> None:
    with Simulation(tmp_path) as world:
        project = Inside(world)
        project.write(HASHED)
        assert project.run("apply", "--yes").code == 0
        before = world.now
        titles = ("--title", "Loop", "--title", "Sale")
        ran = project.run("stop", "--from-service", *titles, "--yes")
        assert ran.code == 0, ran
        assert world.now - before < 5
