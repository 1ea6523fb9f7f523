"""The state on its branch: never lost, never an older one, never that of another environment.

Each test is a way to lose it. What stands in for a broken machine is a tool that fails or dies.
"""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from tests.acceptance.ci.machine import SCRIPT, SEEN, STATE, Machine
from tests.acceptance.ci.runner import REPOSITORY, git
from tests.acceptance.processes import wait_for

GIT, CP = shutil.which("git"), shutil.which("cp")
CLAIM = "pushctl.claim"
FILE = "pushctl.state.json"


def state(serial: int, lineage: str = "ours") -> str:
    return f'{{"lineage": "{lineage}", "serial": {serial}}}'


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    return Machine(tmp_path)


def applied(folder: Path, name: str, serial: int, **env: str) -> Machine:
    """Run an apply that leaves a state of this serial."""
    done = Machine(folder, name, **env)
    done.fine("begin")
    done.work.joinpath(FILE).write_text(state(serial))
    done.fine("end")
    assert done.on_branch()[FILE] == state(serial)
    return done


# --- claims ---------------------------------------------------------------------------------------


def test_a_claim_is_there_while_a_run_is_at_work(machine: Machine) -> None:
    machine.fine("begin")
    assert list(machine.on_branch()) == [CLAIM]
    (machine.work / FILE).write_text(state(1))
    machine.fine("end")
    assert machine.on_branch() == {FILE: state(1)}
    machine.fine("end")  # twice is once
    assert git(machine.bare, "rev-list", "--count", STATE) == "2"
    assert machine.tip() == machine.tip(SEEN)


def test_of_two_runs_at_once_one_has_to_wait(tmp_path: Path) -> None:
    both = [Machine(tmp_path, name) for name in ("one", "two")]
    with ThreadPoolExecutor() as pool:
        done = list(pool.map(lambda each: each.step("begin"), both))
    assert sorted(step.returncode for step in done) == [0, 5], [step.stdout for step in done]
    assert git(both[0].bare, "rev-list", "--count", STATE) == "1"


def test_whoever_waits_goes_on_when_the_other_is_done(tmp_path: Path) -> None:
    first, second = Machine(tmp_path, "one"), Machine(tmp_path, "two", INPUT_PATIENCE="60")
    first.fine("begin")
    waiting = second.begin("begin", INPUT_PAUSE="0.1")
    (first.work / FILE).write_text(state(1))
    first.fine("end")
    out, _ = waiting.communicate(timeout=60)
    assert waiting.returncode == 0, out
    assert (second.work / FILE).read_text() == state(1)


def test_a_lost_run_is_noticed_and_named(tmp_path: Path) -> None:
    Machine(tmp_path, "lost").fine("begin")
    done = Machine(tmp_path, "next").step("begin")
    assert done.returncode == 5
    assert f"apply of file://{tmp_path}/{REPOSITORY}/actions/runs/lost by somebody" in done.stdout
    assert "run this again with take-over" in done.stdout
    seen = Machine(tmp_path, "plan", INPUT_COMMAND="plan").fine("begin")
    assert "::notice::At work on this state: apply of" in seen


def test_a_person_can_go_on_after_a_lost_run(tmp_path: Path) -> None:
    Machine(tmp_path, "lost").fine("begin")
    after = Machine(tmp_path, "next", INPUT_TAKE_OVER="true")
    after.fine("begin")
    after.fine("end")
    assert after.on_branch() == {}


def test_the_red_button_waits_for_nobody_for_long(tmp_path: Path) -> None:
    slow = Machine(tmp_path, "slow")
    slow.fine("begin")
    button = Machine(tmp_path, "stop", INPUT_COMMAND="stop")
    assert "::warning::Took the state over from: apply of" in button.fine("begin")
    (button.work / FILE).write_text(state(1, "of the stop"))
    button.fine("end")
    # The other run may not overwrite what was stopped; what it knows goes into an artifact.
    (slow.work / FILE).write_text(state(1, "of the apply"))
    for _ in range(2):
        assert "somebody took the state over" in slow.refused("end")
        assert slow.kept == {FILE: state(1, "of the apply")}
    assert slow.on_branch() == {FILE: state(1, "of the stop")}


