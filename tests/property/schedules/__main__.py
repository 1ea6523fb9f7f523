"""`python -m tests.property.schedules --seed N`: one batch again, or one schedule of it."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence

from tests.property.schedules.weekly_applies import Years, prove


def main(arguments: Sequence[str] | None = None) -> int:
    """Play a batch; 1 if something was delivered otherwise than it says."""
    parser = argparse.ArgumentParser(prog="python -m tests.property.schedules", description=__doc__)
    parser.add_argument("--seed", type=int, required=True, help="as a failed proof printed it")
    parser.add_argument("--size", type=int, default=200, help="how many schedules (default 200)")
    parser.add_argument("--only", type=int, metavar="NUMBER", help="only this one of them")
    options = parser.parse_args(arguments)
    years = Years(options.seed, options.size, only=options.only)
    found = prove(years)
    for entry in years.entries if options.only is not None else ():
        print(entry)
    print(found or "All were delivered as they say.")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
