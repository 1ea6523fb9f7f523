"""What an earlier version wrote is read, means the same, and is left alone.

Each folder of `recorded_states/` holds what one story left behind: the manifest, the files of the
state as they were on disk, and the service's own books. `case.json` says what is in it.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.acceptance.recorded import STATES, desired, facts, headline, restored

CASES = sorted(path.parent.name for path in STATES.glob("*/case.json"))
QUIET = "No changes."
PHASES = {"creating", "scheduled", "cancelling", "sent", "ended", "cancelled"}


def recorded(case: str) -> dict[str, Any]:
    """The state as it was shown then: the snapshot, or what its journal made of it."""
    shown = STATES / case / "shown.json"
    path = shown if shown.exists() else next((STATES / case / "state").glob("*.state.json"))
    found: dict[str, Any] = json.loads(path.read_text("utf-8"))
    return found


def restorable(case: str) -> bool:
    state = STATES / case / "state"
    return any(state.glob("*.state.json")) and any(state.glob("*.backup.journal"))


def test_every_phase_of_a_task_is_recorded_somewhere() -> None:
    pushes = [push for case in CASES for push in recorded(case)["pushes"].values()]
    assert {task["phase"] for push in pushes for task in push["tasks"]} == PHASES


@pytest.mark.parametrize("case", CASES)
def test_it_is_read_as_it_was(case: str, tmp_path: Path) -> None:
    copy = restored(case, tmp_path)
    shown = copy.pushctl("state", "show")
    assert shown.code == 0, shown
    assert shown.json == recorded(case)
    for command in (("state", "list"), ("status",), ("history",)):
        ran = copy.pushctl(*command)
        assert ran.code == 0, ran


@pytest.mark.parametrize("case", CASES)
def test_plan_and_apply_do_what_they_did(case: str, tmp_path: Path) -> None:
    known, copy = facts(case), restored(case, tmp_path)
    before = copy.files()
    for told, options in (("offline", ("--offline",)), ("online", ())):
        planned = copy.pushctl("plan", "--detailed-exitcode", *options)
        assert headline(planned) == known[told], planned
        assert planned.code == (0 if known[told] == QUIET else 2), planned
    applied = copy.pushctl("apply", "--yes", "--force")
    assert applied.code == 0, applied
    assert copy.calls() == known["calls"], applied
    # Who needed no look to know everything has nothing to write down.
    if known["offline"] == QUIET and not any(name.endswith(".state.journal") for name in before):
        assert copy.files() == before
    again = copy.pushctl("plan", "--detailed-exitcode")
    assert (again.code, headline(again)) == (0, QUIET), again


@pytest.mark.parametrize("case", CASES)
def test_fingerprints_never_change(case: str, tmp_path: Path) -> None:
    known, pushes = facts(case), recorded(case)["pushes"]
    fingerprints = desired(case, tmp_path)
    assert fingerprints == known["fingerprints"]
    for id in fingerprints.keys() & pushes.keys():
        assert pushes[id]["fingerprint"] == fingerprints[id]


@pytest.mark.parametrize("case", [case for case in CASES if restorable(case)])
def test_backup_and_journals_are_the_state_once_more(case: str, tmp_path: Path) -> None:
    copy = restored(case, tmp_path)
    copy.state_file.unlink()
    ran = copy.pushctl("state", "restore")
    assert ran.code == 0, ran
    shown = copy.pushctl("state", "show")
    for name in ("lineage", "pushes", "retired", "site"):
        assert shown.json.get(name) == recorded(case).get(name)