def test_a_branch_that_may_not_be_pushed_to_is_said_at_once(machine: Machine) -> None:
    machine.forbid_pushes()
    assert "contents: write" in machine.refused("begin", INPUT_PATIENCE="60", INPUT_PAUSE="60")
    assert machine.tip(SEEN) == ""


def test_a_repository_that_cannot_be_read_is_no_empty_state(machine: Machine) -> None:
    for command in ("plan", "apply", "drift", "stop"):
        there = {"INPUT_COMMAND": command, "GITHUB_REPOSITORY": "acme/nowhere"}
        assert "cannot be read" in machine.refused("begin", **there)
        machine.fine("end", **there)


def test_a_state_that_is_there_anyway_is_left_there(machine: Machine) -> None:
    (machine.work / FILE).write_text(state(1))
    for step in ("begin", "end"):
        machine.fine(step, INPUT_STATE_BRANCH="")
    assert machine.on_branch() == {}
    assert (machine.work / FILE).read_text() == state(1)


def test_a_token_is_in_no_argument_and_in_no_file(machine: Machine) -> None:
    machine.fine("begin", STATE_TOKEN="secret-token")
    for path in machine.folder.rglob("*"):
        if path.is_file():
            assert b"secret-token" not in path.read_bytes()
            assert b"eC1hY2Nlc3MtdG9rZW4" not in path.read_bytes()


# --- other environments and other steps -----------------------------------------------------------


def test_two_environments_at_once_keep_both_their_states(tmp_path: Path) -> None:
    names = ("prod", "state.json", "")  # the second is one that patterns could take for the third
    runs = [Machine(tmp_path, f"of-{env}", INPUT_ENV=env) for env in names]
    for run in runs:
        run.fine("begin")
        name = "pushctl" + (f".{run.env['INPUT_ENV']}" if run.env["INPUT_ENV"] else "")
        (run.work / f"{name}.state.json").write_text(state(1, name))
        (run.work / ".pushctl").mkdir(exist_ok=True)
        (run.work / ".pushctl" / "sandbox.db").write_text(name)
    for run in runs:
        run.fine("end")
    expected = {}
    for name in ("pushctl", "pushctl.prod", "pushctl.state.json"):
        expected |= {f"{name}.state.json": state(1, name), f"{name}.sandbox.db": name}
    assert runs[0].on_branch() == expected
    again = Machine(tmp_path, "again", INPUT_ENV="prod")
    again.fine("begin")
    laid = {path.name for path in again.work.iterdir()} - {".git", "pushctl.yaml"}
    assert laid == {"pushctl.prod.state.json", ".pushctl"}
    assert (again.work / ".pushctl" / "sandbox.db").read_text() == "pushctl.prod"
    again.fine("end")
    assert again.on_branch() == expected


def test_a_push_of_another_environment_in_between_only_costs_a_try(tmp_path: Path) -> None:
    run, other = Machine(tmp_path, "run"), Machine(tmp_path, "other", INPUT_ENV="prod")
    run.fine("begin")
    (run.work / FILE).write_text(state(1))
    other.fine("begin")
    (other.work / "pushctl.prod.state.json").write_text(state(1, "prod"))
    # Just before the first try to push, the other one is quicker.
    script = (
        f'if [[ " $* " == *" push "* && ! -e "{tmp_path}/once" ]]; then\n'
        f'  touch "{tmp_path}/once"\n  (cd "{other.work}" && '
        + " ".join(f"{name}='{value}'" for name, value in other.env.items())
        + f' bash "{SCRIPT}" end) || exit 1\nfi\nexec {GIT} "$@"'
    )
    run.fine("end", **run.instead("git", script))
    assert (tmp_path / "once").exists()
    assert run.on_branch() == {FILE: state(1), "pushctl.prod.state.json": state(1, "prod")}


