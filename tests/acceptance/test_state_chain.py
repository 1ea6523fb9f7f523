"""A state on an engine: look back, lock it by hand, prove it, seal it, find it."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest
from pyrage.x25519 import Identity

from pushctl.cli.commands.state import group
from pushctl.cli.global_options import GlobalOptions
from pushctl.cli.output import Output
from pushctl.cli.project import state_engine
from pushctl.errors import StateConflictError, StateError
from pushctl.state.chain.lease import ChainLease
from pushctl.state.chain.log import Done
from pushctl.state.events import PushForgotten
from pushctl.state.interface import StateStore
from tests.acceptance.cli import Here
from tests.acceptance.repository import git
from tests.acceptance.test_main_job import HEAD, SALE, ok
from tests.servers.folder_log import FolderLog, folder_engine

__all__ = ["folder_engine"]


@pytest.fixture
def project(tmp_path: Path, folder_engine: None, monkeypatch: pytest.MonkeyPatch) -> Here:
    monkeypatch.setenv("PUSHCTL_STATE", "folder:shared")
    made = Here(tmp_path)
    made.write(HEAD + SALE)
    return made


@pytest.fixture
def applied(project: Here) -> Here:
    ok(project.run("apply", "--yes"))
    return project


def opened(project: Here, place: str) -> StateStore:
    """Open the state at a place as another process would."""
    options = GlobalOptions(project.folder, "pushctl.yaml", None, Output())
    return state_engine.open_engine("" if place == "files" else place, options, {})


def slots(project: Here) -> list[int]:
    return [item["slot"] for item in ok(project.run("history", "--format", "json")).json]


# --- looking back ---------------------------------------------------------------------------------


def test_the_state_of_any_entry_of_the_history_can_be_seen(applied: Here) -> None:
    ok(applied.run("state", "rm", "sale"))
    first, second = slots(applied)
    told = ok(applied.run("history")).out.splitlines()
    assert [f"slot {first}" in told[0], f"slot {second}" in told[1]] == [True, True]
    then = ok(applied.run("state", "show", "--slot", str(first))).json
    now = ok(applied.run("state", "show", "--slot", str(second))).json
    assert sorted(then["pushes"]) == ["digest", "sale"]
    assert sorted(now["pushes"]) == ["digest"]
    assert now == ok(applied.run("state", "show")).json
    assert "scheduled" in ok(applied.run("state", "show", "sale", "--slot", str(first))).out
    ok(applied.run("state", "show", "sale", "--slot", str(second)), 64)
    assert "no such entry" in ok(applied.run("state", "show", "--slot", "999"), 1).err


def test_a_plan_against_an_earlier_state_is_only_to_look_at(applied: Here) -> None:
    (slot,) = slots(applied)
    ok(applied.run("state", "rm", "sale"))
    entries = len(list((applied.folder / "shared").iterdir()))
    back = applied.run("plan", "--offline", "--format", "json", "--against-slot", str(slot))
    assert ok(back).json["summary"]["create"] == 0
    now = ok(applied.run("plan", "--offline", "--format", "json")).json
    assert now["summary"]["create"] == 1
    ok(applied.run("plan", "--against-slot", str(slot), "--out", "x.pushplan"), 64)
    assert len(list((applied.folder / "shared").iterdir())) == entries


def test_files_have_nothing_to_look_back_at(project: Here) -> None:
    files = {"PUSHCTL_STATE": "files"}
    ok(project.run("apply", "--yes", env=files))
    refused = ok(project.run("state", "show", "--slot", "1", env=files), 1)
    assert "state migrate" in refused.err


# --- the lock -------------------------------------------------------------------------------------


@pytest.mark.parametrize("place", ["files", "folder:shared"])
def test_a_lock_by_hand_keeps_others_out_until_it_is_taken_away(
    project: Here, place: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PUSHCTL_STATE", place)
    ok(project.run("apply", "--yes"))

    def held() -> None:
        with opened(project, place).lock("state lock") as lease:
            assert "state lock" in ok(project.run("apply", "--yes"), 5).err
            seen = ok(project.run("state", "unlock"), 5).err
            assert ("last seen" in seen) == (place != "files")
            assert "state lock" in ok(project.run("state", "unlock", "--force")).out
            lease.record(PushForgotten("sale"))

    with pytest.raises(StateConflictError, match="lock"):
        held()
    assert "not locked" in ok(project.run("state", "unlock")).out
    ok(project.run("state", "lock", "--for", "0s"))
    ok(project.run("state", "rm", "sale"))


def test_a_lock_by_hand_ends_with_words_if_it_was_taken_away(
    applied: Here, monkeypatch: pytest.MonkeyPatch
) -> None:
    def wait(_stop: threading.Event, seconds: float | None) -> None:
        assert seconds == 600
        ok(applied.run("state", "unlock", "--force"))

    monkeypatch.setattr(group, "wait", wait)
    refused = ok(applied.run("state", "lock", "--for", "10m"), 5)
    assert "taken away" in refused.err


# --- doctor ---------------------------------------------------------------------------------------


def checks(project: Here, *options: str, code: int = 0) -> dict[str, dict[str, str]]:
    found = ok(project.run("doctor", "--format", "json", *options), code).json
    return {item["check"]: item for item in found}


def test_doctor_looks_at_the_engine_and_writes_only_if_asked_to(applied: Here) -> None:
    entries = len(list((applied.folder / "shared").iterdir()))
    found = checks(applied)
    assert "folder:" in found["engine"]["text"]
    assert "not sealed" in found["engine"]["text"]
    assert "writing" not in found
    assert len(list((applied.folder / "shared").iterdir())) == entries
    found = checks(applied, "--lock")
    assert found["writing"]["verdict"] == "ok"
    assert "one per worker" in found["writing"]["text"]
    assert "not locked" in ok(applied.run("state", "unlock")).out


def test_doctor_finds_an_engine_that_lets_two_write(
    applied: Here, monkeypatch: pytest.MonkeyPatch
) -> None:
    def put(self: FolderLog, slot: int, body: bytes) -> Done:
        (self.folder / f"{slot:06}").write_bytes(body)
        return Done()

    monkeypatch.setattr(FolderLog, "put", put)
    found = checks(applied, "--lock", code=1)
    assert found["writing"]["verdict"] == "bad"
    assert "two writers" in found["writing"]["text"]


def test_doctor_says_what_an_engine_out_of_reach_says(
    applied: Here, monkeypatch: pytest.MonkeyPatch
) -> None:
    def read(self: FolderLog, after: int | None) -> None:
        raise StateError("The state cannot be reached", "down")

    monkeypatch.setattr(FolderLog, "read", read)
    found = checks(applied, "--lock", code=1)
    assert [found[name]["verdict"] for name in ("state", "lock", "writing")] == ["bad"] * 3


def test_apply_says_how_many_calls_may_be_in_doubt(
    project: Here, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ChainLease, "intents_ahead", 10)
    assert "up to 10 calls may be in doubt" in ok(project.run("apply", "--yes")).err


# --- sealed ---------------------------------------------------------------------------------------


def test_a_sealed_state_is_read_with_a_key_and_with_nothing_else(
    project: Here, monkeypatch: pytest.MonkeyPatch
) -> None:
    ann, eve = Identity.generate(), Identity.generate()
    monkeypatch.setenv("PUSHCTL_AGE_RECIPIENTS", str(ann.to_public()))
    monkeypatch.setenv("PUSHCTL_AGE_KEY", str(ann))
    ok(project.run("apply", "--yes"))
    assert "not sealed" not in checks(project)["engine"]["text"]
    assert ok(project.run("plan", "--detailed-exitcode")).code == 0
    for key in ("", str(eve)):
        wrong = {"PUSHCTL_AGE_KEY": key, "PUSHCTL_AGE_RECIPIENTS": ""}
        for command in (["plan"], ["apply", "--yes"], ["stop", "--all"]):
            refused = ok(project.run(*command, env=wrong), 1)
            assert "PUSHCTL_AGE_KEY" in refused.err
            assert not key or key not in refused.err
    ok(project.run("plan", env={"PUSHCTL_STATE": "files"}), 1)
    ok(project.run("state", "migrate", "files"))
    monkeypatch.delenv("PUSHCTL_AGE_KEY")
    monkeypatch.delenv("PUSHCTL_AGE_RECIPIENTS")
    ok(project.run("plan", "--detailed-exitcode", env={"PUSHCTL_STATE": "files"}))


# --- finding it -----------------------------------------------------------------------------------


def test_where_ci_keeps_the_state_nobody_takes_it_for_new(
    project: Here, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("PUSHCTL_STATE")
    git(project.folder, "init", "-q", "-b", "main")
    project.write("{}", "pushctl.state.json")
    git(project.folder, "add", "pushctl.state.json")
    git(project.folder, "commit", "-q", "-m", "state")
    git(project.folder, "update-ref", "refs/remotes/origin/pushctl-state", "HEAD")
    (project.folder / "pushctl.state.json").unlink()
    line = "state: git+origin:#pushctl-state"
    for command in ("plan", "status", "history"):
        assert line in ok(project.run(command)).err
    for command in (["apply", "--yes"], ["stop", "--all"]):
        refused = ok(project.run(*command), 5)
        assert line in refused.err
    assert line not in ok(project.run("apply", "--yes", env={"PUSHCTL_STATE": "folder:new"})).err
