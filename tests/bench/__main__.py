"""Measure what pushctl costs: `python -m tests.bench [PART...]` (or `make bench`).

Parts: `commands` beside octoDNS and Terraform, `engines` of the state beside local files, and
`schedules` beside parsing. `--write` puts what was found into `docs/performance.md`.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from pathlib import Path

from tests.bench import commands, page, schedules, state_engines

ENTRIES = 10_000
SIZES = (5, 60, 1_000, 10_000)
PARTS = ("commands", "engines", "schedules")


def of_commands(sizes: tuple[int, ...], rounds: int) -> list[str]:
    """Return the table of costs, and that of ratios."""
    with tempfile.TemporaryDirectory() as folder:
        costs = commands.by_turns(commands.commands(Path(folder), sizes), rounds)
    left_out = [
        f"{name} is not installed, so nothing is compared with it."
        for name in ("octoDNS", "Terraform")
        if not any(found.startswith(name) for found in costs)
    ]
    return [*page.costs(costs), "", *page.goals(commands.ratios(costs)), *left_out]


def of_engines() -> tuple[list[str], bool]:
    """Return the table of engines, and whether each costs no more than it may."""
    found = state_engines.measure()
    return page.engines(found), state_engines.are_cheap(found)


def of_schedules() -> tuple[list[str], bool]:
    """Return what schedules cost, and whether that is no more than parsing."""
    with tempfile.TemporaryDirectory() as folder:
        found = schedules.measure(Path(folder), entries=ENTRIES)
    return page.schedules(found, ENTRIES), max(found.ratio, found.lint_ratio) <= 1


def main() -> int:
    """Print the numbers; 1 if something costs more than it may."""
    parser = argparse.ArgumentParser(prog="tests.bench")
    parser.add_argument("parts", nargs="*", metavar="PART", help=", ".join(PARTS))
    parser.add_argument("--sizes", type=int, nargs="+", default=SIZES)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--write", action="store_true")
    options = parser.parse_args()
    found: dict[str, list[str]] = {}
    good = True
    for part in options.parts or PARTS:
        if part == "commands":
            found[part] = of_commands(tuple(options.sizes), options.rounds)
        else:
            found[part], cheap = of_engines() if part == "engines" else of_schedules()
            good &= cheap
        print("\n".join(found[part]), end="\n\n", flush=True)
    if options.write:
        page.write(found)
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