def test_only_the_step_that_claimed_gives_the_claim_back(machine: Machine) -> None:
    (machine.work / "mk").mkdir()
    machine.fine("begin")
    (machine.work / FILE).write_text(state(1))
    tip = machine.tip()
    for name, other in (
        ("INPUT_COMMAND", "plan"),
        ("INPUT_COMMAND", "stop"),
        ("INPUT_ENV", "staging"),
        ("INPUT_WORKING_DIRECTORY", "mk"),
    ):
        machine.fine("end", **{name: other})
        assert machine.tip() == tip, (name, other)
    machine.fine("end")
    assert machine.on_branch() == {FILE: state(1)}


def test_what_could_not_be_pushed_is_not_overwritten_in_the_same_job(machine: Machine) -> None:
    machine.fine("begin")
    (machine.work / FILE).write_text(state(1))
    machine.forbid_pushes()
    assert "could not be pushed" in machine.refused("end")
    for command in ("plan", "apply"):
        assert "not on the branch" in machine.refused("begin", INPUT_COMMAND=command)
    assert (machine.work / FILE).read_text() == state(1)
    assert machine.kept == {FILE: state(1)}


# --- steps that fail or are cut short -------------------------------------------------------------


def test_a_state_in_the_sources_is_refused_and_the_branch_left(tmp_path: Path) -> None:
    tip = applied(tmp_path, "first", 7).tip()
    second = Machine(tmp_path, "second")
    (second.work / FILE).write_text(state(1))
    git(second.work, "add", "--all")
    for command in ("plan", "apply"):
        assert "is part of this branch" in second.refused("begin", INPUT_COMMAND=command)
        second.fine("end", INPUT_COMMAND=command)
    assert second.tip() == tip


def test_the_red_button_does_not_stop_for_a_state_in_the_sources(tmp_path: Path) -> None:
    button = Machine(tmp_path, "first", INPUT_COMMAND="stop")
    (button.work / FILE).write_text(state(1))
    git(button.work, "add", "--all")
    assert "::warning::./pushctl.state.json is part of this branch" in button.fine("begin")
    assert (button.work / FILE).read_text() == state(1), "the branch has none, so this is it"
    button.fine("end")
    again = Machine(tmp_path, "second", INPUT_COMMAND="stop")
    (again.work / FILE).write_text(state(0, "of long ago"))
    git(again.work, "add", "--all")
    again.fine("begin")
    assert (again.work / FILE).read_text() == state(1)
    again.fine("end")
    assert again.on_branch() == {FILE: state(1)}


def test_that_git_cannot_tell_is_no_answer(machine: Machine) -> None:
    broken = machine.instead("git", f'[[ " $* " != *" ls-files "* ]] || exit 128\nexec {GIT} "$@"')
    assert "git cannot tell" in machine.refused("begin", **broken)
    assert machine.on_branch() == {}


@pytest.mark.parametrize("how", ["exit 1", "kill -KILL $PPID"])
def test_a_state_that_was_not_laid_out_is_not_taken_in(tmp_path: Path, how: str) -> None:
    applied(tmp_path, "first", 7)
    second = Machine(tmp_path, "second")
    # The claim is copied, too: that works.
    second.refused("begin", **second.instead("cp", f'[[ $* == *claim* ]] && exec {CP} "$@"\n{how}'))
    assert set(second.on_branch()) == {CLAIM, FILE}
    second.fine("end")
    assert second.on_branch() == {FILE: state(7)}


def test_a_copy_that_fails_at_the_end_leaves_the_branch_and_the_claim(tmp_path: Path) -> None:
    applied(tmp_path, "first", 7)
    second = Machine(tmp_path, "second")
    second.fine("begin")
    (second.work / FILE).write_text(state(8))
    assert "cannot be copied" in second.refused("end", **second.instead("cp", "exit 1"))
    assert set(second.on_branch()) == {CLAIM, FILE}
    assert second.on_branch()[FILE] == state(7)
    second.fine("end")
    assert second.on_branch() == {FILE: state(8)}


