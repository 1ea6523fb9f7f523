"""Twice the input takes about twice as long, whatever it is and whoever reads it."""

from __future__ import annotations

import gc
import time
from collections.abc import Callable
from typing import Any

import pytest

from pushctl.plan.plan import Plan
from pushctl.plan.planner import make_plan
from pushctl.push.push import Push
from pushctl.state.state import State
from tests.builders import daily, desired, once, people, plan_request, recorded, state, task
from tests.property.growth.inputs import KINDS
from tests.property.growth.readers import READERS

pytestmark = pytest.mark.usefixtures("only_new_garbage")

MOST = 6.5
"""How many times as long four times the input may take: 4 is linear, 16 is quadratic."""

FLOOR = 0.01
"""Seconds of the processor; what is quicker is not measured."""

PlanInput = tuple[tuple[Push, ...], State]
"""What is wanted and what is recorded."""

AT_RISK = {
    "signs of a comment": ("fmt",),
    "comments": ("fmt",),
    "open variables": ("check", "compared"),
    "a long text": ("check",),
    "crosses": ("check",),
    "pushes on one line": ("editor",),
    "moves": ("check", "compared"),
    "adoptions": ("fmt",),
    "targets with spaces": ("editor",),
    "hidden targets": ("compared",),
    "undefined among many": ("check",),
    "txt": ("shown",),
    "events": ("check",),
}
"""Kinds on which something once was not linear, and the readers on which that shows best."""


def seconds(use: Callable[[], Any], rounds: int) -> float:
    """Return the shortest time of some rounds."""
    times = []
    for _ in range(rounds):
        gc.collect()
        begin = time.process_time()
        use()
        times.append(time.process_time() - begin)
    return min(times)


def growth(kind: Callable[[int], Any], reader: Callable[[Any], Any], size: int) -> float:
    """Return how many times as long four times an input takes, from a size that can be measured."""
    small, large = kind(size), kind(4 * size)
    before = seconds(lambda: reader(small), 3)
    after = seconds(lambda: reader(large), 2)
    return after / max(before, FLOOR)


def assert_linear(kind: Callable[[int], Any], reader: Callable[[Any], Any], size: int) -> None:
    # Measured once more where it is larger, and what is constant or by chance counts for less.
    if growth(kind, reader, size) > MOST:
        assert growth(kind, reader, 2 * size) <= MOST


@pytest.mark.parametrize("kind", AT_RISK)
def test_what_was_not_linear_is(kind: str) -> None:
    size, make = KINDS[kind]
    for reader in AT_RISK[kind]:
        assert_linear(make, READERS[reader], size)


@pytest.mark.slow
@pytest.mark.parametrize("reader", READERS)
@pytest.mark.parametrize("kind", KINDS)
def test_growth(kind: str, reader: str) -> None:
    size, make = KINDS[kind]
    assert_linear(make, READERS[reader], size)


def edited(size: int) -> PlanInput:
    """An entry of many people of which half left, and whose time of day is another one."""
    before = desired(schedule=once(), targets=people(size))
    tasks = [
        task(before, targets=people(size)[at : at + 10], chunk=at // 10, task_id=f"t{at}")
        for at in range(0, size, 10)
    ]
    after = desired(schedule=daily(), targets=people(2 * size)[::2])
    return (after,), state({before.id: recorded(before, *tasks)})


def renamed(size: int) -> PlanInput:
    """Many entries with the same words, each under another name than before."""
    held = [desired(f"old-{at}", targets=[f"u{at}"], title="Sale") for at in range(size)]
    wanted = tuple(desired(f"new-{at}", targets=[f"u{at}"], title="Sale") for at in range(size))
    return wanted, state({push.id: recorded(push, task(push)) for push in held})


@pytest.mark.parametrize(("plan_input", "size"), [(edited, 1_000), (renamed, 200)])
def test_a_plan_is_linear(plan_input: Callable[[int], PlanInput], size: int) -> None:
    def plan(given: PlanInput) -> Plan:
        return make_plan(plan_request(*given[0], quota_limit=10**6), given[1], None)

    assert_linear(plan_input, plan, size)


def test_a_reader_that_is_not_linear_is_noticed() -> None:
    def slow(number: int) -> None:
        for _ in range(number):
            sum(range(number))

    assert growth(lambda size: size, slow, 1_000) > MOST
