"""A picture of what commands cost at several sizes: both axes are logarithmic."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from itertools import chain

from tests.bench.commands import Cost

LINES = {
    "validate": "#1b9e77",
    "plan --offline": "#7570b3",
    "plan": "#d95f02",
    "octoDNS": "#888888",
    "Terraform": "#bbbbbb",
}
WIDTH, HEIGHT, LEFT, TOP, RIGHT, BOTTOM = 720, 400, 70, 20, 150, 50
STYLE = "text{font:13px sans-serif;fill:#555}.grid{stroke:#8884;stroke-width:1}"


def points(costs: Mapping[str, Cost], name: str) -> list[tuple[int, float]]:
    """Return sizes and seconds of processor time of one command."""
    found = ((re.fullmatch(rf"{name} (\d+)", what), cost) for what, cost in costs.items())
    return sorted((int(match[1]), cost.cpu) for match, cost in found if match)


def svg(costs: Mapping[str, Cost]) -> str:
    """Draw the processor time of each command over the number of pushes."""
    known = {name: points(costs, name) for name in LINES}
    every = [*chain.from_iterable(known.values())]
    x = _scale([size for size, _ in every], LEFT, WIDTH - RIGHT)
    y = _scale([seconds for _, seconds in every], HEIGHT - BOTTOM, TOP)
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" role="img" '
        'aria-label="Processor time of commands by the number of pushes">',
        f"<style>{STYLE}</style>",
    ]
    for seconds in (0.1, 0.3, 1, 3, 10):
        if TOP <= y(seconds) <= HEIGHT - BOTTOM:
            at = f"{y(seconds):.1f}"
            parts.append(f'<path class="grid" d="M{LEFT} {at}H{WIDTH - RIGHT}"/>')
            below = f"{y(seconds) + 4:.1f}"
            parts.append(f'<text x="{LEFT - 8}" y="{below}" text-anchor="end">{seconds:g} s</text>')
    for size in sorted({size for size, _ in every}):
        at = f'x="{x(size):.1f}" y="{HEIGHT - BOTTOM + 22}"'
        parts.append(f'<text {at} text-anchor="middle">{size:,}</text>')
    for name, line in known.items():
        parts += _line(name, [(x(size), y(seconds)) for size, seconds in line])
    middle = (LEFT + WIDTH - RIGHT) // 2
    parts.append(f'<text x="{middle}" y="{HEIGHT - 6}" text-anchor="middle">pushes</text>')
    return "\n".join([*parts, "</svg>", ""])


def _scale(values: list[float] | list[int], begin: int, end: int) -> _Scale:
    return _Scale(math.log(min(values)), math.log(max(values)), begin, end)


class _Scale:
    def __init__(self, low: float, high: float, begin: int, end: int) -> None:
        self._low, self._step = low, (end - begin) / ((high - low) or 1)
        self._begin = begin

    def __call__(self, value: float) -> float:
        return self._begin + (math.log(value) - self._low) * self._step


def _line(name: str, line: list[tuple[float, float]]) -> list[str]:
    if not line:
        return []
    color = LINES[name]
    way = " ".join(f"{x:.1f},{y:.1f}" for x, y in line)
    x, y = line[-1]
    beside = f'x="{x + 8:.1f}" y="{y + 4:.1f}"'
    if x < WIDTH - RIGHT - 1:  # others go on
        beside = f'x="{x - 8:.1f}" y="{y - 4:.1f}" text-anchor="end"'
    return [
        f'<polyline points="{way}" fill="none" stroke="{color}" stroke-width="2.5"/>',
        f'<text {beside} style="fill:{color}">{name}</text>',
    ]