def test_a_state_that_does_not_follow_is_not_pushed(tmp_path: Path) -> None:
    applied(tmp_path, "first", 7)
    second = Machine(tmp_path, "second")
    second.fine("begin")
    (second.work / FILE).unlink()
    assert "is gone" in second.refused("end")
    for left in ("", "[]", "{}", state(6), state(8, "theirs")):
        (second.work / FILE).write_text(left)
        assert "does not follow" in second.refused("end"), left
    assert second.on_branch()[FILE] == state(7)
    assert CLAIM in second.on_branch()


def test_a_folder_has_one_state_whatever_links_lead_there(tmp_path: Path) -> None:
    for name, folder in (("one", "current"), ("two", "real"), ("three", "real/../current/")):
        run = Machine(tmp_path, name, INPUT_WORKING_DIRECTORY=folder.replace("real/../", "./"))
        (run.work / "real").mkdir()
        (run.work / "current").symlink_to("real")
        run.fine("begin")
        serial = len(run.on_branch())
        assert (run.work / "real" / FILE).exists() == (serial == 2)
        (run.work / "real" / FILE).write_text(state(serial))
        run.fine("end")
        assert run.on_branch() == {f"real/{FILE}": state(serial)}


def test_no_link_leads_out_of_the_repository(machine: Machine) -> None:
    (machine.work / "out").symlink_to(machine.temp)
    assert "leads out" in machine.refused("begin", INPUT_WORKING_DIRECTORY="out")
    assert machine.on_branch() == {}


LIVES_ON = """\
#!/bin/sh
trap 'echo TERM >>"{folder}/signals"' TERM
touch "{folder}/started"
while [ ! -e "{folder}/go" ]; do sleep 0.02; done
many="head -c 200000 /dev/zero"  # more than what is on the way between two programs
$many && $many >&2 || exit 1
echo '{state}' >{file}
touch "{folder}/ended"
"""


def at_work(machine: Machine) -> subprocess.Popen[str]:
    """Begin a run whose pushctl ends when it is told to, and records it then."""
    machine.fine("begin")
    text = LIVES_ON.format(folder=machine.folder, state=state(2), file=FILE)
    machine.program(text)
    (machine.folder / "plan").write_text("{}")
    job = machine.begin("run", INPUT_PLAN_FILE=str(machine.folder / "plan"))
    wait_for(lambda: (machine.folder / "started").exists())
    return job


def killed(job: subprocess.Popen[str]) -> None:
    """End a step as a runner does that loses patience: nobody reads what it says any more."""
    job.send_signal(signal.SIGKILL)
    job.wait()
    assert job.stdout is not None
    job.stdout.close()


def go(machine: Machine) -> None:
    (machine.folder / "go").touch()
    wait_for(lambda: (machine.folder / "ended").exists())


def test_the_end_waits_for_a_pushctl_that_outlives_its_step(machine: Machine) -> None:
    killed(at_work(machine))
    end = machine.begin("end")
    assert end.poll() is None
    assert list(machine.on_branch()) == [CLAIM]
    go(machine)
    out, _ = end.communicate(timeout=60)
    assert end.returncode == 0, out
    assert machine.on_branch() == {FILE: state(2)}


def test_the_claim_stays_if_that_lasts_too_long(machine: Machine) -> None:
    killed(at_work(machine))
    said = machine.refused("end", INPUT_SETTLE="0")
    assert "pushctl is still at work. The claim stays" in said
    assert list(machine.on_branch()) == [CLAIM]
    go(machine)
    machine.fine("end")
    assert machine.on_branch() == {FILE: state(2)}


def test_only_the_first_signal_is_passed_on(machine: Machine) -> None:
    job, signals = at_work(machine), machine.folder / "signals"
    job.send_signal(signal.SIGINT)
    wait_for(signals.exists)
    job.send_signal(signal.SIGTERM)
    (machine.folder / "go").touch()
    out, _ = job.communicate(timeout=60)
    assert (job.returncode, signals.read_text()) == (0, "TERM\n"), out
    assert machine.outputs["exit-code"] == "0"
    machine.fine("end")


