"""All cases, some cases, and playing them on every core."""

from __future__ import annotations

import contextlib
import multiprocessing
import os
import random
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from tests.faults import cases
from tests.faults.cases import Case, Strike, Verdict
from tests.faults.engines import SERVERS
from tests.faults.modes import (
    AT_ENTRIES,
    BELIEVED,
    CALLS,
    MODES,
    ON_A_SERVER,
    UNUSUAL,
    USUAL,
    entry,
)
from tests.faults.mutations import MUTATIONS
from tests.faults.scenarios import SCENARIOS

Job = tuple[Case, str]


UNUSUAL_IN = ("create", "change-one-chunk", "stop")
"""The scenarios in which unusual modes are tried as well."""

SAMPLED = 150
"""How much is chosen at random of what does not concern engines alone."""


def every_case(scenario: str, modes: Sequence[str] = (), engine: str = "") -> list[Case]:
    """Return every mode at every effect that it fits, or some modes."""
    everywhere = [*USUAL, *(UNUSUAL if scenario in UNUSUAL_IN else ())]
    everywhere += ON_A_SERVER if engine in SERVERS else ()
    return [
        Case(scenario, Strike(at, name, mode), engine=engine)
        for at, name in enumerate(cases.clean(SCENARIOS[scenario], engine))
        for mode in modes or everywhere
        if MODES[mode].fits(name)
    ]


def _marks(case: Case) -> set[tuple[str, ...]]:
    """Mark a case by its scenario, by its mode, by its call, and by its kind of step on a file."""
    strike = case.first
    marks = {(case.scenario, ""), (strike.mode,)}
    if strike.name in CALLS:
        return marks | {(case.scenario, str(strike.at))}
    return marks | {(strike.name,)}


def sample(whole: Sequence[Case], size: int, seed: int) -> list[Case]:
    """Choose so many cases at random; more, if it takes more to have every mark."""
    shuffled = list(whole)
    random.Random(seed).shuffle(shuffled)
    missing = {mark for case in whole for mark in _marks(case)}
    chosen = []
    for case in shuffled:
        if missing & _marks(case):
            chosen.append(case)
            missing -= _marks(case)
    rest = [case for case in shuffled if case not in set(chosen)]
    return [*chosen, *rest[: max(0, size - len(chosen))]]


def on_engine(engine: str, seed: int, scenarios: Iterable[str] = SCENARIOS) -> list[Case]:
    """Choose what is tried on an engine.

    All that concerns engines at every entry; of the other usual modes, and of recoveries that go
    wrong as well, a sample.
    """
    modes = [*USUAL, *(ON_A_SERVER if engine in SERVERS else ())]
    whole = [case for scenario in scenarios for case in every_case(scenario, modes, engine)]
    own = [case for case in whole if entry(case.first.name) and case.first.mode in AT_ENTRIES]
    known = set(own)
    few = sample([case for case in whole if case not in known], SAMPLED, seed)
    return [*own, *few, *pairs(own, SAMPLED, seed, modes)]


def pairs(
    whole: Sequence[Case], size: int, seed: int, second: Iterable[str] = (*USUAL, *UNUSUAL)
) -> list[Case]:
    """Choose cases in which the first recovery goes wrong as well."""
    chance = random.Random(seed)
    longest = {case.scenario: 0 for case in whole}
    for case in whole:
        longest[case.scenario] = max(longest[case.scenario], case.first.at)
    chosen = []
    believable = [name for name in second if name not in BELIEVED]
    for _ in range(size if whole else 0):
        case = chance.choice(whole)
        then = Strike(chance.randint(0, longest[case.scenario]), "", chance.choice(believable))
        chosen.append(replace(case, then=then))
    return chosen


def play(chosen: Sequence[Case], *, workers: int = 1, mutation: str = "") -> Iterator[Verdict]:
    """Play cases, with the product made wrong in one way if a mutation is named.

    A product that is wrong has other effects than those that were counted.
    """
    jobs = [(nameless(case) if mutation else case, mutation) for case in chosen]
    if workers <= 1:
        yield from map(_one, jobs)
        return
    context = multiprocessing.get_context("spawn")
    with context.Pool(workers, initializer=clean_environment, maxtasksperchild=2000) as pool:
        yield from pool.imap(_one, jobs, chunksize=4)


def nameless(case: Case) -> Case:
    """Return the case at whatever is the effect of that number."""
    return replace(case, first=replace(case.first, name=""))


def _one(job: Job) -> Verdict:
    case, mutation = job
    with MUTATIONS[mutation].made() if mutation else contextlib.nullcontext():
        return cases.run(case)


def clean_environment() -> None:
    """No setting of the machine may decide a case."""
    for name in list(os.environ):
        foreign = name.startswith(("PUSHCTL_", "ALIBABA_CLOUD_", "MPAAS_", "GITHUB_", "GITLAB_"))
        if foreign or name.lower() in ("http_proxy", "https_proxy", "all_proxy", "no_proxy"):
            del os.environ[name]
