"""Folders in which the examples of rules are looked at."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from pushctl.cli.service.endpoint import SANDBOX_DATA
from pushctl.rule import Example
from pushctl.sandbox import Sandbox
from tests.acceptance.cli import Here
from tests.acceptance.repository import git
from tests.faults.sandbox_control import SandboxControl

TASK = {
    "AppId": "ONEX0000000000000",
    "WorkspaceId": "test",
    "TaskName": "by hand",
    "DeliveryType": 3,
    "TargetMsgkey": '{"u1": "by-hand-1"}',
    "ExpiredSeconds": 600,
    "PushStyle": 0,
}

HEAD = """\
version: 1
app: {id: ONEX0000000000000, workspace: test}
timezone: Asia/Shanghai
"""


def whole(text: str) -> str:
    """Return an example as a manifest: with the usual head, unless it brings its own."""
    if any(line.startswith("version:") for line in text.splitlines()):
        return text
    if any(line.startswith("app:") for line in text.splitlines()):
        return HEAD.replace("app: {id: ONEX0000000000000, workspace: test}\n", "") + text
    return HEAD + text


@contextmanager
def folder(example: Example, path: Path) -> Iterator[Here]:
    """Yield the example's folder, what was before it applied."""
    project = Here(path)
    for name, content in example.files.items():
        project.write(content, name)
    if example.before is not None:
        applied = example.applied or example.now
        with desk(path, applied):
            project.write(whole(example.before))
        ran = project.run("apply", "--yes", env={"PUSHCTL_NOW": applied})
        assert ran.code == 0, ran
    if not example.offline:
        with desk(path, example.now) as console:
            happen(example, console)
    if example.commit is not None:
        project.write(whole(example.commit))
        git(path, "init", "-q")
        git(path, "add", "pushctl.yaml")
        git(path, "commit", "-q", "-m", "What was approved")
    project.write(whole(example.text))
    yield project


@contextmanager
def desk(path: Path, now: str) -> Iterator[SandboxControl]:
    """Yield the desk of the folder's embedded sandbox, its clock standing at a moment."""
    data = path / SANDBOX_DATA
    data.parent.mkdir(exist_ok=True)
    with Sandbox(data) as sandbox:
        console = SandboxControl(sandbox.url)
        console.ask("POST", "clock", {"set": now, "freeze": True})
        yield console
        console.close()


def happen(example: Example, console: SandboxControl) -> None:
    """Do what somebody does in the console."""
    for title, body, at in example.made:
        moment = int(dt.datetime.fromisoformat(at).timestamp()) * 1000
        console.ask("POST", "tasks", {**TASK, "Title": title, "Content": body, **once(moment)})
    if example.cancelled:
        for task in console.tasks():
            console.ask("POST", f"tasks/{task['id']}/cancel")


def once(moment: int) -> dict[str, Any]:
    return {"StrategyType": 1, "StrategyContent": json.dumps({"fixedTime": moment})}


def findings(example: Example, path: Path) -> list[dict[str, Any]]:
    """Return what is found in an example."""
    with folder(example, path) as project:
        command = ("validate",) if example.offline else ("plan", *example.options)
        if example.environment is not None:
            command = ("--env", example.environment, *command)
        ran = project.run(*command, "--format", "json", env={"PUSHCTL_NOW": example.now})
    found: list[dict[str, Any]] = ran.json["diagnostics"]
    return found


def codes(example: Example, path: Path) -> dict[str, str]:
    """Return the codes that an example shows, with their severities."""
    return {item["code"]: item["severity"] for item in findings(example, path)}
