"""A real process from its very start, real SIGKILLs, and the sandbox's own tasks to judge by.

The many are in the fault matrix (tests/faults), whose processes are forked from one that has
everything imported; here a few die as a user's would, wherever they are by then.
"""

from __future__ import annotations

import os
import random
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest

from tests.acceptance.cli import Project
from tests.acceptance.processes import PUSHES, environment, manifest, service_tasks

KILLS = 3


@pytest.mark.slow
def test_whatever_kills_it_every_push_is_scheduled_once(server: str, tmp_path: Path) -> None:
    chance = random.Random(1)
    project = Project(tmp_path)
    env = environment(server)
    for word in ("first", "second"):
        project.write(manifest(word))
        for _ in range(KILLS):
            kill_during_apply(project, env, chance.uniform(0.4, 1.2))
        ran = project.run("apply", "--yes", env=env)
        assert ran.code == 0, ran
        quiet = project.run("plan", "--detailed-exitcode", env=env)
        assert quiet.code == 0, quiet
        waiting = [task for task in service_tasks(server) if task["status"] == "waiting"]
        assert Counter(task["name"] for task in waiting) == {f"push-{n}": 1 for n in range(PUSHES)}
        assert {task["content"] for task in waiting} == {word}
        recorded = {
            task["task_id"]
            for push in project.state()["pushes"].values()
            for task in push["tasks"]
            if task["phase"] == "scheduled"
        }
        assert recorded == {task["id"] for task in waiting}
    keys = Counter(key for task in service_tasks(server) for key in task["targets"].values())
    assert set(keys.values()) == {1}, "a message key was used by two tasks"


def kill_during_apply(project: Project, env: dict[str, str], seconds: float) -> None:
    process = subprocess.Popen(
        [sys.executable, "-m", "pushctl", "apply", "--yes"],
        cwd=project.folder,
        env={**os.environ, **env},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        process.wait(seconds)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
