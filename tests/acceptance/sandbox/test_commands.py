"""The commands that move a sandbox's clock, break it, and show what arrived."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from pushctl.sandbox import Sandbox
from tests.acceptance.cli import Here, Ran, example
from tests.unit.sandbox.client import Client

NOW = "2026-12-01T09:00:00+08:00"


@pytest.fixture
def here(tmp_path: Path) -> Here:
    """A project that was applied to the sandbox of its folder, on a Tuesday morning."""
    project = example("quickstart", tmp_path, Here)
    assert isinstance(project, Here)
    for words in (("clock", "freeze"), ("clock", "to", NOW)):
        assert sandbox(project, *words).code == 0
    assert project.run("apply", "--yes").code == 0
    return project


def sandbox(here: Here, *words: str) -> Ran:
    return here.run("sandbox", *words)


def test_the_clock_delivers_what_becomes_due(here: Here) -> None:
    assert sandbox(here, "clock").out == f"{NOW}, stands still\n"
    assert sandbox(here, "inbox").err == "Nothing arrived yet.\n"
    moved = sandbox(here, "clock", "next")
    assert moved.out == "2026-12-01T09:45:00+08:00, stands still; 2 messages arrived\n"
    assert sandbox(here, "clock", "advance", "1d").out.startswith("2026-12-02T09:45:00+08:00")
    shown = json.loads(sandbox(here, "clock", "to", "2026-12-03T12:00", "--json").out)
    assert (shown["now"], shown["frozen"]) == ("2026-12-03T12:00:00+08:00", True)
    assert "runs at 3600 times" in sandbox(here, "clock", "run", "--speed", "3600x").out


def test_plan_goes_by_the_clock_that_was_moved(here: Here) -> None:
    assert here.run("plan", "--detailed-exitcode").code == 0
    sandbox(here, "clock", "to", "2027-06-01T09:00")
    planned = here.run("plan", "--detailed-exitcode")
    assert (planned.code, "to renew" in planned.out) == (2, True), planned


def test_the_inbox_shows_a_person_what_that_person_got(here: Here) -> None:
    sandbox(here, "clock", "next")
    assert sandbox(here, "inbox", "--user", "0042").out == (
        "2026-12-01T09:45:00+08:00  0042\n  Acme: 今日精选\n  Three things worth your morning.\n"
    )
    waited = sandbox(here, "inbox", "--wait", "2", "--json")
    assert (waited.code, waited.out.count('"message_key"')) == (0, 2)
    late = sandbox(here, "inbox", "--wait", "3", "--timeout", "0s")
    assert (late.code, late.err) == (1, "Only 2 of 3 messages arrived within 0s.\n")


def test_faults_are_added_hit_and_cleared(here: Here) -> None:
    added = sandbox(here, "fault", "add", "forbidden", "--op", "QueryPushSchedulerList")
    assert added.out == "#1 forbidden on QueryPushSchedulerList: every call, hit 0\n"
    assert here.run("status").code == 1
    listed = sandbox(here, "fault", "list").out
    assert listed.startswith("#1 forbidden on QueryPushSchedulerList: every call, hit ")
    assert "lost-response" in listed
    assert sandbox(here, "fault", "clear", "1").out == "1 fault taken away\n"
    assert here.run("status").code == 0
    unknown = sandbox(here, "fault", "add", "slow", "--op", "PushSimpel")
    assert (unknown.code, "PushSimple" in unknown.err) == (1, True)
    refused = sandbox(here, "fault", "add", "gremlins")
    assert (refused.code, "no such kind: 'gremlins'" in refused.err) == (1, True)


def test_knobs_are_shown_and_set(here: Here) -> None:
    assert json.loads(sandbox(here, "knob", "--json").out)["month31"] == "skip"
    assert "last" in sandbox(here, "knob", "month31=last", "quota.limit=7").out
    assert json.loads(sandbox(here, "knob", "--json").out)["quota.limit"] == 7
    assert sandbox(here, "knob", "month31").code == 64
    assert "takes one of" in sandbox(here, "knob", "month31=never").err


def test_requests_are_shown_and_all_of_it_can_begin_anew(here: Here) -> None:
    assert "  PushSimple  200\n" in sandbox(here, "requests").out
    sandbox(here, "knob", "month31=last")
    reset = sandbox(here, "reset")
    assert reset.out == "The sandbox is as new.\n"
    assert reset.err.endswith("Move pushctl.state.* away to begin anew there, too.\n")
    assert sandbox(here, "requests", "--json").out.split() == ["[]"]
    assert json.loads(sandbox(here, "knob", "--json").out)["month31"] == "skip"
    assert json.loads(sandbox(here, "clock", "--json").out)["frozen"] is False


def test_what_reset_says_of_the_state_is_true(here: Here) -> None:
    assert here.run("sandbox", "reset", "--json").json == {"reset": True}
    here.run("apply", "--yes")
    assert "PushSimple" not in sandbox(here, "requests").out
    for path in here.folder.glob("pushctl.state.*"):
        path.unlink()
    assert sandbox(here, "reset").err == ""
    assert "3 created" in here.run("apply", "--yes").out


def test_snapshots_are_saved_loaded_listed_and_deleted(here: Here) -> None:
    def waiting() -> int:
        return here.run("status", "--format", "json").out.count('"next"')

    assert sandbox(here, "snapshot", "list").out == "No snapshots.\n"
    assert sandbox(here, "snapshot", "save", "applied").out == "Saved as applied.\n"
    again = sandbox(here, "snapshot", "save", "applied").out
    assert again == "Saved as applied, instead of what it was before.\n"
    sandbox(here, "clock", "advance", "3d")
    assert here.run("sandbox", "inbox").out
    loaded = sandbox(here, "snapshot", "load", "applied")
    assert loaded.out == f"Everything is as saved as applied; the clock shows {NOW}.\n"
    assert here.run("sandbox", "inbox").out == ""
    assert sandbox(here, "snapshot", "list", "--json").json == {"snapshots": [{"name": "applied"}]}
    assert sandbox(here, "snapshot", "delete", "applied").out == "applied is deleted.\n"
    for words in (("load", "applied"), ("delete", "applied"), ("save", "../state"), ("save", "")):
        assert sandbox(here, "snapshot", *words).code == 1, words
    assert here.run("plan", "--detailed-exitcode").code == 0


def test_somebody_creates_and_cancels_by_hand(here: Here) -> None:
    words = ("console", "create", "--title", "Hi", "--content", "you", "--target", "7")
    made = sandbox(here, *words, "--at", "2026-12-02T20:00", "--json").json
    assert made["app"] == "ONEX0000000000000/test"
    assert made["id"] in here.run("plan").out, "nobody declared it"
    assert sandbox(here, "console", "cancel", made["id"]).out == "1 delivery cancelled\n"
    assert sandbox(here, "console", "cancel", made["id"]).code == 1
    assert sandbox(here, "console", "cancel", "none/../1").code == 1
    now = sandbox(here, *words, "--target", "8")
    assert now.out.endswith("is created for ONEX0000000000000/test.\n")
    assert sandbox(here, "inbox", "--user", "8").out == f"{NOW}  8\n  Hi\n  you\n"
    past = sandbox(here, *words, "--at", "2026-11-30T20:00")
    assert (past.code, "in the past" in past.err) == (1, True)
    assert sandbox(here, "console", "create", "--title", "Hi").code == 64


def test_a_push_by_hand_is_for_the_only_app_or_the_one_named(tmp_path: Path) -> None:
    here, words = Here(tmp_path), ("--title", "Hi", "--content", "you", "--target", "7")
    with Sandbox(now=NOW) as running:
        create = ("console", "create", "--url", running.url, *words)
        none = sandbox(here, *create)
        assert (none.code, "there are: none yet" in none.err) == (1, True)
        for app in ("A/w", "B/w"):
            assert sandbox(here, *create, "--app", app, "--json").json["app"] == app
            if app == "A/w":
                assert sandbox(here, *create).out.endswith("is created for A/w.\n")
        several = sandbox(here, *create)
        assert (several.code, "there are: A/w, B/w" in several.err) == (1, True)
        assert sandbox(here, *create, "--app", "A").code == 1


def test_requests_say_why_one_failed(here: Here) -> None:
    with Sandbox(here.folder / ".pushctl" / "sandbox.db") as running:
        running.ask("POST", "faults", {"kind": "business-8012"})
        Client(running.url).push()
    assert "  PushSimple  200  8012  (fault: business-8012)\n" in sandbox(here, "requests").out


def test_a_sandbox_that_runs_is_asked_by_its_address(tmp_path: Path) -> None:
    here = Here(tmp_path)
    with Sandbox(now=NOW) as running:
        assert sandbox(here, "clock", "--url", running.url).out == f"{NOW}, stands still\n"
        env = {"PUSHCTL_ENDPOINT": running.url}
        assert here.run("sandbox", "clock", "advance", "1h", env=env).code == 0
        assert running.ask("GET", "clock")["epoch"] == 1796090400
        address = running.url
    gone = sandbox(here, "clock", "--url", address)
    assert (gone.code, "The sandbox does not answer" in gone.err) == (1, True)
    real = sandbox(here, "clock", "--url", "https://cn-hangzhou-mpaas.aliyuncs.com")
    assert (real.code, "This is no sandbox" in real.err) == (1, True)
    assert not (tmp_path / ".pushctl").exists()
