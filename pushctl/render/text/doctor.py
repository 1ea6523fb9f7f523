"""The checks of `doctor` in a terminal, and as JSON."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from pushctl.plan.doctor import Check, CheckResult, worst_result
from pushctl.render.words import WORDS
from pushctl.text.escape import terminal
from pushctl.text.style import PLAIN, Style
from pushctl.text.width import ljust, width, wrap


def checks(items: Sequence[Check], style: Style = PLAIN) -> str:
    """Render checks in their order, and a closing line."""
    column = max(width(item.name) for item in items)
    lines: list[str] = []
    for item in items:
        mark = style.paint(*WORDS["checks"][item.verdict])
        said = f"  {mark} {ljust(item.name, column)}  {terminal(item.text)}"
        lines += [said] if style.cells is None else wrap(said, style.cells, hang=column + 4)
        if item.fix is not None and item.verdict is not CheckResult.GOOD:
            lines.append(f"    {ljust('', column)}  fix: {terminal(item.fix)}")
    return "\n".join([*lines, WORDS["checks_closing"][worst_result(items)]]) + "\n"


def document(items: Sequence[Check]) -> list[dict[str, Any]]:
    """Return the checks as JSON."""
    return [
        {"check": item.name, "verdict": str(item.verdict), "text": item.text, "fix": item.fix}
        for item in items
    ]