# --- pushes whose answer is lost, and pushes by hand ----------------------------------------------


def test_a_push_whose_answer_was_lost_is_found(machine: Machine) -> None:
    deaf = machine.instead("git", f'{GIT} "$@" || exit $?\n[[ " $* " != *" push "* ]]')
    machine.fine("begin", **deaf)
    assert list(machine.on_branch()) == [CLAIM]
    (machine.work / FILE).write_text(state(1))
    machine.fine("end", **deaf)
    assert machine.on_branch() == {FILE: state(1)}
    machine.fine("end")
    assert git(machine.bare, "rev-list", "--count", STATE) == "2"


def test_a_push_by_hand_while_a_run_is_at_work_is_not_overwritten(tmp_path: Path) -> None:
    applied(tmp_path, "first", 7)
    run = Machine(tmp_path, "run")
    run.fine("begin")
    (run.work / FILE).write_text(state(9))
    by_hand(tmp_path, run, {FILE: state(8)})
    assert "Somebody changed the state" in run.refused("end")
    assert run.on_branch()[FILE] == state(8)
    assert run.kept == {FILE: state(9)}
    # What docs/ci.md says: put that one there, without the claim.
    by_hand(tmp_path, run, {**run.kept, CLAIM: None})
    applied(tmp_path, "next", 10)


def by_hand(folder: Path, machine: Machine, files: dict[str, str | None]) -> None:
    clone = folder / f"by-hand-{len(list(folder.iterdir()))}"
    git(folder, "clone", "--quiet", "--branch", STATE, str(machine.bare), str(clone))
    for name, text in files.items():
        if text is None:
            (clone / name).unlink()
        else:
            (clone / name).write_text(text)
    git(clone, "add", "--all")
    git(clone, "commit", "--quiet", "--message", "by hand")
    git(clone, "push", "--quiet")


# --- branches that lost something -----------------------------------------------------------------


def test_a_branch_that_is_gone_or_set_back_is_noticed_and_put_back(tmp_path: Path) -> None:
    older = applied(tmp_path, "first", 7).tip()
    newest = applied(tmp_path, "second", 8).tip()
    losses = {"is gone": ("-d",), "was set back": (older,)}
    for number, (what, how) in enumerate(losses.items()):
        ref = f"refs/heads/{STATE}"
        git(repository(tmp_path), "update-ref", *([*how, ref] if how == ("-d",) else [ref, *how]))
        for command in ("plan", "drift", "apply"):
            run = Machine(tmp_path, f"{command}-{number}", INPUT_COMMAND=command)
            assert f"{STATE} {what}" in run.refused("begin", INPUT_TAKE_OVER="true")
            run.fine("end")
        # As docs/ci.md says.
        git(run.work, "fetch", "--quiet", str(run.bare), SEEN)
        git(run.work, "push", "--quiet", str(run.bare), f"FETCH_HEAD:{ref}")
        assert run.tip() == newest
        assert Machine(tmp_path, f"next-{number}", INPUT_COMMAND="plan").fine("begin") == ""


def test_a_look_between_the_two_of_one_push_is_no_alarm(tmp_path: Path) -> None:
    older = applied(tmp_path, "first", 7).tip()
    newest = applied(tmp_path, "second", 8).tip()
    plan = Machine(tmp_path, "plan", INPUT_COMMAND="plan")
    update = f'{GIT} -C "{plan.bare}" update-ref refs/heads/{STATE}'
    script = (
        f'if [[ $1 = ls-remote ]]; then\n  if mkdir "{tmp_path}/once" 2>/dev/null; '
        f"then {update} {older}; else {update} {newest}; fi\nfi\n"
        f'exec {GIT} "$@"'
    )
    assert plan.fine("begin", **plan.instead("git", script)) == ""
    assert (plan.work / FILE).read_text() == state(8)


