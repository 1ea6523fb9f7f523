"""`pushctl doctor` finds what is wrong and says what to type; what it says works."""

from __future__ import annotations

import shlex
from pathlib import Path

import pytest

from tests.e2e.cli import Project
from tests.e2e.test_concurrency import environment, fault, killed_when, started, wait_for
from tests.e2e.test_kill import books, manifest, server

__all__ = ["server"]


@pytest.fixture
def applied(server: str, tmp_path: Path) -> Project:
    project = Project(tmp_path)
    project.write(manifest("one"))
    assert project.run("apply", "--yes", env=environment(server)).code == 0
    return project


def verdicts(project: Project, env: dict[str, str]) -> dict[str, str]:
    found = project.run("doctor", "--format", "json", env=env).json
    return {check["check"]: check["verdict"] for check in found}


def test_doctor_finds_nothing_where_nothing_is_wrong(applied: Project, server: str) -> None:
    ran = applied.run("doctor", env=environment(server))
    assert ran.code == 0, ran
    assert ran.out.endswith("Nothing is wrong.\n")
    assert set(verdicts(applied, environment(server)).values()) == {"ok"}


def test_doctor_before_the_first_apply(server: str, tmp_path: Path) -> None:
    project = Project(tmp_path)
    nothing = project.run("doctor", env=environment(server))
    assert nothing.code == 1, nothing
    assert "pushctl init" in nothing.out
    project.write(manifest("one"))
    ran = project.run("doctor", env=environment(server))
    assert ran.code == 0, ran


@pytest.mark.parametrize("damage", ["state", "everything"])
def test_doctor_names_the_way_back_of_a_damaged_state(
    damage: str, applied: Project, server: str
) -> None:
    env = environment(server)
    names = ["pushctl.state.json"] if damage == "state" else []
    names = names or [p.name for p in applied.folder.glob("pushctl.state.*j*")]
    for name in names:
        (applied.folder / name).write_text("rubbish\n")
    ran = applied.run("doctor", env=env)
    assert ran.code == 1, ran
    fix = next(line for line in ran.out.splitlines() if "fix: pushctl state" in line)
    command = shlex.split(fix.partition("fix: ")[2].partition(",")[0])[1:]
    assert command == ["state", "restore" if damage == "state" else "rebuild"]
    more = ["--yes"] if command[1] == "rebuild" else []
    assert applied.run(*command, *more, env=env).code == 0
    assert applied.run("doctor", env=env).code == 0
    assert applied.run("plan", "--detailed-exitcode", env=env).code == 0


def test_doctor_sees_a_cut_short_apply_a_doubt_and_a_stop(server: str, tmp_path: Path) -> None:
    project = Project(tmp_path)
    project.write(manifest("one"))
    env = environment(server)
    fault(server, op="PushSimple", kind="slow", seconds=0.3)
    killed_when(
        lambda: len(books(server)) > 1,
        *(project, env, "apply", "--yes", "--parallelism", "1"),
    )
    found = verdicts(project, env)
    assert found["state"] == "note"
    assert found["outcomes"] == "bad"
    assert project.run("apply", "--yes", env=env).code == 0
    assert project.run("stop", "push-3", env=env).code == 0
    found = verdicts(project, env)
    assert (found["outcomes"], found["stopped"]) == ("ok", "note")
    assert project.run("doctor", env=env).code == 0


def test_doctor_knows_who_holds_the_lock(applied: Project, server: str) -> None:
    env = environment(server)
    applied.write(manifest("two"))
    fault(server, op="CancelPushScheduler", kind="slow", seconds=0.5)
    process = started(applied, env, "--parallelism", "1")
    wait_for(lambda: any(task["status"] == "cancelled" for task in books(server)))
    ran = applied.run("doctor", env=env)
    assert f"pid {process.pid}" in ran.out
    process.kill()
    process.communicate()
    assert verdicts(applied, env)["lock"] == "ok"


@pytest.mark.parametrize(
    ("kind", "check"),
    [("forbidden", "permission"), ("auth-404", "permission"), ("business-3007", "service")],
)
def test_doctor_tells_what_the_service_minds(
    kind: str, check: str, applied: Project, server: str
) -> None:
    fault(server, op="QueryPushSchedulerList", kind=kind)
    env = environment(server)
    assert verdicts(applied, env)[check] == "bad"
    assert applied.run("doctor", env=env).code == 1


def test_doctor_with_a_broken_manifest_still_asks_the_service(
    applied: Project, server: str
) -> None:
    applied.write("version: 1\npushes: [\n")
    found = verdicts(applied, environment(server))
    assert (found["manifest"], found["service"]) == ("bad", "ok")
