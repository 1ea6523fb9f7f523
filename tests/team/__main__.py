"""`python -m tests.team`: ten people, a hundred edits each, on every engine that is installed."""

from __future__ import annotations

import argparse
import sys
import time

import pytest

from tests.faults.matrix import clean_environment
from tests.team import editors
from tests.team.engines import ENGINES
from tests.team.machines import Team


def main() -> int:
    """Play the rounds; 1 if anything was sent twice, lost, or did not come to rest."""
    parser = argparse.ArgumentParser(prog="python -m tests.team", description=__doc__)
    parser.add_argument("--engine", action="append", choices=list(ENGINES))
    parser.add_argument("--rounds", type=int, default=100)
    parser.add_argument("--people", type=int, default=editors.PEOPLE)
    parser.add_argument("--kills", type=float, default=0.1, help="share of applies that are killed")
    options = parser.parse_args()
    clean_environment()
    bad = 0
    for name in options.engine or ENGINES:
        began = time.monotonic()
        try:
            with ENGINES[name]() as engine, Team(engine, options.people, lease="10s") as team:
                wrong = 0
                for violation in editors.rounds(team, options.rounds, kills=options.kills):
                    print(f"{name}: {violation}", flush=True)
                    wrong += 1
                calls = team.control.writes()
        except pytest.skip.Exception as missing:
            print(f"{name}: {missing}")
            continue
        bad += wrong
        minutes = (time.monotonic() - began) / 60
        print(
            f"{name}: {options.rounds} times {options.people} edits at once, {calls} calls,"
            f" {wrong} wrong, {minutes:.1f} min",
            flush=True,
        )
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
