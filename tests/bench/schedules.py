"""How long it takes to compile and check many different schedules, compared with parsing them."""

from __future__ import annotations

import gc
import random
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from pushctl.lint.context import project
from pushctl.lint.runner import findings
from pushctl.manifest.checks.schedule import CompileContext, schedule_of
from pushctl.manifest.compile import Compiled, compile_manifest
from pushctl.manifest.read import read_manifest
from pushctl.manifest.resolved import Reading
from pushctl.manifest.schedule.timezones import zone
from pushctl.schedule.loop_compiler import compile_loops
from pushctl.schedule.recurrence import Recurrence, instants
from pushctl.schedule.service_schedule import Horizon

NOW = 1_796_086_800
"""2026-12-01 09:00 in Shanghai."""

ZONES = (
    "Asia/Shanghai",
    "Asia/Tokyo",
    "Asia/Kolkata",
    "Europe/Berlin",
    "America/New_York",
    "America/Sao_Paulo",
    "Australia/Sydney",
    "UTC",
)
DAYS = (
    "every: day",
    "every: [mon, wed]",
    "every: weekday",
    "every: [1, 15]",
    "every: last fri",
    "every: 2 weeks",
    "every: 3 days",
    'rrule: "FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1"',
)
HEAD = (
    "version: 1\napp: {id: ONEX0000000000000, workspace: test}\ntimezone: Asia/Shanghai\n"
    "defaults: {expires_after: 4h, owner: crm@acme.example}\npushes:\n"
)


MOST = 1.1
"""How many times as long as parsing compiling and checking may take: about as long."""


@dataclass(frozen=True)
class Costs:
    """Seconds, and how many tasks came out."""

    parse: float
    compile: float
    lint: float
    tasks: int

    @property
    def ratio(self) -> float:
        return self.compile / self.parse

    @property
    def lint_ratio(self) -> float:
        return self.lint / self.parse


def measure(folder: Path, *, entries: int, rounds: int = 3) -> Costs:
    """Return the best of some rounds."""
    (folder / "pushctl.yaml").write_text(manifest(entries), "utf-8")
    parse, reading = best(rounds, lambda: read_manifest(folder))
    assert reading.diagnostics == ()
    assert len(reading.pushes) == entries
    spent, tasks = best(rounds, lambda: compiled(reading))
    whole = compile_manifest(reading, now=NOW)
    lint, _ = best(rounds, lambda: checked(reading, whole))
    return Costs(parse, spent, lint, tasks)


def checked(reading: Reading, compiled: Compiled) -> int:
    """Run every check; some of the entries have something to find."""
    found = project(reading, compiled, now=NOW)
    assert found is not None
    return len(findings(found, reading))


def manifest(entries: int) -> str:
    """Write a manifest in which every schedule is another one, and every tenth is marketing."""
    chance = random.Random(7)
    return HEAD + "".join(
        f"  push-{number}:\n"
        f"    labels: {{class: {'service' if number % 10 else 'marketing'}}}\n"
        f"    schedule: {schedule(chance)}\n"
        f"    to: {{users: [user-{number}, user-{number // 3}-shared]}}\n"
        f"    message:\n      title: Title {number}\n      body: Body {number}\n"
        for number in range(entries)
    )


def schedule(chance: random.Random) -> str:
    clock = f"{chance.randrange(24):02d}:{chance.randrange(60):02d}:{chance.randrange(60):02d}"
    day = f"2026-12-{chance.randrange(3, 29):02d}"
    days = chance.choice([*DAYS, None])
    if days is None:
        return f"{{at: {day}T{clock}}}"
    return f'{{{days}, at: "{clock}", timezone: {chance.choice(ZONES)}, from: {day}}}'


def compiled(reading: Reading) -> int:
    """Go from words to the tasks that the service gets, and count those."""
    service = zone("Asia/Shanghai")
    horizon = Horizon(service)
    moment = CompileContext(NOW, service, horizon)
    tasks = 0
    for push in reading.pushes:
        found = schedule_of(push, moment)
        if isinstance(found, Recurrence):
            moments = instants(found, NOW + horizon.lead, horizon.end(NOW))
            tasks += len(compile_loops(moments, service))
        else:
            tasks += 1
    return tasks


Result = TypeVar("Result")


def best(rounds: int, work: Callable[[], Result]) -> tuple[float, Result]:
    """Return the shortest time (of the processor) of some rounds.

    As the command has it: without the garbage collector.
    """
    gc.collect()
    gc.disable()
    try:
        times = []
        for _ in range(rounds):
            begin = time.process_time()
            result = work()
            times.append(time.process_time() - begin)
    finally:
        gc.enable()
    return min(times), result
