"""What was measured once stays so."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from xml.etree import ElementTree

import pytest

from pushctl.manifest.read import read_manifest
from tests.bench import apply, commands, growth, keystroke, page, plot, sandbox, state_engines
from tests.bench.schedules import MOST, measure


@pytest.mark.slow
def test_compiling_schedules_takes_no_longer_than_parsing_them(tmp_path: Path) -> None:
    assert measure(tmp_path, entries=2_000, rounds=5).ratio <= MOST


@pytest.mark.slow
def test_all_checks_take_no_longer_than_parsing(tmp_path: Path) -> None:
    assert measure(tmp_path, entries=2_000, rounds=12).lint_ratio <= MOST


def test_every_schedule_of_the_measurement_is_one(tmp_path: Path) -> None:
    assert measure(tmp_path, entries=100, rounds=1).tasks > 150


# --- commands beside others -----------------------------------------------------------------------


def test_commands_cost_no_multiple_of_what_they_did(tmp_path: Path) -> None:
    """Twice as much as today, so that only a mistake fails it."""
    project = commands.manifest(tmp_path / "pushes", 60)
    costs = commands.by_turns(
        {
            "python": commands.python(tmp_path),
            "--version": commands.pushctl(tmp_path, "--version"),
            "--help": commands.pushctl(tmp_path, "--help"),
            "validate": commands.pushctl(project, "validate"),
        },
        rounds=3,
    )
    bare = costs["python"].cpu
    assert costs["--version"].cpu / bare < 3
    assert costs["--help"].cpu / bare < 11
    assert costs["validate"].cpu / bare < 38
    assert costs["validate"].memory < 90


def test_a_manifest_of_the_measurement_is_valid_in_one_file_and_in_many(tmp_path: Path) -> None:
    for name, per_file in (("one", None), ("many", 10)):
        folder = commands.manifest(tmp_path / name, 40, per_file=per_file)
        reading = read_manifest(folder)
        assert reading.diagnostics == ()
        assert len(reading.pushes) == 40


def test_a_command_that_fails_is_no_measurement(tmp_path: Path) -> None:
    with pytest.raises(AssertionError, match=r"pushctl\.yaml"):
        commands.pushctl(tmp_path, "plan", "--offline").run()


def test_ratios_are_of_what_was_measured() -> None:
    costs = {
        "python -c pass": commands.Cost(0.01, 0.01, 12),
        "--version": commands.Cost(0.012, 0.02, 13),
        "validate 60": commands.Cost(1, 1, 1),
    }
    found = commands.ratios(costs)
    assert {goal.what: round(ratio, 3) for goal, ratio in found.items()} == {"--version": 1.2}
    assert page.goals(found)[-1] == "| --version / python -c pass | 1.20 | 1.3 |"
    assert page.costs(costs)[-1] == "| validate 60 | 1,000 | 1,000 | 1 |"


def test_what_is_beyond_a_goal_is_told() -> None:
    cheap = {"octoDNS 60": commands.Cost(1, 1, 1), "plan 60": commands.Cost(2, 2, 50)}
    assert commands.are_met(cheap)
    assert not commands.are_met(cheap | {"plan 60": commands.Cost(2.6, 2, 50)})
    assert not commands.are_met(cheap | {"plan 60": commands.Cost(2, 2, 61)})
    assert page.memory(cheap)[-1] == "| plan 60 | 50 | 60 |"


def test_growth_is_straight_in_the_small(tmp_path: Path) -> None:
    few, many = growth.measure(tmp_path, (200, 800))
    assert many.cpu / few.cpu < 4
    assert growth.is_straight(few, many)
    assert not growth.is_straight(few, replace(many, cpu=12 * few.cpu))
    assert page.growth(replace(few, cpu=1, memory=90), replace(few, cpu=9, memory=900))[-2:] == [
        "| processor time, s | 1.0 | 9.0 | 9.0 | 11 |",
        "| memory, MB | 90 | 900 | 10.0 | 11 |",
    ]


def test_an_apply_makes_the_calls_of_the_bare_loop(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(state_engines, "LATENCY", 0.0)
    found = apply.measure(count=8, times=1)
    assert found.keys() == {8, 32}
    assert apply.is_quick({8: (1.1, 1.0), 32: (1.7, 1.0)}, (1.0, 1.2))
    assert not apply.is_quick({8: (1.2, 1.0), 32: (1.7, 1.0)}, (1.0, 1.2))
    assert not apply.is_quick({8: (1.1, 1.0), 32: (1.7, 1.0)}, (1.0, 1.3))
    assert page.apply(found, (0.001, 0.0012))[-1].endswith("1.20 times as much (goal 1.2).")


def test_a_keystroke_is_checked_at_once(tmp_path: Path) -> None:
    seconds = keystroke.measure(commands.manifest(tmp_path, 60), times=5)
    assert seconds < 4 * keystroke.MOST
    assert page.editor(0.02)[0].endswith("20 ms of processor time (goal 50).")


def test_the_picture_has_a_line_for_each_command_that_was_measured() -> None:
    sizes = (60, 1000)
    names = ("validate", "plan --offline", "plan", "octoDNS")
    costs = {f"{name} {size}": commands.Cost(size / 500, 1, 1) for name in names for size in sizes}
    drawn = ElementTree.fromstring(plot.svg(costs))
    lines = [item for item in drawn if item.tag.endswith("polyline")]
    words = {item.text for item in drawn if item.tag.endswith("text")}
    assert len(lines) == len(names)
    assert {*names, "60", "1,000", "1 s"} <= words
    first, last = lines[0].attrib["points"].split()
    assert float(first.split(",")[0]) < float(last.split(",")[0])
    assert float(first.split(",")[1]) > float(last.split(",")[1])


def test_the_page_takes_the_tables_between_its_marks(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(page, "PAGE", tmp_path / "page.md")
    page.PAGE.write_text("a\n<!-- x:begin -->\nold\n<!-- x:end -->\nb\n", "utf-8")
    for _ in range(2):
        page.write({"x": ["| new |"]})
        assert page.PAGE.read_text("utf-8") == "a\n<!-- x:begin -->\n| new |\n<!-- x:end -->\nb\n"


def test_an_engine_that_costs_too_much_is_told() -> None:
    found = {"files": 2.0, **{item.name: 2.0 * item.limit for item in state_engines.TRIED}}
    assert state_engines.are_cheap(found)
    assert page.engines(found)[2:4] == [
        "| local files | 2.0 | 1 | |",
        "| PostgreSQL, loopback | 2.3 | 1.15 | 1.15 |",
    ]
    assert not state_engines.are_cheap(found | {"PostgreSQL, loopback": 2.4})


def test_the_sandbox_is_measured_by_calls_that_it_accepts() -> None:
    rates = sandbox.throughput(rounds=1, count=20, waiting=20)
    pages, lived = sandbox.lists((200, 400)), sandbox.year(loops=2, days=3)
    assert lived[1] == 6
    goals = sandbox.goals(rates, pages, (0.01, 0.2), lived)
    assert len(goals) == 7
    assert page.sandbox(rates, pages, lived, goals)[2].startswith("| immediate / a constant answer")
    met = {goal.what: goal.met for goal in sandbox.goals(rates, pages, (0.01, 0.3), (6.0, 1))}
    assert not met["ready / python -c pass"]
    assert not met["seconds for a year of 100 daily loops"]
