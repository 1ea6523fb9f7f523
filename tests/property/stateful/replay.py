"""Play a story again: python -m tests.property.stateful.replay FILE [--mutation NAME].

With a mutation the product is made wrong in one way, as the fault matrix does it.
"""

from __future__ import annotations

import argparse
import contextlib
import runpy

from tests.faults.matrix import clean_environment
from tests.faults.mutations import MUTATIONS


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.property.stateful.replay")
    parser.add_argument("file")
    parser.add_argument("--mutation", choices=sorted(MUTATIONS))
    chosen = parser.parse_args()
    clean_environment()
    made = MUTATIONS[chosen.mutation].made() if chosen.mutation else contextlib.nullcontext()
    with made:
        runpy.run_path(chosen.file, run_name="__main__")
    print("The story ends well.")


if __name__ == "__main__":
    main()
