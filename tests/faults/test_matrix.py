"""A slice of the fault matrix: every mode, every call of every scenario, every kind of step.

The whole is played by `make prove`.
"""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

import pytest

from tests.faults import __main__, cases, kills, matrix
from tests.faults.cases import Case, Verdict
from tests.faults.checker import Violation
from tests.faults.engines import POSTGRESQL_PORT, SERVERS
from tests.faults.modes import AT_ENTRIES, CALLS, ENGINE, MODES, USUAL, WIRE
from tests.faults.mutations import MUTATIONS
from tests.faults.report import complaint
from tests.faults.scenarios import SCENARIOS
from tests.servers import process
from tests.servers.postgresql import postgresql
from tests.servers.process import Server

__all__ = ["postgresql"]

SEED = 1
KILLED = 6

FOUND = (("create", "open journal", "overtaken"), ("resume", "replace state", "overtaken"))
"""What the matrix found once, and what must not come back."""


@cache
def whole() -> tuple[Case, ...]:
    return tuple(case for scenario in SCENARIOS for case in matrix.every_case(scenario))


@cache
def chosen() -> tuple[Case, ...]:
    return tuple(matrix.sample(whole(), 0, SEED))


def kind(mode: str) -> str:
    """Return the name of a mode without its numbers, fields, answers and clocks."""
    for many, one in (
        (r"answered .* (after|without)", r"answered \1"),
        (r"(timed out|reset|500), done", "lost, done"),
        (r"done [\d.]+ s", "done"),
        (r"(killed after|response lost), list", "lost, list"),
        (r"list (\w+).*", r"list \1"),
        (r"clock \d+ \w+ (ahead|behind)", "clock"),
    ):
        mode = re.sub(many, one, mode)
    return mode


def marks(case: Case) -> set[tuple[str, ...]]:
    """What a quick case stands for: its scenario, its kind of mode and its kind of step."""
    strike = case.first
    group = "usual" if strike.mode in USUAL else "unusual"
    return {("scenario", case.scenario), (group, kind(strike.mode)), ("step", strike.name)}


@cache
def quick() -> tuple[Case, ...]:
    """Few cases that together have every scenario, kind of mode and kind of step.

    To stop takes the longest, so what can be seen elsewhere is.
    """
    missing, found = {mark for case in chosen() for mark in marks(case)}, []
    while missing:
        best = max(chosen(), key=lambda case: (len(marks(case) & missing), case.scenario != "stop"))
        missing -= marks(best)
        found.append(best)
    return tuple(found)


def trouble(verdicts: list[Verdict]) -> list[str]:
    return [complaint(verdict) for verdict in verdicts if verdict.wrong]


def test_the_slice_has_every_mode_and_every_call_of_every_scenario() -> None:
    modes = set(MODES) - {mode.name for mode in (*ENGINE, *WIRE)}
    assert {case.first.mode for case in chosen()} == modes
    assert {kind(case.first.mode) for case in quick()} == {kind(mode) for mode in modes}
    assert {case.scenario for case in quick()} == set(SCENARIOS)
    assert {case.first.name for case in quick()} == {case.first.name for case in chosen()}
    calls = {(case.scenario, case.first.at) for case in whole() if case.first.name in CALLS}
    assert len(calls) > 60
    assert calls <= {(case.scenario, case.first.at) for case in chosen()}


def test_the_number_in_the_docs_is_that_of_today() -> None:
    """Within a tenth: another Python takes other steps on files."""
    text = (Path(__file__).parents[2] / "docs" / "safety.md").read_text("utf-8")
    (said,) = re.findall(r"in \d+ ways: ([\d,]+) cases", text)
    usual = sum(case.first.mode in USUAL for case in whole())
    assert int(said.replace(",", "")) == pytest.approx(usual, rel=0.1)
    assert f"of {len(SCENARIOS)} scenarios" in text
    assert f"in {len({case.first.mode for case in whole()} & set(USUAL))} ways" in text


