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

from tests.faults import cases, judge
from tests.faults.cases import Verdict
from tests.faults.judge import Fault, Living, Wanted
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
from tests.faults.site import Site

MANY = 24
PARALLEL = ("apply", "--yes", "--force")
SITES = 5
"""More than there are cores: most of the time a site waits for its settle time."""

PER_SERIES = 8
"""Two kills in each of four editions on average; some of them come too late."""

Play = Callable[[Site], Verdict]


def deaths(scenario: str) -> list[tuple[str, Play]]:
    """Return one case per effect and side of it; the process kills itself there."""
    effects = cases.clean(SCENARIOS[scenario])
    return [
        (f"death/{scenario}/{number}:{name}/{moment}", _death(scenario, number, moment))
        for number, name in enumerate(effects)
        for moment in ("before", "after")
    ]


def _death(name: str, number: int, moment: str) -> Play:
    def play(site: Site) -> Verdict:
        scenario, verdict = SCENARIOS[name], Verdict(f"death/{name}/{number}/{moment}")
        cases.begin(site, scenario)
        ran = site.run(*scenario.step, dies=(number, moment))
        verdict.kills = int(ran.code is None)
        if ran.code is not None:
            verdict.faults.append(Fault("disagreement", f"it did not die: exit {ran.code}"))
        _finish(site, scenario, verdict)
        verdict.faults += judge.delivered(site, scenario.wanted)
        return verdict

    return play


def _finish(site: Site, scenario: Scenario, verdict: Verdict) -> None:
    found, handed = cases.recovered(site, scenario)
    verdict.handed = verdict.handed or handed
    verdict.faults += [fault for fault in found if not handed or fault.kind == "duplicate"]


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


def nothing(world: Living) -> None:
    """Nothing leads up to it: one manifest follows another."""


def series(seed: int) -> Play:
    """Return one life of a project, in which applies are killed at random moments."""

    def play(site: Site) -> Verdict:
        chance, verdict = random.Random(seed), Verdict(f"kills/{seed}")
        for entries in editions(chance):
            site.write(manifest(*entries))
            for _ in range(chance.choice((1, 2, 3))):
                pause = 0.0 if site.knows_something() else site.pause
                ran = site.run(*PARALLEL, kill_after=pause + chance.uniform(0.0, site.length))
                verdict.kills += ran.code is None
                verdict.deep += ran.code is None and site.is_unfinished()
            scenario = Scenario("kills", nothing, wanted(*entries), again=PARALLEL)
            _finish(site, scenario, verdict)
        verdict.faults += judge.delivered(site, wanted(*entries))
        return verdict

    return play


def measured(site: Site) -> None:
    """Learn how long an apply of many entries takes here, and how long the very first waits."""
    lasted = []
    for entries in islice(editions(random.Random(0)), 2):
        site.write(manifest(*entries))
        assert site.run(*PARALLEL).code == 0
        lasted.append(site.seconds)
    site.length, site.pause = lasted[1], max(0.0, lasted[0] - lasted[1])


# --- on several sites -----------------------------------------------------------------------------


def played(jobs: Sequence[Play], *, sites: int = SITES) -> Iterator[Verdict]:
    """Play jobs on several sites at once; verdicts come in the order of the jobs."""
    with contextlib.ExitStack() as stack:
        free: queue.SimpleQueue[Site] = queue.SimpleQueue()
        for _ in range(min(sites, len(jobs))):
            folder = stack.enter_context(tempfile.TemporaryDirectory())
            site = stack.enter_context(Site(Path(folder)))
            measured(site)
            free.put(site)

        def one(play: Play) -> Verdict:
            site = free.get()
            try:
                return _told(play, site)
            finally:
                free.put(site)

        pool = stack.enter_context(ThreadPoolExecutor(sites))
        yield from pool.map(one, jobs)


def _told(play: Play, site: Site) -> Verdict:
    began = time.perf_counter()
    site.begin_anew()
    verdict = play(site)
    if verdict.wrong:
        verdict.story = "\n".join(str(ran) for ran in site.ran)
    verdict.seconds = time.perf_counter() - began
    return verdict


def until(kills: int, *, seed: int, sites: int = SITES) -> Iterator[Verdict]:
    """Play series until so many processes were killed."""
    done = 0
    while done < kills:
        many = (kills - done) // PER_SERIES + 1
        for verdict in played([series(seed + number) for number in range(many)], sites=sites):
            done += verdict.kills
            yield verdict
        seed += many
