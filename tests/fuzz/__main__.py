"""Play many inputs: `python -m tests.fuzz` (or `make fuzz`)."""

from __future__ import annotations

import argparse
import os
import sys
import time
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from pathlib import Path

from tests.fuzz.kinds import KINDS
from tests.fuzz.run import Tally, made, play, run, with_little_memory

PORTION = 500
"""Inputs that a process plays before it tells how it went."""


def main(arguments: list[str] | None = None) -> int:
    """Print inputs per second of each kind, and what is wrong; fail if anything is."""
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--inputs", type=int, default=1_000_000)
    parser.add_argument("--kind", choices=KINDS, help="only this kind")
    parser.add_argument("--play", nargs=2, metavar=("KIND", "FILE"), help="play one input again")
    options = parser.parse_args(arguments)
    if options.play:
        kind, file = options.play
        what = play(KINDS[kind], Path(file).read_bytes())
        print(what or "nothing is wrong")
        return int(what is not None)
    tally = everything(options.seed, options.inputs, options.kind)
    for kind in sorted(tally.played):
        number, seconds = tally.played[kind], tally.seconds[kind]
        rate = number / max(seconds, 1e-9)
        print(
            f"{kind:24} {number:9,} inputs {rate:9,.0f} a second, "
            f"{tally.slowest[kind]:.2f} s at most"
        )
    for trouble in tally.troubles.values():
        print(trouble)
    print(f"{tally.played.total():,} inputs, {len(tally.troubles)} kinds of trouble")
    return int(bool(tally.troubles))


def everything(seed: int, inputs: int, kind: str | None) -> Tally:
    """Play all inputs, on all cores."""
    kinds = KINDS if kind is None else {kind: KINDS[kind]}
    for number in range(20):  # what is loaded once is loaded before memory is counted
        name, text = made(seed, number, kinds)
        play(kinds[name], text)
    tally, begin = Tally(), time.monotonic()
    portions = [range(at, min(at + PORTION, inputs)) for at in range(0, inputs, PORTION)]
    with ProcessPoolExecutor(os.cpu_count(), initializer=with_little_memory) as pool:
        for found in pool.map(partial(_portion, seed, kind), portions):
            tally.add(found)
            if sys.stderr.isatty():
                taken = time.monotonic() - begin
                print(f"\r{tally.played.total():,} in {taken:.0f} s", end="", file=sys.stderr)
    return tally


def _portion(seed: int, kind: str | None, numbers: range) -> Tally:
    return run(seed, numbers, KINDS if kind is None else {kind: KINDS[kind]})


if __name__ == "__main__":
    sys.exit(main())
