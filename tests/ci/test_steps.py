"""The script beside the action, step by step: claims, credentials, cancellation, and bad input."""

from __future__ import annotations

import json
import os
import shutil
import signal
import stat
import subprocess
import sys
import zipfile
from concurrent.futures import ThreadPoolExecutor
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import pytest

from tests.ci.runner import REPOSITORY, git
from tests.e2e.test_concurrency import environment, fault, wait_for
from tests.e2e.test_kill import PUSHES, books, manifest, server

__all__ = ["server"]

ROOT = Path(__file__).parents[2]
SCRIPT = ROOT / "pushctl" / "templates" / "github" / "actions" / "pushctl" / "pushctl.sh"
STATE = "pushctl-state"
TELLS = """\
#!{python}
import json, os, sys
known = {{key: value for key, value in os.environ.items() if key.startswith("ALIBABA_CLOUD_")}}
path = os.environ.get("ALIBABA_CLOUD_OIDC_TOKEN_FILE")
mode = oct(os.stat(path).st_mode & 0o777) if path else ""
token = open(path).read() if path else ""
told = {{"argv": sys.argv[1:], "env": known, "mode": mode, "token": token}}
with open({told!r}, "w") as file:
    json.dump(told, file)
print("done")
sys.exit({code})
"""


class Machine:
    """A machine that has checked out a repository, and runs steps of the script."""

    def __init__(self, folder: Path, name: str = "machine", **env: str) -> None:
        self.folder = folder / name
        self.bare = folder / f"{REPOSITORY}.git"
        self.work = self.folder / "work"
        self.temp = self.folder / "temp"
        if not self.bare.exists():
            self.bare.mkdir(parents=True)
            git(self.bare, "init", "--quiet", "--bare", "--initial-branch=main")
            seed = folder / "seed"
            seed.mkdir()
            git(seed, "init", "--quiet", "--initial-branch=main")
            (seed / "pushctl.yaml").write_text(manifest("one"))
            git(seed, "add", "--all")
            git(seed, "commit", "--quiet", "--message", "begin")
            git(seed, "push", "--quiet", str(self.bare), "HEAD")
        self.temp.mkdir(parents=True)
        self.output = self.folder / "output"
        git(folder, "clone", "--quiet", str(self.bare), str(self.work))
        self.env = {
            "GITHUB_ACTIONS": "true",
            "GITHUB_SERVER_URL": f"file://{folder}",
            "GITHUB_REPOSITORY": REPOSITORY,
            "GITHUB_RUN_ID": name,
            "GITHUB_OUTPUT": str(self.output),
            "RUNNER_TEMP": str(self.temp),
            "INPUT_COMMAND": "apply",
            "INPUT_STATE_BRANCH": STATE,
            "INPUT_PATIENCE": "0",
            "INPUT_PAUSE": "0",
            **env,
        }
        self.program(f'#!/bin/sh\nexec "{sys.executable}" -m pushctl "$@"\n')

    def program(self, text: str) -> None:
        path = self.temp / "pushctl" / "venv" / "bin" / "pushctl"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
        path.chmod(0o755)

    def teller(self, code: int = 0) -> None:
        """Put a program in pushctl's place that writes down how it was called."""
        told = str(self.folder / "told.json")
        self.program(TELLS.format(python=sys.executable, told=told, code=code))

    @property
    def told(self) -> Any:
        return json.loads((self.folder / "told.json").read_text())

    def step(self, name: str, **env: str) -> subprocess.CompletedProcess[str]:
        process = self.begin(name, **env)
        out, _ = process.communicate(timeout=60)
        return subprocess.CompletedProcess([name], process.returncode, out, "")

    def begin(self, name: str, **env: str) -> subprocess.Popen[str]:
        return subprocess.Popen(
            ["bash", str(SCRIPT), name],
            cwd=self.work,
            env={**os.environ, **self.env, **env},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            encoding="utf-8",
        )

    @property
    def outputs(self) -> dict[str, str]:
        lines = self.output.read_text().splitlines()
        return dict(line.split("=", 1) for line in lines)

    def on_branch(self) -> list[str]:
        if not git(self.bare, "for-each-ref", f"refs/heads/{STATE}"):
            return []
        return git(self.bare, "ls-tree", "-r", "--name-only", STATE).splitlines()


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    return Machine(tmp_path)


