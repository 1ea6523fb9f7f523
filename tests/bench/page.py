"""What was measured, as tables of Markdown, and the page that has them."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from tests.bench import state_engines
from tests.bench.commands import Cost, Goal
from tests.bench.schedules import Costs

PAGE = Path(__file__).parents[2] / "docs" / "performance.md"


def costs(found: Mapping[str, Cost]) -> list[str]:
    """Return a row for each command: processor time, wall time and memory."""
    rows = (
        f"| {name} | {cost.cpu * 1000:,.0f} | {cost.wall * 1000:,.0f} | {cost.memory:,.0f} |"
        for name, cost in found.items()
    )
    return [
        "| command | processor, ms | wall, ms | memory, MB |",
        "| --- | --: | --: | --: |",
        *rows,
    ]


def goals(found: Mapping[Goal, float]) -> list[str]:
    """Return a row for each comparison, with what it should be at most."""
    rows = (
        f"| {goal.what} / {goal.over} | {ratio:.2f} | {goal.most:g} |"
        for goal, ratio in found.items()
    )
    return ["| processor time of one over another | now | goal |", "| --- | --: | --: |", *rows]


def engines(found: Mapping[str, float]) -> list[str]:
    """Return a row for each engine of the state: seconds, beside those of local files."""
    files = found["files"]
    rows = (
        f"| {item.name} | {taken:.1f} | {taken / files:.2f} | {item.limit:g} |"
        for item in state_engines.TRIED
        for taken in (found[item.name],)
    )
    what = f"{state_engines.PUSHES:,} pushes, {state_engines.AT_ONCE} at once, answers after 50 ms"
    return [
        f"| apply of {what} | seconds | times local files | at most |",
        "| --- | --: | --: | --: |",
        f"| local files | {files:.1f} | 1 | |",
        *rows,
    ]


def schedules(found: Costs, entries: int) -> list[str]:
    """Return what is done with schedules, beside parsing them."""
    what = f"{entries:,} entries with mixed schedules, {found.tasks:,} tasks"
    return [
        f"| {what} | seconds | of parsing |",
        "| --- | --: | --: |",
        f"| parse: YAML, schema, defaults, types | {found.parse:.2f} | 1 |",
        f"| compile: zones, moments, tasks | {found.compile:.2f} | {found.ratio:.2f} |",
        f"| every check | {found.lint:.2f} | {found.lint_ratio:.2f} |",
    ]


def write(found: Mapping[str, list[str]]) -> None:
    """Put the tables between their marks."""
    text = PAGE.read_text("utf-8")
    for part, lines in found.items():
        begin, end = f"<!-- {part}:begin -->\n", f"<!-- {part}:end -->"
        before, _, rest = text.partition(begin)
        text = before + begin + "\n".join(lines) + "\n" + end + rest.partition(end)[2]
    PAGE.write_text(text, "utf-8")
