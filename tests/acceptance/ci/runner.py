"""A machine that runs our workflows: their steps in a real shell, the code host faked around them.

Every job gets a folder of its own with a fresh check-out, as a hosted runner gives it; only what is
pushed or uploaded is seen by the next one.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

from tests.acceptance.ci.expressions import evaluated, filled, result, text

REPOSITORY = "acme/pushes"
# The python3 of a job is this one, without anything that looks for a version first.
PATH = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"


def yaml(path: Path) -> Any:
    return YAML(typ="safe").load(path.read_text("utf-8"))


def git(folder: Path, *arguments: str) -> str:
    identity = ("-c", "user.name=Lin", "-c", "user.email=lin@acme.example")
    done = subprocess.run(
        ["git", *identity, *arguments], cwd=folder, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, (arguments, done.stdout, done.stderr)
    return done.stdout.strip()


@dataclass
class Step:
    """What a step left behind."""

    outcome: str
    log: str = ""
    outputs: dict[str, str] = field(default_factory=dict)


@dataclass
class Job:
    """What a job left behind."""

    failed: bool
    outputs: dict[str, str]
    log: str
    summary: str
    folder: Path


@dataclass
class Forge:
    """A repository with its runs: `folder` holds the bare one, the artifacts and the machines.

    `program` is what stands in pushctl's place.
    """

    folder: Path
    program: str
    env: dict[str, str] = field(default_factory=dict)
    variables: dict[str, str] = field(default_factory=dict)
    runs: int = 0

    @property
    def bare(self) -> Path:
        return self.folder / f"{REPOSITORY}.git"

    def start(self, source: Path) -> None:
        """Make the repository, with a commit of what is in a folder, and an empty one before."""
        self.bare.mkdir(parents=True)
        git(self.bare, "init", "--quiet", "--template=", "--bare", "--initial-branch=main")
        git(self.bare, "config", "receive.autogc", "false")
        git(source, "init", "--quiet", "--initial-branch=main")
        git(source, "remote", "add", "origin", str(self.bare))
        git(source, "commit", "--quiet", "--allow-empty", "--message", "nothing")
        self.commit(source, "begin")

    def commit(self, source: Path, message: str) -> None:
        git(source, "add", "--all")
        git(source, "commit", "--quiet", "--message", message)
        git(source, "push", "--quiet", "origin", "HEAD")

    def files(self, branch: str) -> dict[str, str]:
        """Return the text files of a branch; empty if there is no such branch."""
        if not git(self.bare, "for-each-ref", f"refs/heads/{branch}"):
            return {}
        names = git(self.bare, "ls-tree", "-r", "--name-only", branch).splitlines()
        return {
            name: git(self.bare, "show", f"{branch}:{name}")
            for name in names
            if "sandbox.db" not in name
        }

    def run(self, event: str, target: str = "", **of: Any) -> dict[str, Job]:
        """Run the jobs of every target, and those after them; returns the latter and those of one
        target, by default the first.

        Every other target must have no job when somebody picked one.
        """
        self.runs += 1
        ran: dict[str, dict[str, Job]] = {}
        workflow = self._workflow("pushes")["jobs"]
        caller = workflow.pop("pushctl")
        for matrix in caller["strategy"]["matrix"]["include"]:
            base = Run(self, Path(), event, of.get("payload", {}), of.get("inputs", {}), {})
            context = base.context(matrix=matrix, inputs=of.get("inputs", {}))
            given = {key: result(value, context) for key, value in caller["with"].items()}
            ran[matrix["target"]] = self._jobs(matrix["target"], event, given, of)
        chosen = target or next(iter(ran))
        if of.get("inputs"):
            assert not any(jobs for name, jobs in ran.items() if name != chosen)
        failed = any(job.failed for jobs in ran.values() for job in jobs.values())
        after = self._after(workflow, "failure" if failed else "success", event, of)
        return {**ran[chosen], **after}

    def _after(
        self, jobs: Mapping[str, Any], result: str, event: str, of: Mapping[str, Any]
    ) -> dict[str, Job]:
        """Run what needs all targets; after a failure only what asks for that."""
        done: dict[str, Job] = {}
        for name, job in jobs.items():
            assert job["needs"] == "pushctl"
            needs = {"pushctl": {"result": result}}
            machine = self.folder / "machines" / f"{self.runs}-{name}"
            run = Run(self, machine, event, of.get("payload", {}), {}, needs)
            asks = "always()" in job["if"] or "cancelled()" in job["if"]
            if evaluated(job["if"], run.context()) and (asks or result == "success"):
                done[name] = run.job(job)
        return done

    def _jobs(
        self, target: str, event: str, given: Mapping[str, Any], of: Mapping[str, Any]
    ) -> dict[str, Job]:
        jobs: dict[str, Job] = {}
        for name, job in self._workflow("pushctl")["jobs"].items():
            needed = [job["needs"]] if "needs" in job else []
            if any(other not in jobs or jobs[other].failed for other in needed):
                continue
            needs = {other: {"outputs": jobs[other].outputs} for other in needed}
            machine = self.folder / "machines" / f"{self.runs}-{target}-{name}".replace("/", "-")
            payload = {**of.get("payload", {})}
            if "inputs" in of:
                payload["inputs"] = {key: text(value) for key, value in of["inputs"].items()}
            run = Run(self, machine, event, payload, given, needs)
            if evaluated(job.get("if", "true"), run.context()):
                jobs[name] = run.job(job)
        return jobs

    def apply_again(self, plan: Path, target: Mapping[str, str]) -> Job:
        """Run only the job apply, with a plan that was handed over."""
        self.runs += 1
        shutil.copytree(plan, self.artifact("plan-x"))
        outputs = {"exit-code": "2", "name": "x"}
        machine = self.folder / "machines" / f"{self.runs}-again"
        given = {"command": "apply", **target}
        run = Run(self, machine, "push", {}, given, {"plan": {"outputs": outputs}})
        return run.job(self._workflow("pushctl")["jobs"]["apply"])

    def artifact(self, name: str) -> Path:
        """Return where an artifact of the newest run is kept."""
        return self.folder / "artifacts" / f"{self.runs}-{name}"

    def _workflow(self, name: str) -> Any:
        return YAML(typ="safe").load(git(self.bare, "show", f"main:.github/workflows/{name}.yml"))


@dataclass
class Run:
    """One job on one machine."""

    forge: Forge
    machine: Path
    event: str
    payload: Mapping[str, Any]
    inputs: Mapping[str, Any]
    needs: Mapping[str, Any]
    steps: dict[str, Step] = field(default_factory=dict)
    log: str = ""
    caches: list[tuple[Path, Path]] = field(default_factory=list)

    def context(self, **more: Any) -> dict[str, Any]:
        steps = {
            name: {"outputs": step.outputs, "outcome": step.outcome}
            for name, step in self.steps.items()
        }
        github = {
            "event": self.payload,
            "event_name": self.event,
            "repository": REPOSITORY,
            "run_id": self.forge.runs,
            "run_attempt": 1,
            "sha": self.payload.get("after"),
            "token": self.forge.env.get("TOKEN", ""),
        }
        return {
            "github": github,
            "inputs": self.inputs,
            "needs": self.needs,
            "vars": self.forge.variables,
            "steps": steps,
            "runner": {"temp": str(self.temp)},
            **more,
        }

    def job(self, job: Mapping[str, Any]) -> Job:
        self.temp.mkdir(parents=True)
        self.work.mkdir()
        self._install()
        (self.machine / "event.json").write_text(json.dumps(dict(self.payload)))
        self.env = {
            **{key: value for key, value in os.environ.items() if not key.startswith("PUSHCTL_")},
            "PATH": PATH,
            "GITHUB_ACTIONS": "true",
            "CI": "true",
            "GITHUB_SERVER_URL": f"file://{self.forge.folder}",
            "GITHUB_REPOSITORY": REPOSITORY,
            "GITHUB_RUN_ID": str(self.forge.runs),
            "GITHUB_EVENT_NAME": self.event,
            "GITHUB_EVENT_PATH": str(self.machine / "event.json"),
            "GITHUB_ACTOR": "lin",
            "GITHUB_STEP_SUMMARY": str(self.machine / "summary"),
            "RUNNER_TEMP": str(self.temp),
            **self.forge.env,
        }
        failed = self._all(job["steps"])
        for path, cache in self.caches:
            if path.exists() and not failed:
                cache.parent.mkdir(exist_ok=True)
                shutil.copy(path, cache)
        outputs = {
            key: filled(value, self.context()) for key, value in job.get("outputs", {}).items()
        }
        summary = self.machine / "summary"
        text = summary.read_text("utf-8") if summary.exists() else ""
        return Job(failed, outputs, self.log, text, self.machine)

    @property
    def temp(self) -> Path:
        return self.machine / "temp"

    @property
    def work(self) -> Path:
        return self.machine / "work"

    def _install(self) -> None:
        """Put this pushctl where the action would install one."""
        program = self.temp / "pushctl" / "venv" / "bin" / "pushctl"
        program.parent.mkdir(parents=True)
        program.write_text(self.forge.program)
        program.chmod(0o755)

    def _all(self, steps: list[Mapping[str, Any]], **more: Any) -> bool:
        failed = False
        for step in steps:
            condition = str(step.get("if", ""))
            if (failed and "always()" not in condition) or (
                condition and not evaluated(condition, self.context(**more))
            ):
                done = Step("skipped")
            else:
                done = self._step(step, **more)
            forgiven = step.get("continue-on-error", False)
            failed = failed or (done.outcome == "failure" and not forgiven)
            if "id" in step:
                self.steps[step["id"]] = done
        return failed

    def _step(self, step: Mapping[str, Any], **more: Any) -> Step:
        context = self.context(**more)
        given = {key: filled(value, context) for key, value in step.get("with", {}).items()}
        if "run" in step:
            env = {key: filled(value, context) for key, value in step.get("env", {}).items()}
            return self.shell(str(step["run"]), env, str(more.get("action", "")))
        uses = str(step["uses"]).partition("@")[0]
        if uses == "actions/checkout":
            depth = given.get("fetch-depth", "1")
            shallow = [] if depth == "0" else ["--depth", depth]
            git(self.work, "clone", "--quiet", *shallow, f"file://{self.forge.bare}", ".")
        elif uses == "actions/upload-artifact":
            return self._upload(given)
        elif uses == "actions/download-artifact":
            self._download(given)
        elif uses == "actions/cache":
            self._cache(given)
        elif uses.startswith("./"):
            return self._action(uses, given)
        else:
            assert uses == "actions/setup-python", uses
        return Step("success")

    def _upload(self, given: Mapping[str, str]) -> Step:
        source, target = Path(given["path"]), self.forge.artifact(given["name"])
        if source.is_dir():
            shutil.copytree(source, target, ignore=shutil.ignore_patterns(".git"), symlinks=True)
        elif source.is_file() and not source.name.startswith("."):  # hidden files are left out
            target.mkdir(parents=True)
            shutil.copy(source, target)
        else:
            failed = given.get("if-no-files-found", "warn") == "error"
            return Step("failure" if failed else "success", "no files")
        return Step("success")

    def _download(self, given: Mapping[str, str]) -> None:
        """Take one artifact, or the files of all that match, in one folder."""
        assert "name" in given or given["merge-multiple"] == "true"
        kept = self.forge.artifact(given.get("name") or given["pattern"])
        for source in kept.parent.glob(kept.name):
            shutil.copytree(source, given["path"], dirs_exist_ok=True)

    def _cache(self, given: Mapping[str, str]) -> None:
        path, folder = self.work / given["path"].rstrip("*"), self.forge.folder / "caches"
        kept = sorted(
            folder.glob(f"{given['restore-keys']}*"), key=lambda file: file.stat().st_mtime
        )
        if kept:
            path.parent.mkdir(exist_ok=True)
            shutil.copy(kept[-1], path)
        self.caches.append((path, folder / given["key"]))

    def _action(self, uses: str, given: Mapping[str, str]) -> Step:
        """Run a composite action; its steps have names of their own."""
        document = yaml(self.work / uses / "action.yml")
        unknown = set(given) - set(document["inputs"])
        assert not unknown, f"no inputs {unknown}"
        inputs = {
            name: given.get(name, filled(item.get("default"), self.context()))
            for name, item in document["inputs"].items()
        }
        outer, self.steps = self.steps, {}
        try:
            more = {"inputs": inputs, "action": str(self.work / uses)}
            failed = self._all(document["runs"]["steps"], **more)
            outputs = {
                name: filled(item["value"], self.context(**more))
                for name, item in document["outputs"].items()
            }
        finally:
            self.steps = outer
        return Step("failure" if failed else "success", outputs=outputs)

    def shell(self, script: str, env: Mapping[str, str], action: str = "") -> Step:
        assert "${{" not in script, "an expression inside of a script is an injection"
        file = self.temp / "script.sh"
        file.write_text(script)
        output = self.temp / "output"
        output.write_text("")
        done = subprocess.run(
            ["bash", "--noprofile", "--norc", "-eo", "pipefail", str(file)],
            cwd=self.work,
            env={**self.env, **env, "GITHUB_OUTPUT": str(output), "GITHUB_ACTION_PATH": action},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            encoding="utf-8",
            timeout=120,
            check=False,
        )
        self.log += done.stdout
        pairs = (line.split("=", 1) for line in output.read_text("utf-8").splitlines())
        outcome = "success" if done.returncode == 0 else "failure"
        return Step(outcome, done.stdout, dict(pairs))
