"""A process may die at any instruction: afterwards nothing is lost and nothing is double."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.builders import daily, desired, once, people
from tests.faults.harness import ANSWERS, CRASHES, Effects, Step, World, check

FIRST = Step(
    (
        desired("big", targets=people(11)),
        desired("promo", title="Promo", schedule=once(2 * 86_400)),
        desired("loop", title="Loop", schedule=daily("12:00")),
    )
)
SECOND = Step(
    (
        desired("big", targets=people(11)),
        desired("promo", title="Promo", content="Changed", schedule=once(2 * 86_400)),
    )
)

Scenario = Callable[[Path], tuple[World, Step]]


def beginning(folder: Path) -> tuple[World, Step]:
    return World(folder), FIRST


def change(folder: Path) -> tuple[World, Step]:
    world = World(folder)
    world.run(FIRST, Effects())
    return world, SECOND


SCENARIOS: dict[str, Scenario] = {"create": beginning, "replace and cancel": change}


@pytest.mark.parametrize("scenario", SCENARIOS.values(), ids=SCENARIOS.keys())
@pytest.mark.parametrize("mode", CRASHES)
def test_a_crash_at_every_effect(scenario: Scenario, mode: str, tmp_path: Path) -> None:
    clean = Effects()
    world, step = scenario(fresh(tmp_path, "clean"))
    world.run(step, clean)
    check(world, step)
    assert clean.names.count("os.fsync") > 4
    for at, name in enumerate(clean.names):
        if (mode == "half" and name != "os.pwrite") or (mode == "late" and name != "create"):
            continue
        world, step = scenario(fresh(tmp_path, f"{mode}-{at}"))
        effects = Effects(at=at, mode=mode)
        world.run(step, effects)
        assert effects.dead
        world.recover(step)
        check(world, step)


@pytest.mark.parametrize("scenario", SCENARIOS.values(), ids=SCENARIOS.keys())
@pytest.mark.parametrize("answer", ANSWERS)
def test_a_misfortune_at_every_call(scenario: Scenario, answer: str, tmp_path: Path) -> None:
    world, step = scenario(fresh(tmp_path, "clean"))
    calls = world.run(step, Effects()).calls
    assert {"create", "list"} <= set(calls)
    for at, method in enumerate(calls):
        if method == "list":
            continue
        world, step = scenario(fresh(tmp_path, f"{at}"))
        world.run(step, Effects(), {at: answer})
        world.recover(step)
        check(world, step)


@pytest.mark.parametrize("scenario", SCENARIOS.values(), ids=SCENARIOS.keys())
def test_an_unreadable_list_at_every_look(scenario: Scenario, tmp_path: Path) -> None:
    from pushctl.errors import ServiceError

    world, step = scenario(fresh(tmp_path, "clean"))
    calls = world.run(step, Effects()).calls
    for at, method in enumerate(calls):
        if method != "list":
            continue
        world, step = scenario(fresh(tmp_path, f"{at}"))
        try:
            world.run(step, Effects(), {at: "refused"})
        except ServiceError:
            assert at == 0
        world.recover(step)
        check(world, step)


@pytest.mark.parametrize("mode", ["before", "after", "late"])
def test_a_crash_during_the_recovery_from_a_crash(mode: str, tmp_path: Path) -> None:
    world, step = beginning(fresh(tmp_path, "clean"))
    clean = Effects()
    world.run(step, clean)
    creates = [at for at, name in enumerate(clean.names) if name == "create"]
    for first in creates:
        for second in range(0, 30, 3):
            world, step = beginning(fresh(tmp_path, f"{first}-{second}"))
            world.run(step, Effects(at=first, mode=mode))
            world.run(step, Effects(at=second, mode="after"))
            world.recover(step)
            check(world, step)


def fresh(folder: Path, name: str) -> Path:
    path = folder / name
    path.mkdir()
    return path
