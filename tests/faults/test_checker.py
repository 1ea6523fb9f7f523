"""The checker finds what was done to the service or the state without pushctl."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.faults import cases, checker
from tests.faults.disk import Disk
from tests.faults.effects import Effects, watched
from tests.faults.scenarios import APPLY, LOOP, SCENARIOS, SHOT, manifest, wanted
from tests.faults.simulation import Simulation

WANTED = wanted(SHOT, LOOP)


@pytest.fixture
def system(tmp_path: Path) -> Iterator[Simulation]:
    with Simulation(tmp_path) as made:
        made.write(manifest(SHOT, LOOP))
        assert made.run(*APPLY).code == 0
        assert checker.scheduled(made, WANTED) == []
        yield made


def task(system: Simulation, name: str) -> dict[str, Any]:
    return next(item for item in system.control.tasks() if item["name"] == name)


def kinds(violations: list[checker.Violation]) -> set[str]:
    return {violation.kind for violation in violations}


def test_a_second_task_for_the_same_people_is_a_duplicate(system: Simulation) -> None:
    params = task(system, "shot")["params"]
    system.control.ask("POST", "tasks", {**params, "TargetMsgkey": {"ann": "another-key"}})
    assert kinds(checker.scheduled(system, WANTED)) == {"duplicate", "disagreement"}
    assert kinds(checker.delivered(system, WANTED)) == {"duplicate"}


def test_a_cancelled_task_is_a_loss(system: Simulation) -> None:
    system.control.ask("POST", f"tasks/{task(system, 'shot')['id']}/cancel")
    assert kinds(checker.scheduled(system, WANTED)) == {"loss", "disagreement"}
    assert kinds(checker.delivered(system, WANTED)) == {"loss"}


def test_one_delivery_less_is_a_loss(system: Simulation) -> None:
    day = task(system, "loop")["occurrences"][2]
    system.control.ask("POST", f"tasks/{day['id']}/cancel")
    found = checker.scheduled(system, WANTED)
    assert [violation.kind for violation in found] == ["loss", "loss"]
    assert str(day["at_ms"] // 1000) in str(found[0])


def test_a_message_key_that_is_used_again_is_seen(system: Simulation) -> None:
    params = task(system, "shot")["params"]
    system.control.ask("POST", "tasks", {**params, "TaskName": "other"})
    assert any("message key" in violation.what for violation in checker.scheduled(system, WANTED))


def test_another_text_is_seen(system: Simulation) -> None:
    edited = wanted(SHOT.saying("two"), LOOP)
    assert [violation.what for violation in checker.scheduled(system, edited)] == [
        "shot says ('Shot', 'one')"
    ]


def test_a_state_that_knows_another_task_is_seen(system: Simulation) -> None:
    path = system.folder / "pushctl.state.json"
    path.write_text(path.read_text().replace(task(system, "shot")["id"], "f" * 32))
    found = [violation.what for violation in checker.scheduled(system, WANTED)]
    assert any(what.endswith("only in the state") for what in found)
    assert any(what.endswith("only on the service") for what in found)


def test_a_journal_that_was_left_behind_is_seen(system: Simulation) -> None:
    (system.folder / "pushctl.state.journal").write_text("")
    assert len(checker.scheduled(system, WANTED)) == 1


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
