"""The script beside the action, step by step: claims, credentials, cancellation, and bad input."""

from __future__ import annotations

import json
import shutil
import signal
import stat
import subprocess
import zipfile
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import pytest

from tests.acceptance.ci.machine import SCRIPT, STATE, Machine
from tests.acceptance.ci.runner import git
from tests.acceptance.processes import PUSHES, environment, fault, service_tasks, wait_for


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    return Machine(tmp_path)


def test_the_script_has_no_known_weakness() -> None:
    checker = shutil.which("shellcheck")
    if checker is None:
        pytest.skip("shellcheck is not installed")
    options = ("--external-sources", "--check-sourced", "--source-path=SCRIPTDIR")
    command = [checker, *options, str(SCRIPT)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout


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
    wait_for(lambda: service_tasks(server) or job.poll() is not None)
    job.send_signal(signal.SIGINT)
    out, _ = job.communicate(timeout=60)
    assert job.returncode == 0, out
    assert machine.outputs["exit-code"] == "130", out
    assert machine.step("end").returncode == 0
    assert "pushctl.state.json" in machine.on_branch()
    made = len(service_tasks(server))
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
    gitlab["INPUT_WORK"] = str(machine.temp / "pushctl")
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
        ("$(touch x); `x`\n--all", ["--", "$(touch", "x);", "`x`", "--all"]),
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
    assert machine.on_branch() == {}


# --- install and finish ---------------------------------------------------------------------------


@pytest.mark.parametrize("version", ["", "latest", "1.0; id", "1.0\n--index-url=x", "@x", "==1"])
def test_a_version_is_a_number(machine: Machine, version: str) -> None:
    shutil.rmtree(machine.temp / "pushctl")
    assert machine.step("install", INPUT_VERSION=version).returncode == 64
    assert not (machine.temp / "pushctl" / "venv").exists()


def test_one_version_is_installed_and_nothing_of_the_repository_with_it(machine: Machine) -> None:
    shutil.rmtree(machine.temp / "pushctl")
    calls, there = machine.folder / "calls", machine.temp / "pushctl" / "venv" / "bin"
    tells = f'echo "$@" >>"{calls}"'
    made = f'mkdir -p "{there}" && cp "$0" "{there}/python" && cp "$0" "{there}/pushctl"'
    python = machine.instead("python3", f"{tells}\n[[ $* != *venv* ]] || {{ {made}; }}")
    for version in ("1.2.3", "1.3.0"):
        assert machine.step("install", INPUT_VERSION=version, **python).returncode == 0
    pip = "-I -m pip install --quiet --disable-pip-version-check -- pushctl==1.2.3"
    assert calls.read_text().splitlines() == [f"-I -m venv {there.parent}", pip]


@pytest.mark.slow
def test_the_version_that_is_named_is_installed(machine: Machine, tmp_path: Path) -> None:
    shutil.rmtree(machine.temp / "pushctl")
    wheels = tmp_path / "wheels"
    wheels.mkdir()
    for version in ("1.2.3", "1.3.0"):
        stub(wheels, version)
    pip = {"PIP_NO_INDEX": "1", "PIP_FIND_LINKS": str(wheels)}
    # A file of the check-out may be called like something that Python would import.
    for name in ("venv", "pip", "json", "sys"):
        (machine.work / f"{name}.py").write_text("raise SystemExit('owned')")
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


def test_no_file_of_the_repository_is_run(machine: Machine) -> None:
    (machine.work / "json.py").write_text("raise SystemExit('owned')")
    plan = '{"summary": {"create": 3}, "quota": {"after": 4}}'
    machine.program(
        f"#!/bin/sh\nfor a; do case $a in --json=*) echo '{plan}' >\"${{a#*=}}\";; esac; done\n"
    )
    with Issuer() as issuer:
        done = machine.step("run", INPUT_COMMAND="plan", **ROLE, **issuer.env)
    assert done.returncode == 0, done.stdout
    assert machine.outputs["creates"] == "3"


def test_no_output_has_a_second_line(machine: Machine) -> None:
    machine.teller()
    machine.step("run", INPUT_COMMAND="drift")
    assert machine.output.read_text() == "exit-code=0\n"


# --- report ---------------------------------------------------------------------------------------


def test_a_comment_never_stays_that_of_an_earlier_plan(machine: Machine) -> None:
    machine.teller()
    work, asked = machine.temp / "pushctl", {"INPUT_COMMAND": "plan", "INPUT_COMMENT": "true"}
    (work / "plan.md").write_text("an earlier one")
    assert machine.step("begin", **asked, GITHUB_REPOSITORY="acme/nowhere").returncode == 1
    head = git(machine.work, "rev-parse", "HEAD")
    for ended in ("no exit code", "7"):
        assert machine.step("report", **asked).returncode == 0
        page, *options = machine.told["argv"][1:]
        assert options == ["--name", "./pushctl", "--note", f"Commit {head}"]
        assert f"**No plan: pushctl ended with {ended}.**" in Path(page).read_text()
        machine.teller(7)
        machine.step("run", **asked)
        machine.teller()


def test_a_comment_names_the_commit_that_was_proposed(machine: Machine) -> None:
    machine.teller()
    git(machine.work, "checkout", "--quiet", "-b", "proposed")
    git(machine.work, "commit", "--quiet", "--allow-empty", "--message", "proposed")
    proposed = git(machine.work, "rev-parse", "HEAD")
    git(machine.work, "checkout", "--quiet", "main")
    git(machine.work, "merge", "--quiet", "--no-ff", "--message", "merge", "proposed")
    machine.step("report", INPUT_COMMAND="plan", INPUT_COMMENT="true")
    assert machine.told["argv"][-1] == f"Commit {proposed}"


@pytest.mark.parametrize(
    ("base", "words"), [("HEAD^1", ["--base=HEAD^1"]), ("0" * 40, []), ("", [])]
)
def test_only_zeros_are_no_commit_to_compare_with(
    machine: Machine, base: str, words: list[str]
) -> None:
    machine.teller()
    assert machine.step("run", INPUT_COMMAND="plan", INPUT_BASE=base).returncode == 0
    assert [word for word in machine.told["argv"] if word.startswith("--base")] == words
