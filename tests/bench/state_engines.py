"""What an apply of many pushes costs on each engine of the state, beside local files.

Engines are tried by turns, in one run, against one emulated service that answers after a while.
"""

from __future__ import annotations

import contextlib
import os
import statistics
import subprocess
import sys
import tempfile
import time
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path

from tests.acceptance.processes import sandbox
from tests.bench.commands import HEAD
from tests.faults.sandbox_control import SandboxControl
from tests.team.engines import ENGINES, Engine, delayed

PUSHES = 1000
LATENCY = 0.05
"""Seconds until the service answers."""

AT_ONCE = 32


@dataclass(frozen=True)
class Tried:
    """An engine with so many seconds added to each request, of which a push of git is two; `limit`
    is what it may cost at most, as a multiple of local files."""

    name: str
    engine: str
    delay: float
    limit: float


TRIED = (
    Tried("PostgreSQL, loopback", "postgresql", 0.0, 1.15),
    Tried("PostgreSQL + 20 ms", "postgresql", 0.02, 2.0),
    Tried("S3 (SeaweedFS) + 20 ms", "s3", 0.02, 2.2),
    Tried("git over HTTP + 1 s a push", "git-http", 0.5, 10.0),
)


def manifest(count: int) -> str:
    """Return so many pushes that look alike to nobody."""
    entries = (
        f"  push-{number}:\n    schedule: {{at: 2026-12-0{2 + number % 7}T20:00}}\n"
        f"    to: {{users: [u{number}]}}\n"
        f"    message: {{title: Title {number}, body: Body {number}}}\n"
        for number in range(count)
    )
    return f"{HEAD}pushes:\n{''.join(entries)}"


def slow_service(control: SandboxControl, count: int) -> None:
    """Begin anew with a service that has room for so many tasks, and answers after a while."""
    control.ask("POST", "reset", {})
    control.ask("POST", "knobs", {"quota.limit": count})
    control.fault({"op": "PushSimple", "kind": "slow-before", "seconds": LATENCY})


def seconds(url: str, text: str, env: dict[str, str], *, at_once: int = AT_ONCE) -> float:
    """Apply a manifest from nothing; return how long the whole command took."""
    control = SandboxControl(url)
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "pushctl.yaml").write_text(text, "utf-8")
        slow_service(control, PUSHES)
        began = time.perf_counter()
        apply(folder, url, env, at_once=at_once)
        took = time.perf_counter() - began
    control.close()
    return took


def apply(folder: str, url: str, env: dict[str, str], *, at_once: int = AT_ONCE) -> None:
    """Apply what is in a folder."""
    command = [sys.executable, "-m", "pushctl", "apply", "--yes", "--force"]
    done = subprocess.run(
        [*command, "--parallelism", str(at_once)],
        cwd=folder,
        env={**os.environ, "PUSHCTL_ENDPOINT": url, "PUSHCTL_NOW": "2026-12-01T09:00:00+08:00",
             "PUSHCTL_SETTLE_TIME": "0s", **env},
        capture_output=True,
        text=True,
        check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout[-2000:] + done.stderr


def measure(
    *, count: int = PUSHES, times: int = 3, tried: tuple[Tried, ...] = TRIED
) -> dict[str, float]:
    """Return the median seconds of each engine by its name; that of files is under `files`."""
    text = manifest(count)
    taken: dict[str, list[float]] = {"files": [], **{item.name: [] for item in tried}}
    with contextlib.ExitStack() as stack:
        url = stack.enter_context(sandbox("2026-12-01T09:00:00+08:00"))
        engines = {item.name: stack.enter_context(_engine(item)) for item in tried}
        for _ in range(times):
            taken["files"].append(seconds(url, text, {}))
            for name, engine in engines.items():
                env = {**engine.env, "PUSHCTL_STATE": engine.new_address()}
                taken[name].append(seconds(url, text, env))
    return {name: statistics.median(found) for name, found in taken.items()}


def _engine(item: Tried) -> AbstractContextManager[Engine]:
    return delayed(item.engine, item.delay) if item.delay else ENGINES[item.engine]()


def are_cheap(found: dict[str, float]) -> bool:
    """Tell whether no engine costs more than it may."""
    return all(found[item.name] / found["files"] <= item.limit for item in TRIED)