CLAIM = "pushctl.claim"


def test_the_script_has_no_known_weakness() -> None:
    checker = shutil.which("shellcheck")
    if checker is None:
        pytest.skip("shellcheck is not installed")
    done = subprocess.run([checker, str(SCRIPT)], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout


# --- claims ---------------------------------------------------------------------------------------


def test_a_claim_is_there_while_a_run_is_at_work(machine: Machine) -> None:
    assert machine.step("begin").returncode == 0
    assert machine.on_branch() == [CLAIM]
    (machine.work / "pushctl.state.json").write_text("{}")
    assert machine.step("end").returncode == 0
    assert machine.on_branch() == ["pushctl.state.json"]
    assert machine.step("end").returncode == 0  # twice is once
    assert git(machine.bare, "rev-list", "--count", STATE) == "2"


def test_of_two_runs_at_once_one_has_to_wait(tmp_path: Path) -> None:
    both = [Machine(tmp_path, name) for name in ("one", "two")]
    with ThreadPoolExecutor() as pool:
        done = list(pool.map(lambda each: each.step("begin"), both))
    assert sorted(step.returncode for step in done) == [0, 5], [step.stdout for step in done]
    assert git(both[0].bare, "rev-list", "--count", STATE) == "1"


def test_whoever_waits_goes_on_when_the_other_is_done(tmp_path: Path) -> None:
    first, second = Machine(tmp_path, "one"), Machine(tmp_path, "two", INPUT_PATIENCE="60")
    assert first.step("begin").returncode == 0
    waiting = second.begin("begin", INPUT_PAUSE="0.1")
    (first.work / "pushctl.state.json").write_text('{"of": "one"}')
    assert first.step("end").returncode == 0
    out, _ = waiting.communicate(timeout=60)
    assert waiting.returncode == 0, out
    assert (second.work / "pushctl.state.json").read_text() == '{"of": "one"}'


def test_a_lost_run_is_noticed_and_named(tmp_path: Path) -> None:
    assert Machine(tmp_path, "lost").step("begin").returncode == 0
    done = Machine(tmp_path, "next").step("begin")
    assert done.returncode == 5
    assert f"apply of file://{tmp_path}/{REPOSITORY}/actions/runs/lost by somebody" in done.stdout
    assert "run this again with take-over" in done.stdout
    seen = Machine(tmp_path, "plan", INPUT_COMMAND="plan").step("begin")
    assert seen.returncode == 0
    assert "::notice::At work on this state: apply of" in seen.stdout


def test_a_person_can_go_on_after_a_lost_run(tmp_path: Path) -> None:
    assert Machine(tmp_path, "lost").step("begin").returncode == 0
    after = Machine(tmp_path, "next", INPUT_TAKE_OVER="true")
    assert after.step("begin").returncode == 0
    assert after.step("end").returncode == 0
    assert after.on_branch() == []


def test_the_red_button_waits_for_nobody_for_long(tmp_path: Path) -> None:
    slow = Machine(tmp_path, "slow")
    assert slow.step("begin").returncode == 0
    button = Machine(tmp_path, "stop", INPUT_COMMAND="stop")
    done = button.step("begin")
    assert done.returncode == 0
    assert "::warning::Took the state over from: apply of" in done.stdout
    assert button.step("end").returncode == 0
    # The other run may not overwrite what was stopped; what it knows goes into an artifact.
    late = slow.step("end")
    assert late.returncode == 1
    assert "kept as the artifact pushctl-state" in late.stdout


def test_a_branch_that_may_not_be_pushed_to_is_said_at_once(machine: Machine) -> None:
    hook = machine.bare / "hooks" / "pre-receive"
    hook.parent.mkdir(exist_ok=True)
    hook.write_text("#!/bin/sh\nexit 1\n")
    hook.chmod(0o755)
    done = machine.step("begin", INPUT_PATIENCE="60", INPUT_PAUSE="60")
    assert done.returncode == 1
    assert "contents: write" in done.stdout


def test_a_repository_that_cannot_be_read_is_no_empty_state(machine: Machine) -> None:
    for command in ("plan", "apply", "drift", "stop"):
        done = machine.step("begin", INPUT_COMMAND=command, GITHUB_REPOSITORY="acme/nowhere")
        assert done.returncode == 1
        assert "cannot be read" in done.stdout
    assert not (machine.temp / "pushctl" / "claimed").exists()


def test_a_state_in_the_branch_itself_is_refused(machine: Machine) -> None:
    (machine.work / "pushctl.state.json").write_text("{}")
    git(machine.work, "add", "--all")
    done = machine.step("begin", INPUT_COMMAND="plan")
    assert done.returncode == 1
    assert "is part of this branch" in done.stdout


def test_a_state_that_is_there_anyway_is_left_there(machine: Machine) -> None:
    (machine.work / "pushctl.state.json").write_text("{}")
    assert machine.step("begin", INPUT_STATE_BRANCH="").returncode == 0
    assert machine.step("end", INPUT_STATE_BRANCH="").returncode == 0
    assert machine.on_branch() == []


def test_a_token_is_in_no_argument_and_in_no_file(machine: Machine) -> None:
    done = machine.step("begin", STATE_TOKEN="secret-token")
    assert done.returncode == 0, done.stdout
    for path in machine.folder.rglob("*"):
        if path.is_file():
            assert b"secret-token" not in path.read_bytes()
            assert b"eC1hY2Nlc3MtdG9rZW4" not in path.read_bytes()


# --- run ------------------------------------------------------------------------------------------


def test_cancelling_a_job_ends_pushctl_and_keeps_what_it_did(server: str, machine: Machine) -> None:
    online = {**environment(server), "PUSHCTL_FORCE": ""}
    assert machine.step("begin").returncode == 0
    plan = machine.step("run", INPUT_COMMAND="plan", **online)
    assert plan.returncode == 0, plan.stdout
    assert machine.outputs["exit-code"] == "2"
    approved = machine.folder / "approved"
    shutil.copy(machine.outputs["plan-path"], approved)
    fault(server, op="PushSimple", kind="slow-before", seconds=0.3, times=20)
    job = machine.begin("run", INPUT_PLAN_FILE=str(approved), PUSHCTL_PARALLELISM="1", **online)
    wait_for(lambda: books(server) or job.poll() is not None)
    job.send_signal(signal.SIGINT)
    out, _ = job.communicate(timeout=60)
    assert job.returncode == 0, out
    assert machine.outputs["exit-code"] == "130", out
    assert machine.step("end").returncode == 0
    assert "pushctl.state.json" in machine.on_branch()
    made = len(books(server))
    assert 0 < made < PUSHES
    kept = json.loads(git(machine.bare, "show", f"{STATE}:pushctl.state.json"))
    assert sum(len(push["tasks"]) for push in kept["pushes"].values()) == made
    assert machine.step("finish").returncode == 130


class Issuer:
    """Gives out identity tokens, as the machine of a job can ask for."""

    def __enter__(self) -> Issuer:
        self.asked: list[tuple[str, str]] = []
        issuer = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                issuer.asked.append((self.path, self.headers.get("Authorization", "")))
                raw = b'{"value": "secret.identity.token"}'
                self.send_response(200)
                self.send_header("Content-Length", str(len(raw)))
                self.end_headers()
                self.wfile.write(raw)

            def log_message(self, *_: object) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.thread = Thread(target=self.server.serve_forever, kwargs={"poll_interval": 0.01})
        self.thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.server.shutdown()
        self.thread.join()
        self.server.server_close()

    @property
    def env(self) -> dict[str, str]:
        port = self.server.server_address[1]
        return {
            "ACTIONS_ID_TOKEN_REQUEST_URL": f"http://127.0.0.1:{port}/token?api-version=2.0",
            "ACTIONS_ID_TOKEN_REQUEST_TOKEN": "secret-request",
        }


ROLE = {
    "INPUT_ROLE_ARN": "acs:ram::1:role/pushctl-plan",
    "INPUT_OIDC_PROVIDER_ARN": "acs:ram::1:oidc-provider/github",
}


def test_a_job_acts_as_a_role_by_its_identity(machine: Machine) -> None:
    machine.teller()
    with Issuer() as issuer:
        done = machine.step("run", INPUT_COMMAND="drift", **ROLE, **issuer.env)
    assert done.returncode == 0, done.stdout
    assert issuer.asked == [("/token?api-version=2.0&audience=pushctl", "Bearer secret-request")]
    told = machine.told
    assert told["env"]["ALIBABA_CLOUD_ROLE_ARN"] == ROLE["INPUT_ROLE_ARN"]
    assert told["env"]["ALIBABA_CLOUD_OIDC_PROVIDER_ARN"] == ROLE["INPUT_OIDC_PROVIDER_ARN"]
    assert (told["token"], told["mode"]) == ("secret.identity.token", "0o600")
    assert "secret" not in done.stdout
    assert not Path(told["env"]["ALIBABA_CLOUD_OIDC_TOKEN_FILE"]).exists()


def test_gitlab_hands_the_identity_over_in_a_variable(machine: Machine) -> None:
    machine.teller()
    gitlab = {"PUSHCTL_ID_TOKEN": "secret.identity", "GITHUB_ACTIONS": "", "GITLAB_CI": "true"}
    assert machine.step("run", INPUT_COMMAND="drift", **ROLE, **gitlab).returncode == 0
    assert (machine.told["token"], machine.told["mode"]) == ("secret.identity", "0o600")


def test_without_an_identity_a_plan_is_offline_and_an_apply_is_none(machine: Machine) -> None:
    machine.teller()
    assert machine.step("run", INPUT_COMMAND="plan", **ROLE).returncode == 0
    assert "--offline" in machine.told["argv"]
    assert not [word for word in machine.told["argv"] if word.startswith("--out")]
    (machine.folder / "told.json").unlink()
    for command in ("apply", "drift", "stop"):
        done = machine.step("run", INPUT_COMMAND=command, INPUT_WHAT="ALL", **ROLE)
        assert done.returncode == 1
        assert "id-token: write" in done.stdout
    assert not (machine.folder / "told.json").exists()


def test_every_input_is_one_word(machine: Machine) -> None:
    machine.teller()
    base = "$(touch owned); `x` | & \"'\\ --force"
    done = machine.step("run", INPUT_COMMAND="plan", INPUT_BASE=base, INPUT_ENV="prod")
    assert done.returncode == 0, done.stdout
    argv = machine.told["argv"]
    assert argv[:6] == ["-C", "./.", "--color", "never", "--env=prod", "plan"]
    assert f"--base={base}" in argv
    assert not list(machine.folder.rglob("owned"))


@pytest.mark.parametrize(
    ("what", "words"),
    [
        ("ALL", ["--all"]),
        ("sale promo[shanghai]", ["--", "sale", "promo[shanghai]"]),
        ("campaign=xmas\nsale", ["--label=campaign=xmas", "--", "sale"]),
        ("--all", ["--", "--all"]),
        ("-rf *", ["--", "-rf", "*"]),
        ("ALL sale", ["--", "ALL", "sale"]),
    ],
)
def test_what_to_stop_is_ids_labels_or_all(machine: Machine, what: str, words: list[str]) -> None:
    machine.teller()
    assert machine.step("run", INPUT_COMMAND="stop", INPUT_WHAT=what).returncode == 0
    argv = machine.told["argv"]
    assert argv[argv.index("stop") + 1 :] == words


def test_nothing_to_stop_is_a_mistake(machine: Machine) -> None:
    machine.teller()
    assert machine.step("run", INPUT_COMMAND="stop", INPUT_WHAT=" \n ").returncode == 64
    assert not (machine.folder / "told.json").exists()


@pytest.mark.parametrize(
    "wrong",
    [
        {"INPUT_COMMAND": "state"},
        {"INPUT_COMMAND": "plan\napply"},
        {"INPUT_ENV": "a b"},
        {"INPUT_ENV": "../x"},
        {"INPUT_ENV": "$(id)"},
        {"INPUT_WORKING_DIRECTORY": ".."},
        {"INPUT_WORKING_DIRECTORY": "/"},
        {"INPUT_WORKING_DIRECTORY": "nowhere"},
        {"INPUT_STATE_BRANCH": "-x"},
        {"INPUT_STATE_BRANCH": "a:b"},
        {"INPUT_STATE_BRANCH": "a b"},
        {"INPUT_PATIENCE": "1; id"},
        {"INPUT_FAIL_ON": "later"},
    ],
)
def test_wrong_inputs_are_refused_before_anything(machine: Machine, wrong: dict[str, str]) -> None:
    for step in ("install", "begin", "run"):
        done = machine.step(step, **wrong)
        assert done.returncode == 64, done.stdout
        assert done.stdout.startswith("::error::")
    assert machine.on_branch() == []


# --- install and finish ---------------------------------------------------------------------------


@pytest.mark.parametrize("version", ["", "latest", "1.0; id", "1.0\n--index-url=x", "@x", "==1"])
def test_a_version_is_a_number(machine: Machine, version: str) -> None:
    shutil.rmtree(machine.temp / "pushctl")
    assert machine.step("install", INPUT_VERSION=version).returncode == 64
    assert not (machine.temp / "pushctl" / "venv").exists()


def test_the_version_that_is_named_is_installed(machine: Machine, tmp_path: Path) -> None:
    shutil.rmtree(machine.temp / "pushctl")
    wheels = tmp_path / "wheels"
    wheels.mkdir()
    for version in ("1.2.3", "1.3.0"):
        stub(wheels, version)
    pip = {"PIP_NO_INDEX": "1", "PIP_FIND_LINKS": str(wheels)}
    done = machine.step("install", INPUT_VERSION="1.2.3", **pip)
    assert done.returncode == 0, done.stdout
    program = machine.temp / "pushctl" / "venv" / "bin" / "pushctl"
    assert program.stat().st_mode & stat.S_IXUSR
    ran = subprocess.run([str(program)], capture_output=True, text=True, check=True)
    assert ran.stdout == "1.2.3\n"
    assert machine.step("install", INPUT_VERSION="1.3.0", **pip).returncode == 0
    ran = subprocess.run([str(program)], capture_output=True, text=True, check=True)
    assert ran.stdout == "1.2.3\n", "a job has one pushctl, whatever its second step says"


def stub(folder: Path, version: str) -> None:
    """Write a wheel of the name, with nothing in it but its version."""
    info = f"pushctl-{version}.dist-info"
    files = {
        "stub.py": f"def main():\n    print({version!r})\n",
        f"{info}/METADATA": f"Metadata-Version: 2.1\nName: pushctl\nVersion: {version}\n",
        f"{info}/WHEEL": "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
        f"{info}/entry_points.txt": "[console_scripts]\npushctl = stub:main\n",
    }
    record = "".join(f"{name},,\n" for name in [*files, f"{info}/RECORD"])
    with zipfile.ZipFile(folder / f"pushctl-{version}-py3-none-any.whl", "w") as wheel:
        for name, text in {**files, f"{info}/RECORD": record}.items():
            wheel.writestr(name, text)


@pytest.mark.parametrize(
    ("code", "fail_on", "ends"),
    [
        (0, "error", 0),
        (2, "error", 0),
        (1, "error", 1),
        (3, "error", 3),
        (6, "error", 6),
        (130, "error", 130),
        (2, "changes", 2),
        (0, "changes", 0),
        (1, "never", 0),
    ],
)
def test_a_job_fails_on_what_it_was_told_to(
    machine: Machine, code: int, fail_on: str, ends: int
) -> None:
    machine.teller(code)
    assert machine.step("run", INPUT_COMMAND="drift").returncode == 0
    assert machine.step("finish", INPUT_FAIL_ON=fail_on).returncode == ends


def test_a_run_that_never_ended_is_no_success(machine: Machine) -> None:
    assert machine.step("finish").returncode == 1


def test_no_output_has_a_second_line(machine: Machine) -> None:
    machine.teller()
    machine.step("run", INPUT_COMMAND="drift")
    assert machine.output.read_text() == "exit-code=0\n"
