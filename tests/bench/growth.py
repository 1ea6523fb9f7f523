"""Whether a manifest ten times as large takes ten times as much, in files of a hundred pushes."""

from __future__ import annotations

from pathlib import Path

from tests.bench import commands
from tests.bench.commands import Cost

SIZES = (10_000, 100_000)
PER_FILE = 100
MOST = 11.0


def measure(folder: Path, sizes: tuple[int, int] = SIZES) -> tuple[Cost, Cost]:
    """Return the cost of an offline plan of new pushes at both sizes."""
    few, many = (
        commands.pushctl(
            commands.manifest(folder / str(size), size, per_file=PER_FILE), "plan", "--offline"
        )
        for size in sizes
    )
    few.run()
    return few.run(), many.run()


def is_straight(few: Cost, many: Cost) -> bool:
    """Tell whether neither time nor memory grows faster than the manifest."""
    return many.cpu / few.cpu <= MOST and many.memory / few.memory <= MOST
