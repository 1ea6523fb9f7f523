"""Processes that share a state: at once, killed, frozen, robbed, and from another clone."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator

import pytest

from tests.faults import checker
from tests.faults.scenarios import SHOT, wanted
from tests.team import editors
from tests.team.engines import ENGINES, Engine
from tests.team.machines import APPLY, Team, waited

FAST = "folder"


@pytest.fixture(
    scope="module",
    params=[pytest.param(name, marks=() if name == FAST else pytest.mark.slow) for name in ENGINES],
)
def engine(request: pytest.FixtureRequest) -> Iterator[Engine]:
    with ENGINES[request.param]() as found:
        yield found


def short(engine: Engine) -> str:
    """Return a lease of three times as long as one write may take on a busy machine."""
    return "9s" if engine.port else "3s"


def test_everybody_sees_what_the_others_did(engine: Engine) -> None:
    with Team(engine, 2) as team:
        first, second = team.machines
        for machine in team.machines:
            machine.write(SHOT)
        assert first.run(*APPLY).code == 0
        assert second.run("plan", "--detailed-exitcode").code == 0
        assert "shot" in second.run("state", "list").out
        assert second.run("stop", "--all").code == 0
        assert [task["status"] for task in team.control.tasks()] == ["cancelled"]
        assert "stopped" in first.run("status").out
        assert [line for line in first.run("history").out.splitlines() if "stop" in line]


@pytest.mark.slow
def test_edits_of_many_at_once_are_all_delivered_once(engine: Engine) -> None:
    with Team(engine, 4) as team:
        assert list(editors.rounds(team, 2)) == []


@pytest.mark.slow
def test_edits_of_many_who_are_killed_are_all_delivered_once(engine: Engine) -> None:
    with Team(engine, 3, lease=short(engine)) as team:
        assert list(editors.rounds(team, 2, kills=0.5)) == []


def test_whoever_is_frozen_and_robbed_sends_nothing_more(engine: Engine) -> None:
    with Team(engine, 2, lease=short(engine)) as team:
        frozen, other = team.machines
        many = editors.entries([0] * 10)
        for machine in team.machines:
            machine.write(*many)
        team.control.fault({"op": "PushSimple", "kind": "slow", "seconds": 2})
        with frozen.started(*APPLY, "--parallelism", "1") as process:
            while team.control.writes() < 2:  # then it waits for an answer
                assert process.poll() is None
            os.kill(process.pid, signal.SIGSTOP)
            team.control.calm()
            assert other.run(*APPLY).code == 0
            before = team.control.writes()
            assert checker.scheduled(team, wanted(*many)) == []
            os.kill(process.pid, signal.SIGCONT)
            assert waited(process) in (4, 5)
        assert team.control.writes() == before
        assert checker.doubled(team) == []
        assert team.settled(many) == []
