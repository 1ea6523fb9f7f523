"""Two clones of one repository and its jobs: one state, on a branch that all of them reach."""

from __future__ import annotations

import contextlib
import json
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from pushctl.sandbox import Sandbox
from tests.acceptance.ci.runner import git
from tests.acceptance.ci.test_workflows import MANIFEST, Team
from tests.acceptance.cli import Project
from tests.faults.sandbox_control import SandboxControl

BRANCH = "pushctl-state"
NOW = "2026-12-01T09:00:00+08:00"


@dataclass
class Clones:
    """A team whose second clone is `second`; all of them use one service, as at work."""

    team: Team
    second: Path
    service: SandboxControl

    @property
    def both(self) -> tuple[Path, Path]:
        return self.team.here, self.second

    def told(self, folder: Path, *arguments: str) -> Any:
        said = self.team.told("--env", "prod", *arguments, "--format", "json", folder=folder)
        return json.loads(said)

    def summary(self, folder: Path) -> dict[str, int]:
        """Count what a plan in a clone would do."""
        summary = self.told(folder, "plan")["summary"]
        return {word: number for word, number in summary.items() if number}

    def standings(self, folder: Path) -> dict[str, int]:
        summary = self.told(folder, "status")["summary"]
        return {word: number for word, number in summary.items() if number}


@pytest.fixture
def clones(tmp_path: Path, forked: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Clones]:
    sandbox = Sandbox(now=NOW)
    sandbox.start()
    try:
        monkeypatch.setenv("PUSHCTL_NOW", NOW)
        text = MANIFEST.replace("endpoint: sandbox", f'endpoint: "{sandbox.url}"')
        team = Team(tmp_path, forked, text, envs=("prod",))
        team.forge.env = {"PUSHCTL_NOW": NOW, "PUSHCTL_SETTLE_TIME": "0s"}
        second = tmp_path / "second"
        git(tmp_path, "clone", "--quiet", str(team.forge.bare), str(second))
        with contextlib.closing(SandboxControl(sandbox.url)) as control:
            yield Clones(team, second, control)
    finally:
        sandbox.close()


@pytest.mark.slow
def test_each_sees_what_the_others_did(clones: Clones) -> None:
    team, (first, second) = clones.team, clones.both
    assert "2 created" in team.apply()["apply"].log
    for folder in clones.both:
        assert clones.summary(folder) == {"noop": 2}
        assert clones.standings(folder) == {"scheduled": 2}
        (applied,) = clones.told(folder, "history")
        assert applied["run"].endswith("/acme/pushes/actions/runs/1")
        assert applied["commit"] == git(first, "rev-parse", "HEAD")

    # The red button, pressed by somebody who applied nothing, in a process of its own.
    began = time.monotonic()
    stopped = Project(second / "mk").run("--env", "prod", "stop", "--all")
    assert stopped.code == 0, stopped
    assert time.monotonic() - began < 15  # under 5 alone; other tests run beside it
    assert clones.standings(first) == {"stopped": 2}

    # A job leaves alone what is stopped, and says so.
    monday = team.apply("schedule")
    assert set(monday) == {"plan"}
    assert monday["plan"].summary.count("stopped") == 2
    # One is resumed in the first clone, the other is edited in the second: a job makes both again.
    assert "1 push: sale" in team.told("--env", "prod", "resume", "sale")
    path = second / "mk" / "pushctl.yaml"
    path.write_text(path.read_text("utf-8").replace("Today", "Now"), "utf-8")
    team.forge.commit(second, "edit")
    assert "2 created" in team.press("apply")["apply"].log
    git(first, "pull", "--quiet", "origin", "main")
    for folder in clones.both:
        assert clones.summary(folder) == {"noop": 2}

    writes = clones.service.writes()
    assert writes == 6  # two created, two cancelled, two created
    assert set(team.apply("schedule")) == {"plan"}
    assert clones.service.writes() == writes
    runs = [item["run"].rpartition("/")[2] for item in clones.told(second, "history")]
    assert runs == ["1", "", "", "3"]


def test_a_branch_of_earlier_jobs_is_taken_over_and_nothing_is_called(clones: Clones) -> None:
    team, (first, second) = clones.team, clones.both
    place = second / "mk"
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PUSHCTL_STATE", "files")
        patch.setenv("PUSHCTL_SETTLE_TIME", "0s")
        team.told("--env", "prod", "apply", "--yes", folder=second)
    git(second, "checkout", "--quiet", "--orphan", BRANCH)
    git(second, "rm", "--quiet", "-r", "--cached", ".")
    names = [path.name for path in place.glob("*.state.*") if path.suffix in (".json", ".history")]
    git(place, "add", "--force", *names)
    git(second, "commit", "--quiet", "--message", "state")
    git(second, "push", "--quiet", "origin", BRANCH, f"{BRANCH}:refs/pushctl/{BRANCH}")
    git(second, "checkout", "--quiet", "--force", "main")
    writes = clones.service.writes()

    for folder in clones.both:
        assert clones.summary(folder) == {"noop": 2}
    # Nothing but a label is edited, so the job writes and calls nothing.
    jobs = team.merge((first / "mk" / "pushctl.yaml").read_text("utf-8").replace("xmas", "eve"))
    assert not jobs["apply"].failed, jobs["apply"].log
    assert "mk/pushctl.prod.chain" in team.forge.files(BRANCH)
    assert clones.service.writes() == writes
    git(second, "pull", "--quiet", "origin", "main")
    for folder in clones.both:
        assert clones.standings(folder) == {"scheduled": 2}
        earlier, *_ = clones.told(folder, "history")
        assert sorted(earlier["pushes"]["create"]) == ["digest", "sale"]
