"""The jobs that `init --ci gitlab` writes, in a real shell with GitLab faked around them."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from tests.acceptance.ci.runner import PATH, git, yaml
from tests.acceptance.ci.test_workflows import MANIFEST
from tests.acceptance.cli import Here
from tests.fake_code_hosts import GitLab, serving

PROJECT = "acme/pushes"

MERGED = {"CI_PIPELINE_SOURCE": "push", "CI_COMMIT_BEFORE_SHA": "HEAD^1"}


@dataclass
class Ran:
    failed: bool
    log: str
    work: Path


@dataclass
class Pipelines:
    """A project with its jobs; every job has a fresh check-out, and hands its artifacts on."""

    folder: Path
    api: str
    program: str
    jobs: int = 0
    artifacts: dict[str, Path] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.bare = self.folder / f"{PROJECT}.git"
        self.here = self.folder / "clone"
        self.bare.mkdir(parents=True)
        git(self.bare, "init", "--quiet", "--template=", "--bare", "--initial-branch=main")
        git(self.bare, "config", "receive.autogc", "false")
        self.here.mkdir()
        git(self.here, "init", "--quiet", "--initial-branch=main")
        git(self.here, "remote", "add", "origin", str(self.bare))
        git(self.here, "commit", "--quiet", "--allow-empty", "--message", "nothing")
        text = MANIFEST.replace("git+origin:#pushctl-state", "gitlab:pushctl")
        (self.here / "pushctl.yaml").write_text(text, "utf-8")
        self.bin = self.folder / "bin"
        self.bin.mkdir()
        (self.bin / "pushctl").write_text(self.program)
        (self.bin / "pushctl").chmod(0o755)
        ran = Here(self.here).run("--env", "prod", "init", "--ci", "gitlab")
        assert ran.code == 0, ran
        self.commit()

    def commit(self) -> None:
        git(self.here, "add", "--all")
        git(self.here, "commit", "--quiet", "--message", "edit")
        git(self.here, "push", "--quiet", "origin", "HEAD")

    def job(self, name: str, **variables: str) -> Ran:
        """Run one job; variables are those of its pipeline."""
        self.jobs += 1
        work = self.folder / "machines" / f"{self.jobs}-{name}"
        work.parent.mkdir(exist_ok=True)
        git(self.folder, "clone", "--quiet", str(self.bare), str(work))
        job = _extended(yaml(work / ".gitlab" / "pushctl.yml"), f"pushctl:{name}")
        rule = _rule(job["rules"], variables.get("CI_PIPELINE_SOURCE", ""))
        for need in job.get("needs", ()):
            shutil.copytree(self.artifacts[need], work / ".pushctl-ci", dirs_exist_ok=True)
        (matrix,) = job["parallel"]["matrix"] if "parallel" in job else [{}]
        env = self._env(work, {**job["variables"], **rule, **matrix}, variables)
        script = [*job["before_script"], *job["script"]]
        code, log = self._shell("set -e\n" + "\n".join(script), work, env)
        self._shell("\n".join(job["after_script"]), work, env)
        assert not list(Path(f"{work}.tmp").iterdir()), "no identity stays on the machine"
        kept = self.folder / "artifacts" / f"{self.jobs}"
        shutil.copytree(work / ".pushctl-ci", kept)
        self.artifacts[f"pushctl:{name}"] = kept
        return Ran(code != 0, log, work)

    def _env(
        self, work: Path, declared: Mapping[str, Any], given: Mapping[str, str]
    ) -> dict[str, str]:
        predefined = {
            "PATH": f"{self.bin}{os.pathsep}{PATH}",
            "PUSHCTL_VERSION": "installed",
            "PUSHCTL_ID_TOKEN": "secret.identity",
            "CI_NODE_INDEX": "1",
            "CI_COMMIT_SHA": git(work, "rev-parse", "HEAD"),
            "GITLAB_CI": "true",
            "CI": "true",
            "CI_PROJECT_DIR": str(work),
            "CI_JOB_ID": str(self.jobs),
            "CI_SERVER_URL": f"file://{self.folder}",
            "CI_PROJECT_PATH": PROJECT,
            "CI_PROJECT_ID": "42",
            "CI_API_V4_URL": self.api,
            "CI_JOB_URL": f"https://gitlab.example/{PROJECT}/-/jobs/{self.jobs}",
            "CI_JOB_TOKEN": "secret-job",
            "GITLAB_USER_LOGIN": "lin",
            **given,
        }
        expanded = {
            name: re.sub(r"\$(\w+)", lambda found: predefined.get(found[1], ""), str(value))
            for name, value in declared.items()
        }
        known = {key: value for key, value in os.environ.items() if not key.startswith("PUSHCTL_")}
        return {**known, **predefined, **expanded, **given}

    def _shell(self, script: str, work: Path, env: Mapping[str, str]) -> tuple[int, str]:
        done = subprocess.run(
            ["bash", "-c", script],
            cwd=work,
            env=env,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            encoding="utf-8",
            timeout=120,
            check=False,
        )
        return done.returncode, done.stdout

    def standings(self) -> dict[str, int]:
        command = [str(self.bin / "pushctl"), "--env", "prod", "status", "--offline"]
        done = subprocess.run(
            [*command, "--format", "json"], cwd=self.here, capture_output=True, check=True
        )
        summary = json.loads(done.stdout)["summary"]
        return {word: number for word, number in summary.items() if number}


def _extended(document: Any, name: str) -> dict[str, Any]:
    """Return a job with what it takes from others."""
    job: dict[str, Any] = document[name]
    if "extends" not in job:
        return job
    parent = _extended(document, job["extends"])
    return {**parent, **job, "variables": {**parent["variables"], **job.get("variables", {})}}


def _rule(rules: list[Any], source: str) -> dict[str, Any]:
    """Return the variables of the rule for pipelines of this kind; none if it has none."""
    found = [rule for rule in rules if f'"{source}"' in rule["if"]]
    return dict(found[0].get("variables", {})) if found else {}


@pytest.fixture
def gitlab() -> Iterator[GitLab]:
    with serving(GitLab()) as forge:
        assert isinstance(forge, GitLab)
        yield forge


@pytest.fixture
def pipelines(tmp_path: Path, gitlab: GitLab, forked: str) -> Pipelines:
    return Pipelines(tmp_path, gitlab.url, forked)


def merge_request(gitlab: GitLab) -> dict[str, str]:
    return {
        "CI_MERGE_REQUEST_IID": "7",
        "CI_MERGE_REQUEST_DIFF_BASE_SHA": "HEAD^1",
        "PUSHCTL_GITLAB_TOKEN": gitlab.token,
    }


def test_a_merge_request_gets_one_note(pipelines: Pipelines, gitlab: GitLab) -> None:
    for _ in range(2):
        for name in ("plan", "comment"):
            ran = pipelines.job(name, **merge_request(gitlab))
            assert not ran.failed, ran.log
    (note,) = gitlab.notes
    assert note.body.startswith("<!-- pushctl:plan at=pushes -->\r\n### pushctl plan")
    assert len(gitlab.writes) == 1


def test_an_old_plan_does_not_stay_for_a_new_one(pipelines: Pipelines, gitlab: GitLab) -> None:
    (pipelines.here / "pushctl.yaml").write_text("version: [", "utf-8")
    pipelines.commit()
    assert pipelines.job("plan", **merge_request(gitlab)).failed
    assert not pipelines.job("comment", **merge_request(gitlab)).failed
    assert "No plan" in gitlab.notes[0].body


def test_findings_are_a_code_quality_report(pipelines: Pipelines) -> None:
    path = pipelines.here / "pushctl.yaml"
    path.write_text(path.read_text("utf-8").replace("title: Digest", "titel: Digest"), "utf-8")
    pipelines.commit()
    ran = pipelines.job("validate")
    assert not ran.failed, ran.log
    report = json.loads((ran.work / ".pushctl-ci" / "1" / "codequality.json").read_text("utf-8"))
    assert "pushctl/PSH104" in [item["check_name"] for item in report]


def test_the_plan_of_the_merge_is_applied_watched_and_stopped(pipelines: Pipelines) -> None:
    assert not pipelines.job("plan-merged", **MERGED).failed
    ran = pipelines.job("apply")
    assert not ran.failed, ran.log
    assert "Apply complete! 2 created" in ran.log
    before = pipelines.standings()
    # The same once more: the first plan is stale by now.
    assert "The saved plan is stale" in pipelines.job("apply").log
    assert pipelines.standings() == before

    assert pipelines.job("stop").failed  # nothing was named
    ran = pipelines.job("stop", PUSHCTL_LABEL="campaign=xmas", PUSHCTL_DRY_RUN="true")
    assert "Would stop 2 pushes" in ran.log
    assert pipelines.standings() == before
    ran = pipelines.job("resume", PUSHCTL_ALL="true")
    assert (ran.failed, "None of them is stopped" in ran.log) == (False, True)
