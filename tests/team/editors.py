"""Ten people who apply ten different edits to one state, again and again, some killed half-way."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

from tests.faults import checker
from tests.faults.checker import Violation, Wanted
from tests.faults.scenarios import Entry, at
from tests.team.machines import APPLY, Machine, Team

PEOPLE = 10
EXPECTED = (0, 4, 5)
"""Done; partly done; the lock was not to be had in time. Nothing else may come of it."""


def entries(versions: Sequence[int]) -> list[Entry]:
    """Return one entry for each person, with the text of a version."""
    return [
        Entry(
            f"{{at: 2026-12-03T{10 + number}:00}}",
            Wanted(
                f"push-{number}",
                (f"u{number}", "ann"),
                (at("2026-12-03", f"{10 + number}:00"),),
                f"Title {number}",
                f"version {version}",
                versions=10**6,
            ),
        )
        for number, version in enumerate(versions)
    ]


def rounds(team: Team, count: int, *, seed: int = 1, kills: float = 0.0) -> Iterator[Violation]:
    """Let everybody apply an edit of their own at once, so many times; yield what is wrong.

    `kills` is the share of applies that are killed at some moment.
    """
    chance = random.Random(seed)
    versions = [0] * len(team.machines)
    wrong = team.settled(entries(versions))
    for turn in range(1, count + 1):
        yield from wrong
        jobs = []
        for number, machine in enumerate(team.machines):
            machine.write(*entries([*versions[:number], turn, *versions[number + 1 :]]))
            after = chance.uniform(0.05, 1.0) if chance.random() < kills else None
            jobs.append((machine, after))
        with ThreadPoolExecutor(len(jobs)) as pool:
            ran = list(pool.map(_applied, jobs))
        for item in ran:
            if item is not None and item not in EXPECTED:
                yield Violation("disagreement", f"turn {turn}: exit {item}")
        yield from checker.doubled(team)
        versions = [turn] * len(versions)
        wrong = team.settled(entries(versions))
    yield from wrong
    yield from checker.delivered(team, [replace(item.wanted) for item in entries(versions)])


def _applied(job: tuple[Machine, float | None]) -> int | None:
    machine, after = job
    return machine.run(*APPLY, kill_after=after).code
