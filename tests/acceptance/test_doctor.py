"""`pushctl doctor` finds what is wrong and says what to type; what it says works."""

from __future__ import annotations

import shlex
from pathlib import Path

import pytest
import tzdata

from tests.acceptance.cli import Here, Project
from tests.acceptance.inside import Inside
from tests.acceptance.processes import (
    environment,
    fault,
    killed_when,
    manifest,
    service_tasks,
    started,
    wait_for,
)
from tests.fake_code_hosts import Answer, GitHub, serving


@pytest.fixture
def applied(inside: Inside) -> Inside:
    inside.write(manifest("one"))
    assert inside.run("apply", "--yes").code == 0
    return inside


def verdicts(project: Inside | Project, **settings: dict[str, str]) -> dict[str, str]:
    found = project.run("doctor", "--format", "json", **settings).json
    return {check["check"]: check["verdict"] for check in found}


def test_doctor_finds_nothing_where_nothing_is_wrong(applied: Inside) -> None:
    ran = applied.run("doctor")
    assert ran.code == 0, ran
    assert ran.out.endswith("Nothing is wrong.\n")
    assert f"edition {tzdata.IANA_VERSION}, from the package tzdata" in ran.out
    assert set(verdicts(applied).values()) == {"ok"}


def test_doctor_before_the_first_apply(inside: Inside) -> None:
    nothing = inside.run("doctor")
    assert nothing.code == 1, nothing
    assert "pushctl init" in nothing.out
    inside.write(manifest("one"))
    ran = inside.run("doctor")
    assert ran.code == 0, ran


def test_doctor_asks_the_service_although_no_state_is_here(applied: Inside) -> None:
    for path in applied.folder.glob("pushctl.state*"):
        path.unlink()
    ran = applied.run("doctor")
    assert ran.code == 0, ran
    assert "of nobody here" in ran.out
    assert "no state is here" in ran.out
    assert "if a state was lost: pushctl state rebuild" in ran.out
    plan = applied.run("plan")
    assert "if a state was lost: pushctl state rebuild; otherwise" in plan.out
    assert applied.run("state", "rebuild", "--yes").code == 0
    assert set(verdicts(applied).values()) == {"ok"}


def test_doctor_makes_no_sandbox_to_ask_it(tmp_path: Path) -> None:
    here = Here(tmp_path)
    here.write(manifest("one"))
    found = here.run("doctor", "--format", "json").json
    assert found[-1]["text"] == "nothing was applied yet"
    assert [path.name for path in tmp_path.iterdir()] == ["pushctl.yaml"]


@pytest.mark.parametrize("damage", ["state", "everything"])
def test_doctor_names_the_way_back_of_a_damaged_state(damage: str, applied: Inside) -> None:
    names = ["pushctl.state.json"] if damage == "state" else []
    names = names or [p.name for p in applied.folder.glob("pushctl.state.*j*")]
    for name in names:
        (applied.folder / name).write_text("rubbish\n")
    ran = applied.run("doctor")
    assert ran.code == 1, ran
    fix = next(line for line in ran.out.splitlines() if "fix: pushctl state" in line)
    command = shlex.split(fix.partition("fix: ")[2].partition(",")[0])[1:]
    assert command == ["state", "restore" if damage == "state" else "rebuild"]
    more = ["--yes"] if command[1] == "rebuild" else []
    assert applied.run(*command, *more).code == 0
    assert applied.run("doctor").code == 0
    assert applied.run("plan", "--detailed-exitcode").code == 0


def test_doctor_sees_a_cut_short_apply_a_doubt_and_a_stop(server: str, tmp_path: Path) -> None:
    project = Here(tmp_path)
    project.write(manifest("one"))
    env = environment(server)
    fault(server, op="PushSimple", kind="slow", seconds=0.3)
    killed_when(
        lambda: len(service_tasks(server)) > 1,
        *(project, env, "apply", "--yes", "--parallelism", "1"),
    )
    found = verdicts(project, env=env)
    assert found["state"] == "note"
    assert found["outcomes"] == "bad"
    assert project.run("apply", "--yes", env=env).code == 0
    assert project.run("stop", "push-3", env=env).code == 0
    found = verdicts(project, env=env)
    assert (found["outcomes"], found["stopped"]) == ("ok", "note")
    assert project.run("doctor", env=env).code == 0


def test_doctor_knows_who_holds_the_lock(server: str, tmp_path: Path) -> None:
    project = Here(tmp_path)
    project.write(manifest("one"))
    env = environment(server)
    fault(server, op="PushSimple", kind="slow", seconds=0.5)
    process = started(project, env, "--parallelism", "1")
    wait_for(lambda: service_tasks(server))
    ran = project.run("doctor", env=env)
    assert f"pid {process.pid}" in ran.out
    process.kill()
    process.communicate()
    assert verdicts(project, env=env)["lock"] == "ok"


@pytest.mark.parametrize(
    ("kind", "check"),
    [("forbidden", "permission"), ("auth-404", "permission"), ("business-3007", "service")],
)
def test_doctor_tells_what_the_service_minds(kind: str, check: str, applied: Inside) -> None:
    fault(applied.url, op="QueryPushSchedulerList", kind=kind)
    assert verdicts(applied)[check] == "bad"
    assert applied.run("doctor").code == 1


def test_doctor_with_a_broken_manifest_still_asks_the_service(applied: Inside) -> None:
    applied.write("version: 1\npushes: [\n")
    found = verdicts(applied)
    assert (found["manifest"], found["service"]) == ("bad", "ok")


def test_doctor_says_which_environments_anybody_may_deploy_to(tmp_path: Path) -> None:
    here = Here(tmp_path)
    with serving(GitHub()) as host:
        settings = {
            "GITHUB_REPOSITORY": "acme/pushes",
            "GITHUB_API_URL": host.url,
            "GITHUB_TOKEN": host.token,
        }
        limited = {"deployment_branch_policy": {"protected_branches": True}}
        host.script = [Answer(200, limited), Answer(200, {"deployment_branch_policy": None})]
        ran = here.run("--env", "prod", "doctor", "--ci", env=settings)
        assert ran.code == 1, ran
        assert "prod-stop" in ran.out
        assert "any branch may deploy to it" in ran.out
        assert [call.rpartition("/")[2] for call in host.calls] == ["prod", "prod-stop"]
        host.script = [Answer(200, limited), Answer(200, limited)]
        assert here.run("doctor", "--ci", env=settings).code == 0
        assert host.calls[-1].endswith("/environments/production-stop")
        assert "404" in here.run("doctor", "--ci", env=settings).out
    ran = here.run("doctor", "--ci", env={"GITHUB_REPOSITORY": "", "CI_PROJECT_ID": ""})
    assert (ran.code, "set GITHUB_REPOSITORY" in ran.out) == (1, True)