def repository(folder: Path) -> Path:
    return folder / f"{REPOSITORY}.git"


def test_the_red_button_goes_on_with_the_last_state_there_was(tmp_path: Path) -> None:
    applied(tmp_path, "first", 7)
    git(repository(tmp_path), "update-ref", "-d", f"refs/heads/{STATE}")
    button = Machine(tmp_path, "stop", INPUT_COMMAND="stop")
    assert "::warning::The state branch pushctl-state is gone. This stop" in button.fine("begin")
    assert (button.work / FILE).read_text() == state(7)
    (button.work / FILE).write_text(state(8))
    button.fine("end")
    assert button.tip() == button.tip(SEEN)
    applied(tmp_path, "next", 9)


def test_a_branch_that_was_written_anew_needs_a_person(tmp_path: Path) -> None:
    first = applied(tmp_path, "first", 7)
    seen = first.tip()
    git(first.work, "commit", "--quiet", "--allow-empty", "--message", "x")
    git(first.work, "push", "--quiet", "--force", str(first.bare), f"HEAD:{STATE}")
    assert "was written anew" in Machine(tmp_path, "apply").refused("begin")
    button = Machine(tmp_path, "stop", INPUT_COMMAND="stop")
    assert "This stop goes on with what is there now" in button.fine("begin")
    button.fine("end")
    assert button.tip(SEEN) == seen, "and it is still known what was lost"
    git(first.bare, "update-ref", "-d", SEEN)  # as docs/ci.md says: this is the state from now on
    Machine(tmp_path, "again").fine("begin")


def test_a_branch_that_is_deleted_meanwhile_is_back_at_the_end(tmp_path: Path) -> None:
    applied(tmp_path, "first", 7)
    run = Machine(tmp_path, "run")
    run.fine("begin")
    git(run.bare, "update-ref", "-d", f"refs/heads/{STATE}")
    (run.work / FILE).write_text(state(8))
    run.fine("end")
    assert run.on_branch() == {FILE: state(8)}


# --- what a job hands over ------------------------------------------------------------------------


def test_a_state_that_could_not_be_pushed_is_handed_over_without_anything_else(
    machine: Machine,
) -> None:
    gitlab = {
        "GITHUB_ACTIONS": "",
        "GITLAB_CI": "true",
        "CI_SERVER_URL": machine.env["GITHUB_SERVER_URL"],
        "CI_PROJECT_PATH": REPOSITORY,
        "INPUT_WORK": str(machine.folder / "elsewhere"),
        "INPUT_RESULTS": ".results",
        "STATE_TOKEN": "secret-token",
    }
    machine.fine("begin", **gitlab)
    (machine.work / FILE).write_text(state(1))
    hook = machine.forbid_pushes()
    machine.refused("end", **gitlab)
    handed = machine.work / ".results"
    assert {str(path.relative_to(handed)) for path in handed.rglob("*")} == {
        "state",
        f"state/{FILE}",
    }
    hook.unlink()
    machine.fine("end", **gitlab)
    assert machine.on_branch() == {FILE: state(1)}
    assert list(handed.iterdir()) == []
    machine.fine("clean", **gitlab)
    assert not Path(gitlab["INPUT_WORK"]).exists()


def test_what_a_job_runs_is_nothing_that_the_repository_brought(machine: Machine) -> None:
    brought = machine.work / "brought"
    (brought / "venv" / "bin").mkdir(parents=True)
    for work in (str(brought), "brought", f"{machine.work}/../work/brought"):
        said = machine.step("install", INPUT_WORK=work, INPUT_VERSION="1.0")
        assert (said.returncode, "is part of the check-out" in said.stdout) == (64, True)
    (brought / "plan.pushplan").touch()
    git(machine.work, "add", "--all")
    assert "is part of the repository" in machine.refused("begin", INPUT_RESULTS="brought")
    os.symlink("brought", machine.work / "link")
    assert "is a link" in machine.refused("begin", INPUT_RESULTS="link")
