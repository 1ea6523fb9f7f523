"""Real processes that die by SIGKILL: at every effect, and at any moment."""

from __future__ import annotations

import contextlib
import queue
import random
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from itertools import islice
from pathlib import Path

from tests.faults import cases, checker
from tests.faults.cases import Verdict
from tests.faults.checker import SystemUnderTest, Violation, Wanted
from tests.faults.real_processes import RealProcesses
from tests.faults.scenarios import (
    CROWDED,
    JOINED,
    SCENARIOS,
    Entry,
    Scenario,
    at,
    daily,
    manifest,
    wanted,
)

MANY = 24
PARALLEL = ("apply", "--yes", "--force")
SYSTEMS = 5
"""More than there are cores: most of the time a system waits for its settle time."""

PER_SERIES = 8
"""Two kills in each of four editions on average; some of them come too late."""

Play = Callable[[RealProcesses], Verdict]


def deaths(scenario: str) -> list[tuple[str, Play]]:
    """Return one case per effect and side of it; the process kills itself there."""
    effects = cases.clean(SCENARIOS[scenario])
    return [
        (f"death/{scenario}/{number}:{name}/{moment}", _death(scenario, number, moment))
        for number, name in enumerate(effects)
        for moment in ("before", "after")
    ]


def _death(name: str, number: int, moment: str) -> Play:
    def play(system: RealProcesses) -> Verdict:
        scenario, verdict = SCENARIOS[name], Verdict(f"death/{name}/{number}/{moment}")
        cases.begin(system, scenario)
        ran = system.run(*scenario.step, dies=(number, moment))
        verdict.kills = int(ran.code is None)
        if ran.code is not None:
            verdict.violations.append(Violation("disagreement", f"it did not die: exit {ran.code}"))
        _finish(system, scenario, verdict)
        verdict.violations += checker.delivered(system, scenario.wanted)
        return verdict

    return play


def _finish(system: RealProcesses, scenario: Scenario, verdict: Verdict) -> None:
    found, handed = cases.recovered(system, scenario)
    verdict.handed = verdict.handed or handed
    verdict.violations += [
        violation for violation in found if not handed or violation.kind == "duplicate"
    ]


# --- at any moment --------------------------------------------------------------------------------


def entry(number: int) -> Entry:
    """Return one of many entries: a third are recurrences, and some look just like others."""
    title, person, hour = f"Title {number % 6}", f"u{number:02d}", f"{10 + number % 5}:00"
    moments: tuple[int, ...]
    if number % 3:
        moments, schedule = (at("2026-12-03", hour),), f"{{at: 2026-12-03T{hour}}}"
    else:
        moments = daily("2026-12-02", "2026-12-04", hour)
        schedule = f'{{every: day, at: "{hour}", from: "2026-12-02", until: "2026-12-04"}}'
    return Entry(schedule, Wanted(f"push-{number}", (person,), moments, title, "one"))


def editions(chance: random.Random) -> Iterator[tuple[Entry, ...]]:
    """Yield one manifest after another: everything new, some edited, some gone and back."""
    entries = [entry(number) for number in range(MANY)]
    yield (*entries, CROWDED)
    entries = [item.saying("two") if chance.random() < 0.5 else item for item in entries]
    yield (*entries, JOINED)
    kept = [item for item in entries if chance.random() < 0.7]
    yield (*kept, JOINED)
    yield tuple(item.saying("three") for item in kept)


def nothing(system: SystemUnderTest) -> None:
    """Nothing leads up to it: one manifest follows another."""


def series(seed: int) -> Play:
    """Return one life of a project, in which applies are killed at random moments."""

    def play(system: RealProcesses) -> Verdict:
        chance, verdict = random.Random(seed), Verdict(f"kills/{seed}")
        for entries in editions(chance):
            system.write(manifest(*entries))
            for _ in range(chance.choice((1, 2, 3))):
                pause = 0.0 if system.knows_something() else system.pause
                ran = system.run(*PARALLEL, kill_after=pause + chance.uniform(0.0, system.length))
                verdict.kills += ran.code is None
                verdict.deep += ran.code is None and system.is_unfinished()
            scenario = Scenario("kills", nothing, wanted(*entries), again=PARALLEL)
            _finish(system, scenario, verdict)
        verdict.violations += checker.delivered(system, wanted(*entries))
        return verdict

    return play


def measured(system: RealProcesses) -> None:
    """Learn how long an apply of many entries takes here, and how long the very first waits."""
    lasted = []
    for entries in islice(editions(random.Random(0)), 2):
        system.write(manifest(*entries))
        assert system.run(*PARALLEL).code == 0
        lasted.append(system.seconds)
    system.length, system.pause = lasted[1], max(0.0, lasted[0] - lasted[1])


# --- on several systems ---------------------------------------------------------------------------


def played(jobs: Sequence[Play], *, systems: int = SYSTEMS) -> Iterator[Verdict]:
    """Play jobs on several systems at once; verdicts come in the order of the jobs."""
    with contextlib.ExitStack() as stack:
        free: queue.SimpleQueue[RealProcesses] = queue.SimpleQueue()
        for _ in range(min(systems, len(jobs))):
            folder = stack.enter_context(tempfile.TemporaryDirectory())
            system = stack.enter_context(RealProcesses(Path(folder)))
            measured(system)
            free.put(system)

        def one(play: Play) -> Verdict:
            system = free.get()
            try:
                return _told(play, system)
            finally:
                free.put(system)

        pool = stack.enter_context(ThreadPoolExecutor(systems))
        yield from pool.map(one, jobs)


def _told(play: Play, system: RealProcesses) -> Verdict:
    began = time.perf_counter()
    system.begin_anew()
    verdict = play(system)
    if verdict.wrong:
        verdict.story = "\n".join(str(ran) for ran in system.ran)
    verdict.seconds = time.perf_counter() - began
    return verdict


def until(kills: int, *, seed: int, systems: int = SYSTEMS) -> Iterator[Verdict]:
    """Play series until so many processes were killed."""
    done = 0
    while done < kills:
        many = (kills - done) // PER_SERIES + 1
        for verdict in played([series(seed + number) for number in range(many)], systems=systems):
            done += verdict.kills
            yield verdict
        seed += many
