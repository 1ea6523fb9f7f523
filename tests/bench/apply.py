"""What an apply costs beside a bare loop that makes as many calls and syncs two lines for each."""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

from tests.acceptance.processes import sandbox
from tests.bench import state_engines
from tests.faults.sandbox_control import SandboxControl

NOW = "2026-12-01T09:00:00+08:00"
PUSHES = 1000
MORE = 10_000
LOOP = Path(__file__).with_name("bare_loop.py")


@dataclass(frozen=True)
class Beside:
    """Calls at once, and how many times the bare loop's seconds the whole command may take."""

    at_once: int
    most: float


BESIDE = (Beside(8, 1.15), Beside(32, 1.8))
MOST_PER_CALL = 1.2
"""How many times as much processor time a call may take where ten times as many are made."""


def bare(url: str, count: int, at_once: int) -> float:
    """Return the seconds that a program takes that does nothing but call and write it down."""
    control = SandboxControl(url)
    state_engines.slow_service(control, count)
    with tempfile.TemporaryDirectory() as folder:
        began = time.perf_counter()
        words = [sys.executable, str(LOOP), url.removeprefix("http://"), str(count), str(at_once)]
        subprocess.run(words, cwd=folder, check=True)
        took = time.perf_counter() - began
    control.close()
    return took


def measure(*, count: int = PUSHES, times: int = 3) -> dict[int, tuple[float, float]]:
    """Return the median seconds of an apply and of the bare loop, by calls at once."""
    text = state_engines.manifest(count)
    found: dict[int, tuple[list[float], list[float]]] = {item.at_once: ([], []) for item in BESIDE}
    with sandbox(NOW) as url:
        for _ in range(times):
            for at_once, (applied, looped) in found.items():
                applied.append(state_engines.seconds(url, text, {}, at_once=at_once))
                looped.append(bare(url, count, at_once))
    return {
        at_once: (statistics.median(applied), statistics.median(looped))
        for at_once, (applied, looped) in found.items()
    }


def per_call(*, few: int = PUSHES, many: int = MORE) -> tuple[float, float]:
    """Return the processor time (seconds) of pushctl per call, in an apply of few and of many."""
    with sandbox(NOW) as url:
        return processor(url, few) / few, processor(url, many) / many


def processor(url: str, count: int) -> float:
    """Return the processor time of an apply, without that of the service."""
    control = SandboxControl(url)
    control.ask("POST", "reset", {})
    control.ask("POST", "knobs", {"quota.limit": count})
    control.close()
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "pushctl.yaml").write_text(state_engines.manifest(count), "utf-8")
        before = os.times()
        state_engines.apply(folder, url, {})
        after = os.times()
    used = after.children_user + after.children_system
    return used - before.children_user - before.children_system


def is_quick(found: dict[int, tuple[float, float]], each: tuple[float, float]) -> bool:
    """Tell whether an apply costs no more than it may."""
    beside = all(
        applied / looped <= item.most
        for item in BESIDE
        for applied, looped in (found[item.at_once],)
    )
    return beside and each[1] / each[0] <= MOST_PER_CALL
