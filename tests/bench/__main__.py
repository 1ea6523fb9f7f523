"""Measure what schedules cost: `python -m tests.bench` (or `make bench`)."""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

from tests.bench.schedules import measure

ENTRIES = 10_000


def main() -> int:
    """Print the numbers; fail if compiling or checking takes longer than parsing."""
    with tempfile.TemporaryDirectory() as folder:
        found = measure(Path(folder), entries=ENTRIES)
    print(f"{ENTRIES} entries with mixed schedules, best of 3, in seconds")
    print(f"parse    {found.parse:6.2f}   YAML, schema, defaults, types")
    print(f"compile  {found.compile:6.2f}   zones, moments, {found.tasks} tasks")
    print(f"ratio    {found.ratio:6.2f}")
    print(f"lint     {found.lint:6.2f}   every check of the catalogue")
    print(f"ratio    {found.lint_ratio:6.2f}")
    return 0 if max(found.ratio, found.lint_ratio) <= 1 else 1


if __name__ == "__main__":
    sys.exit(main())
