"""A real process from its very start, real SIGKILLs, and the sandbox's own books as the judge.

The many are in the fault matrix (tests/faults), whose processes are forked from one that has
everything imported; here a few die as a user's would, wherever they are by then. The sandbox runs
in a process of its own, so a call that is in flight when pushctl dies may still take effect.
"""

from __future__ import annotations

import json
import os
import random
import signal
import subprocess
import sys
import urllib.request
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.acceptance.cli import Project

KILLS = 3
PUSHES = 30
MOMENT = "2026-12-01T00:30:00+08:00"


@pytest.fixture
def server() -> Iterator[str]:
    process = subprocess.Popen(
        [sys.executable, "-m", "pushctl", "sandbox", "up", "--port", "0", "--at", MOMENT],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    assert process.stdout is not None
    line = process.stdout.readline()
    assert line.startswith("pushctl sandbox ready on http://127.0.0.1:"), line
    yield line.split()[-1]
    process.send_signal(signal.SIGTERM)
    process.wait(10)
    process.stdout.close()


def books(url: str) -> list[dict[str, Any]]:
    with urllib.request.urlopen(f"{url}/_sandbox/tasks") as answer:
        tasks: list[dict[str, Any]] = json.load(answer)["tasks"]
    return tasks


def manifest(word: str) -> str:
    pushes = "".join(
        f"  push-{n}:\n"
        f'    schedule: {{every: day, at: "{8 + n % 12:02d}:{n:02d}"}}\n'
        f"    to: {{users: [u{n}]}}\n"
        f"    message: {{title: Title {n % 4}, body: {word}}}\n"
        for n in range(PUSHES)
    )
    return (
        "version: 1\napp: {id: ONEX0000000000000, workspace: test}\ntimezone: Asia/Shanghai\n"
        f"defaults: {{expires_after: 4h}}\npushes:\n{pushes}"
    )


def test_whatever_kills_it_every_push_is_scheduled_once(server: str, tmp_path: Path) -> None:
    chance = random.Random(1)
    project = Project(tmp_path)
    env = {"PUSHCTL_ENDPOINT": server, "PUSHCTL_SETTLE_TIME": "1s", "PUSHCTL_FORCE": "1"}
    env["PUSHCTL_NOW"] = MOMENT
    for word in ("first", "second"):
        project.write(manifest(word))
        for _ in range(KILLS):
            kill_during_apply(project, env, chance.uniform(0.4, 1.2))
        ran = project.run("apply", "--yes", env=env)
        assert ran.code == 0, ran
        quiet = project.run("plan", "--detailed-exitcode", env=env)
        assert quiet.code == 0, quiet
        waiting = [task for task in books(server) if task["status"] == "waiting"]
        assert Counter(task["name"] for task in waiting) == {f"push-{n}": 1 for n in range(PUSHES)}
        assert {task["content"] for task in waiting} == {word}
        recorded = {
            task["task_id"]
            for push in project.state()["pushes"].values()
            for task in push["tasks"]
            if task["phase"] == "scheduled"
        }
        assert recorded == {task["id"] for task in waiting}
    keys = Counter(key for task in books(server) for key in task["targets"].values())
    assert set(keys.values()) == {1}, "a message key was used by two tasks"


def kill_during_apply(project: Project, env: dict[str, str], seconds: float) -> None:
    kill_during(project, env, seconds, "apply", "--yes")


def kill_during(project: Project, env: dict[str, str], seconds: float, *arguments: str) -> None:
    process = subprocess.Popen(
        [sys.executable, "-m", "pushctl", *arguments],
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