@pytest.mark.parametrize("scenario", SCENARIOS)
def test_whatever_goes_wrong_everything_is_scheduled_and_delivered_once(scenario: str) -> None:
    mine = [case for case in quick() if case.scenario == scenario]
    assert mine
    assert trouble([cases.run(case) for case in mine]) == []


def test_on_an_engine_that_others_share_everything_is_delivered_once_too() -> None:
    shared = [case for case in matrix.on_engine("memory", SEED) if case.first.mode in AT_ENTRIES]
    few = {case.first.mode: case for case in shared} | {case.scenario: case for case in shared}
    assert {mode.name for mode in ENGINE} <= few.keys()
    assert trouble([cases.run(case) for case in dict.fromkeys(few.values())]) == []


def test_on_a_real_server_everything_is_delivered_once_too(
    postgresql: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(POSTGRESQL_PORT, str(postgresql.port))
    modes = [mode.name for mode in (*ENGINE, *WIRE)]
    tried = matrix.every_case("create", modes, "postgresql")
    entries = len(tried) // len(modes)
    few = [tried[number * (len(modes) + 1) % len(tried)] for number in range(len(modes))]
    assert {case.first.mode for case in few} == set(modes)
    assert len({case.first.at for case in few}) == min(entries, len(modes))
    assert trouble([cases.run(case) for case in few]) == []


def test_what_is_wrong_on_an_engine_counts(monkeypatch: pytest.MonkeyPatch) -> None:
    wrong = [Violation("loss", "shot")]
    monkeypatch.setattr(cases, "run", lambda case: Verdict(case, wrong if case.then else []))
    what = ["--engine", "memory", "--scenario", "renew", "--workers", "1"]
    assert __main__.main(what) == 1
    monkeypatch.setattr(cases, "run", Verdict)
    assert __main__.main(what) == 0


@pytest.mark.parametrize("required", [False, True])
def test_a_server_that_is_not_installed_is_said_and_required_by_ci(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], *, required: bool
) -> None:
    monkeypatch.setattr(process, "REQUIRED", required)
    monkeypatch.setattr(__main__, "REQUIRED", required)
    monkeypatch.setitem(SERVERS, "s3", lambda: process.missing("weed"))
    assert __main__.main(["--engine", "s3"]) == required
    assert capsys.readouterr().out.startswith("state on s3: not run: weed is not installed\n")


@pytest.mark.slow
@pytest.mark.parametrize("part", range(8))
def test_whatever_else_goes_wrong_everything_is_scheduled_and_delivered_once(part: int) -> None:
    others = [case for case in chosen() if case not in quick()]
    assert trouble([cases.run(case) for case in others[part::8]]) == []


@pytest.mark.parametrize(("scenario", "name", "mode"), FOUND)
def test_what_was_found_once_does_not_come_back(scenario: str, name: str, mode: str) -> None:
    again = [
        case
        for case in whole()
        if (case.scenario, case.first.name, case.first.mode) == (scenario, name, mode)
    ]
    assert again
    assert trouble([cases.run(case) for case in again]) == []


@pytest.mark.parametrize("count", [8, pytest.param(12, marks=pytest.mark.slow)])
def test_whatever_goes_wrong_twice_in_a_row_everything_is_delivered_once(count: int) -> None:
    pairs = matrix.pairs(whole(), count, SEED)
    assert trouble([cases.run(case) for case in pairs]) == []


def test_processes_that_are_killed_at_any_moment_lose_and_double_nothing() -> None:
    verdicts = list(kills.until(KILLED, seed=SEED, systems=2))
    assert sum(verdict.kills for verdict in verdicts) >= KILLED
    assert trouble(verdicts) == []


@pytest.mark.parametrize("name", MUTATIONS)
def test_a_product_that_is_wrong_does_not_pass(name: str) -> None:
    mutation = MUTATIONS[name]
    tried = matrix.every_case(mutation.scenario, [mutation.mode], mutation.engine)
    middle = len(tried) // 2  # The first steps of a run show the least of them.
    verdicts = matrix.play([*tried[middle:], *tried[:middle]], mutation=name)
    assert any(verdict.violations or verdict.handed for verdict in verdicts)
