"""pushctl and its sandbox as processes of their own, where signals, kills and locks are real.

The sandbox outlives pushctl, so a call that is in flight when pushctl dies may still take effect.
"""

from __future__ import annotations

import contextlib
import json
import os
import signal
import subprocess
import sys
import time
import urllib.request
from collections import Counter
from collections.abc import Callable, Iterator
from typing import Any

from tests.acceptance.cli import Project

PUSHES = 30
NOW = "2026-12-01T00:30:00+08:00"
"""What the sandbox's clock shows at first."""


@contextlib.contextmanager
def sandbox(at: str = NOW) -> Iterator[str]:
    """Start a sandbox whose clock shows a moment; yields its URL."""
    process = subprocess.Popen(
        [sys.executable, "-m", "pushctl", "sandbox", "up", "--port", "0", "--at", at],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    assert process.stdout is not None
    line = process.stdout.readline()
    assert line.startswith("pushctl sandbox ready on http://127.0.0.1:"), line
    try:
        yield line.split()[-1]
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(10)
        process.stdout.close()


def service_tasks(url: str) -> list[dict[str, Any]]:
    """Return every task that a sandbox ever had."""
    with urllib.request.urlopen(f"{url}/_sandbox/tasks") as answer:
        tasks: list[dict[str, Any]] = json.load(answer)["tasks"]
    return tasks


def fault(url: str, **rule: Any) -> None:
    """Let calls of a sandbox go wrong."""
    request = urllib.request.Request(
        f"{url}/_sandbox/faults", json.dumps(rule).encode(), {"Content-Type": "application/json"}
    )
    with urllib.request.urlopen(request) as answer:
        assert answer.status == 200


def forget_faults(url: str) -> None:
    """Let nothing go wrong any more."""
    urllib.request.urlopen(
        urllib.request.Request(f"{url}/_sandbox/faults", method="DELETE")
    ).close()


def manifest(body: str) -> str:
    """Return a manifest of many daily pushes, some of which look alike."""
    pushes = "".join(
        f"  push-{n}:\n"
        f'    schedule: {{every: day, at: "{8 + n % 12:02d}:{n:02d}"}}\n'
        f"    to: {{users: [u{n}]}}\n"
        f"    message: {{title: Title {n % 4}, body: {body}}}\n"
        for n in range(PUSHES)
    )
    return (
        "version: 1\napp: {id: ONEX0000000000000, workspace: test}\ntimezone: Asia/Shanghai\n"
        f"defaults: {{expires_after: 4h}}\npushes:\n{pushes}"
    )


def environment(url: str, **more: str) -> dict[str, str]:
    """Return the variables of a command that talks to a sandbox."""
    return {
        "PUSHCTL_ENDPOINT": url,
        "PUSHCTL_SETTLE_TIME": "1s",
        "PUSHCTL_LONGEST_CALL": "1s",
        "PUSHCTL_NOW": NOW,
        "PUSHCTL_FORCE": "1",
        **more,
    }


def started(
    project: Project,
    env: dict[str, str],
    *arguments: str,
    command: tuple[str, ...] = ("apply", "--yes"),
) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", "pushctl", *command, *arguments],
        cwd=project.folder,
        env={**os.environ, **env},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def wait_for(condition: Callable[[], Any]) -> None:
    """Wait until a condition holds, for half a minute at most."""
    deadline = time.monotonic() + 30
    while not condition():
        assert time.monotonic() < deadline, "it never happened"
        time.sleep(0.02)


def killed_when(
    condition: Callable[[], Any], project: Project, env: dict[str, str], *arguments: str
) -> None:
    """Run a command and kill it as soon as a condition holds."""
    process = started(project, env, command=arguments)
    try:
        wait_for(lambda: condition() or process.poll() is not None)
        assert process.poll() is None, process.communicate()
    finally:
        process.kill()
        process.communicate()


def assert_scheduled_once(url: str) -> None:
    """Check that every push of `manifest` waits as one task."""
    waiting = [task["name"] for task in service_tasks(url) if task["status"] == "waiting"]
    assert Counter(waiting) == {f"push-{n}": 1 for n in range(PUSHES)}
