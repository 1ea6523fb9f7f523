"""What was measured, as tables of Markdown, and the page that has them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from tests.bench import apply as applying
from tests.bench import commands, keystroke, plot, state_engines
from tests.bench import growth as growing
from tests.bench import sandbox as sandboxes
from tests.bench.commands import Cost, Goal
from tests.bench.schedules import Costs

DOCS = Path(__file__).parents[2] / "docs"
PAGE = DOCS / "performance.md"
PICTURE = DOCS / "images" / "performance.svg"


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


def memory(found: Mapping[str, Cost]) -> list[str]:
    """Return a row for each plan, with the megabytes that it should take at most."""
    rows = (
        f"| {name} | {found[name].memory:,.0f} | {most} |"
        for name, most in commands.MOST_MEMORY.items()
        if name in found
    )
    return ["| largest memory, MB | now | goal |", "| --- | --: | --: |", *rows]


def growth(few: Cost, many: Cost) -> list[str]:
    """Return what an offline plan of new pushes costs at two sizes."""
    rows = (
        f"| {what} | {one:,.{digits}f} | {ten:,.{digits}f} | {ten / one:.1f} | {growing.MOST:g} |"
        for what, digits, one, ten in (
            ("processor time, s", 1, few.cpu, many.cpu),
            ("memory, MB", 0, few.memory, many.memory),
        )
    )
    sizes = " | ".join(f"{size:,}" for size in growing.SIZES)
    return [
        f"| `plan --offline`, {growing.PER_FILE} new pushes a file | {sizes} | times | goal |",
        "| --- | --: | --: | --: | --: |",
        *rows,
    ]


def apply(found: Mapping[int, tuple[float, float]], each: tuple[float, float]) -> list[str]:
    """Return an apply beside a bare loop, and what a call costs in a small and a large one."""
    rows = (
        f"| {item.at_once} | {applied:.1f} | {looped:.1f} | {applied / looped:.2f} "
        f"| {item.most:g} |"
        for item in applying.BESIDE
        for applied, looped in (found[item.at_once],)
    )
    few, many = (seconds * 1000 for seconds in each)
    return [
        f"| {applying.PUSHES:,} calls, answers after 50 ms: at once | apply, s | bare loop, s "
        "| times | goal |",
        "| --: | --: | --: | --: | --: |",
        *rows,
        "",
        f"A call takes {few:.1f} ms of processor time where {applying.PUSHES:,} are made, and "
        f"{many:.1f} ms where {applying.MORE:,} are: {many / few:.2f} times as much "
        f"(goal {applying.MOST_PER_CALL:g}).",
    ]


def editor(seconds: float) -> list[str]:
    """Return what the language server does for a keystroke."""
    return [
        f"Between two keystrokes in a manifest of 60 pushes the language server takes "
        f"{seconds * 1000:.0f} ms of processor time (goal {keystroke.MOST * 1000:.0f})."
    ]


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


def sandbox(
    rates: Mapping[str, float],
    pages: tuple[tuple[float, float], tuple[float, float]],
    year: tuple[float, int],
    goals: Sequence[sandboxes.Goal],
) -> list[str]:
    """Return the goals of the sandbox, and the numbers that they come from."""
    rows = (
        f"| {goal.what} | {goal.now:.2f} | "
        f"{f'at least {goal.least:g}' if goal.least else f'at most {goal.most:g}'} |"
        for goal in goals
    )
    rate = "; ".join(f"{name} {found:,.0f}" for name, found in rates.items())
    (small_first, small), (large_first, large) = pages
    few, many = sandboxes.STORED
    return [
        "| the sandbox | now | goal |",
        "| --- | --: | --: |",
        *rows,
        "",
        f"Calls a second over one connection, signed: {rate}. Much waits where "
        f"{sandboxes.WAITING:,} tasks do.",
        "",
        f"A page of a list takes {small * 1000:.1f} ms at {few:,} tasks and "
        f"{large * 1000:.1f} ms at {many:,}; the first one after a change counts them all, "
        f"{small_first * 1000:.0f} and "
        f"{large_first * 1000:,.0f} ms. The year delivers {year[1]:,} messages.",
    ]


def draw(found: Mapping[str, Cost]) -> None:
    """Write the picture of what commands cost."""
    PICTURE.write_text(plot.svg(found), "utf-8")


def write(found: Mapping[str, list[str]]) -> None:
    """Put the tables between their marks."""
    text = PAGE.read_text("utf-8")
    for part, lines in found.items():
        begin, end = f"<!-- {part}:begin -->\n", f"<!-- {part}:end -->"
        before, _, rest = text.partition(begin)
        text = before + begin + "\n".join(lines) + "\n" + end + rest.partition(end)[2]
    PAGE.write_text(text, "utf-8")
