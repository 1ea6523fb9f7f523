"""Measure what pushctl costs: `python -m tests.bench [PART...]` (or `make bench`).

Parts: `commands` beside octoDNS and Terraform, their `growth`, `apply` beside a bare loop,
`engines` of the state beside local files, the `editor`, `schedules` beside parsing, and the
`sandbox` beside a constant answer. `--write` puts what was found into `docs/performance.md`.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

from tests.bench import apply, commands, growth, keystroke, page, sandbox, schedules, state_engines

ENTRIES = 10_000
SIZES = (5, 60, 1_000, 10_000)


@dataclass(frozen=True)
class Found:
    """What a part has measured, as lines for people, and whether it is within its goals."""

    lines: list[str]
    good: bool


def of_commands(options: argparse.Namespace) -> Found:
    """Measure commands beside others; draw them where the page is written."""
    with tempfile.TemporaryDirectory() as folder:
        costs = commands.by_turns(commands.commands(Path(folder), options.sizes), options.rounds)
    left_out = [
        f"{name} is not installed, so nothing is compared with it."
        for name in ("octoDNS", "Terraform")
        if not any(found.startswith(name) for found in costs)
    ]
    if options.write:
        page.draw(costs)
    goals = [*page.goals(commands.ratios(costs)), "", *page.memory(costs)]
    return Found([*page.costs(costs), "", *goals, *left_out], commands.are_met(costs))


def of_growth(options: argparse.Namespace) -> Found:
    """Measure a large manifest beside one ten times as large."""
    with tempfile.TemporaryDirectory() as folder:
        few, many = growth.measure(Path(folder))
    return Found(page.growth(few, many), growth.is_straight(few, many))


def of_apply(options: argparse.Namespace) -> Found:
    """Measure an apply beside a bare loop."""
    found, each = apply.measure(), apply.per_call()
    return Found(page.apply(found, each), apply.is_quick(found, each))


def of_engines(options: argparse.Namespace) -> Found:
    """Measure an apply with the state on each engine."""
    found = state_engines.measure()
    return Found(page.engines(found), state_engines.are_cheap(found))


def of_editor(options: argparse.Namespace) -> Found:
    """Measure what a keystroke costs."""
    with tempfile.TemporaryDirectory() as folder:
        seconds = keystroke.measure(commands.manifest(Path(folder), 60))
    return Found(page.editor(seconds), seconds <= keystroke.MOST)


def of_schedules(options: argparse.Namespace) -> Found:
    """Measure what schedules cost beside parsing."""
    with tempfile.TemporaryDirectory() as folder:
        found = schedules.measure(Path(folder), entries=ENTRIES)
    return Found(
        page.schedules(found, ENTRIES), max(found.ratio, found.lint_ratio) <= schedules.MOST
    )


def of_sandbox(options: argparse.Namespace) -> Found:
    """Measure the sandbox beside a constant answer, and how it grows."""
    rates, pages, year = sandbox.throughput(), sandbox.lists(), sandbox.year()
    goals = sandbox.goals(rates, pages, sandbox.ready(), year)
    return Found(page.sandbox(rates, pages, year, goals), all(goal.met for goal in goals))


PARTS = {
    "commands": of_commands,
    "growth": of_growth,
    "apply": of_apply,
    "engines": of_engines,
    "editor": of_editor,
    "schedules": of_schedules,
    "sandbox": of_sandbox,
}


def main() -> int:
    """Print the numbers; 1 if something costs more than it may."""
    parser = argparse.ArgumentParser(prog="tests.bench")
    parser.add_argument("parts", nargs="*", metavar="PART", help=", ".join(PARTS))
    parser.add_argument("--sizes", type=int, nargs="+", default=SIZES)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--write", action="store_true")
    options = parser.parse_args()
    found = {}
    for part in options.parts or PARTS:
        found[part] = PARTS[part](options)
        print("\n".join(found[part].lines), end="\n\n", flush=True)
    if options.write:
        page.write({part: item.lines for part, item in found.items()})
    return 0 if all(item.good for item in found.values()) else 1


if __name__ == "__main__":
    sys.exit(main())
