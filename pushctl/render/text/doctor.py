"""The checks of `doctor` in a terminal, and as JSON."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from pushctl.plan.doctor import Check, CheckResult, worst_result
from pushctl.text.escape import terminal
from pushctl.text.style import PLAIN, Style
from pushctl.text.width import ljust, width

MARKS = {
    CheckResult.GOOD: ("✓", "green"),
    CheckResult.NOTE: ("!", "yellow"),
    CheckResult.BAD: ("✗", "red"),
    CheckResult.UNKNOWN: ("?", "yellow"),
}
CLOSING = {
    CheckResult.GOOD: "Nothing is wrong.",
    CheckResult.NOTE: "Nothing is wrong.",
    CheckResult.UNKNOWN: "Nothing is wrong that could be looked at.",
    CheckResult.BAD: "Something is wrong; start with the first ✗.",
}


def checks(items: Sequence[Check], style: Style = PLAIN) -> str:
    """Render checks in their order, and a closing line."""
    column = max(width(item.name) for item in items)
    lines: list[str] = []
    for item in items:
        mark = style.paint(*MARKS[item.verdict])
        lines.append(f"  {mark} {ljust(item.name, column)}  {terminal(item.text)}")
        if item.fix is not None and item.verdict is not CheckResult.GOOD:
            lines.append(f"    {ljust('', column)}  fix: {terminal(item.fix)}")
    return "\n".join([*lines, CLOSING[worst_result(items)]]) + "\n"


def document(items: Sequence[Check]) -> list[dict[str, Any]]:
    """Return the checks as JSON."""
    return [
        {"check": item.name, "verdict": str(item.verdict), "text": item.text, "fix": item.fix}
        for item in items
    ]
