"""The commands that move a sandbox's clock, break it, and show what arrived."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from pushctl.sandbox import Sandbox
from tests.acceptance.cli import Here, Ran, example

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
    added = sandbox(here, "fault", "add", "http-503", "--op", "QueryPushSchedulerList")
    assert added.out == "#1 http-503 on QueryPushSchedulerList: every call, hit 0\n"
    assert here.run("status").code == 1
    listed = sandbox(here, "fault", "list").out
    assert listed.startswith("#1 http-503 on QueryPushSchedulerList: every call, hit ")
    assert "lost-response" in listed
    assert sandbox(here, "fault", "clear", "1").out == "1 fault taken away\n"
    assert here.run("status").code == 0
    refused = sandbox(here, "fault", "add", "gremlins")
    assert (refused.code, "no such kind: 'gremlins'" in refused.err) == (1, True)


def test_knobs_are_shown_and_set(here: Here) -> None:
    assert json.loads(sandbox(here, "knob", "--json").out)["month31"] == "skip"
    assert "last" in sandbox(here, "knob", "month31=last", "quota.limit=7").out
    assert json.loads(sandbox(here, "knob", "--json").out)["quota.limit"] == 7
    assert sandbox(here, "knob", "month31").code == 64
    assert "takes one of" in sandbox(here, "knob", "month31=never").err


def test_requests_are_shown_and_all_of_it_can_begin_anew(here: Here) -> None:
    assert "PushSimple" in sandbox(here, "requests").out
    sandbox(here, "knob", "month31=last")
    assert sandbox(here, "reset").out == "The sandbox is as new.\n"
    assert sandbox(here, "requests", "--json").out.split() == ["[]"]
    assert json.loads(sandbox(here, "knob", "--json").out)["month31"] == "skip"
    assert json.loads(sandbox(here, "clock", "--json").out)["frozen"] is False


def test_a_sandbox_that_runs_is_asked_by_its_address(tmp_path: Path) -> None:
    here = Here(tmp_path)
    with Sandbox(now=NOW) as running:
        assert sandbox(here, "clock", "--url", running.url).out == f"{NOW}, stands still\n"
        env = {"PUSHCTL_ENDPOINT": running.url}
        assert here.run("sandbox", "clock", "advance", "1h", env=env).code == 0
        assert running.now == 1796090400
        address = running.url
    gone = sandbox(here, "clock", "--url", address)
    assert (gone.code, "The sandbox does not answer" in gone.err) == (1, True)
    real = sandbox(here, "clock", "--url", "https://cn-hangzhou-mpaas.aliyuncs.com")
    assert (real.code, "This is no sandbox" in real.err) == (1, True)
    assert not (tmp_path / ".pushctl").exists()
