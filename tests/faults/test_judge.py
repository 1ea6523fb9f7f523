"""The judge itself: it sees what somebody did behind everybody's back."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.faults import cases, judge
from tests.faults.disk import Disk
from tests.faults.effects import Effects, watched
from tests.faults.scenarios import APPLY, LOOP, SCENARIOS, SHOT, manifest, wanted
from tests.faults.world import World

WANTED = wanted(SHOT, LOOP)


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    with World(tmp_path) as made:
        made.write(manifest(SHOT, LOOP))
        assert made.run(*APPLY).code == 0
        assert judge.scheduled(made, WANTED) == []
        yield made


def task(world: World, name: str) -> dict[str, Any]:
    return next(item for item in world.desk.tasks() if item["name"] == name)


def kinds(faults: list[judge.Fault]) -> set[str]:
    return {fault.kind for fault in faults}


def test_a_second_task_for_the_same_people_is_a_duplicate(world: World) -> None:
    params = task(world, "shot")["params"]
    world.desk.ask("POST", "tasks", {**params, "TargetMsgkey": {"ann": "another-key"}})
    assert kinds(judge.scheduled(world, WANTED)) == {"duplicate", "disagreement"}
    assert kinds(judge.delivered(world, WANTED)) == {"duplicate"}


def test_a_cancelled_task_is_a_loss(world: World) -> None:
    world.desk.ask("POST", f"tasks/{task(world, 'shot')['id']}/cancel")
    assert kinds(judge.scheduled(world, WANTED)) == {"loss", "disagreement"}
    assert kinds(judge.delivered(world, WANTED)) == {"loss"}


def test_one_delivery_less_is_a_loss(world: World) -> None:
    day = task(world, "loop")["occurrences"][2]
    world.desk.ask("POST", f"tasks/{day['id']}/cancel")
    found = judge.scheduled(world, WANTED)
    assert [fault.kind for fault in found] == ["loss", "loss"]
    assert str(day["at_ms"] // 1000) in str(found[0])


def test_a_message_key_that_is_used_again_is_seen(world: World) -> None:
    params = task(world, "shot")["params"]
    world.desk.ask("POST", "tasks", {**params, "TaskName": "other"})
    assert any("message key" in fault.what for fault in judge.scheduled(world, WANTED))


def test_another_text_is_seen(world: World) -> None:
    edited = wanted(SHOT.saying("two"), LOOP)
    assert [fault.what for fault in judge.scheduled(world, edited)] == ["shot says ('Shot', 'one')"]


def test_a_state_that_knows_another_task_is_seen(world: World) -> None:
    path = world.folder / "pushctl.state.json"
    path.write_text(path.read_text().replace(task(world, "shot")["id"], "f" * 32))
    found = [fault.what for fault in judge.scheduled(world, WANTED)]
    assert any(what.endswith("only in the state") for what in found)
    assert any(what.endswith("only on the service") for what in found)


def test_a_journal_that_was_left_behind_is_seen(world: World) -> None:
    (world.folder / "pushctl.state.journal").write_text("")
    assert len(judge.scheduled(world, WANTED)) == 1


def test_a_clean_run_has_the_same_effects_every_time() -> None:
    scenario = SCENARIOS["change-one-chunk"]
    first = cases.clean(scenario)
    assert {"create", "cancel", "list", "fsync journal", "flock lock"} <= set(first)
    assert first == cases.clean(scenario)


def test_a_case_is_read_as_it_is_printed() -> None:
    for text in ("create/11:create/killed before", "renew/3:list/500/then/7/power cut"):
        assert str(cases.parse(text)) == text


def test_a_power_cut_leaves_what_was_synced_and_nothing_else(tmp_path: Path) -> None:
    (tmp_path / "old").write_text("old")
    effects = Effects()
    effects.disk = Disk(tmp_path)
    with watched(effects, tmp_path):
        folder = os.open(tmp_path, os.O_RDONLY)
        named = os.open(tmp_path / "named", os.O_RDWR | os.O_CREAT)
        os.fsync(folder)
        os.pwrite(named, b"synced", 0)
        os.fsync(named)
        os.pwrite(named, b" and not synced", 6)
        nameless = os.open(tmp_path / "nameless", os.O_RDWR | os.O_CREAT)
        os.pwrite(nameless, b"synced, under no name", 0)
        os.fsync(nameless)
        os.replace(tmp_path / "nameless", tmp_path / "old")
        for descriptor in (folder, named, nameless):
            os.close(descriptor)
    effects.disk.cut()
    left = {path.name: path.read_text() for path in tmp_path.iterdir()}
    assert left == {"old": "old", "named": "synced"}, json.dumps(left)
