"""The progress and the result of an apply in a terminal."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from msgspec import Struct, field

from pushctl.apply.result import ApplyResult, Failure, Progress
from pushctl.diagnostics import Diagnostic
from pushctl.plan.change import Action, Blocked
from pushctl.render.words import WORDS
from pushctl.text.escape import terminal
from pushctl.text.plural import count
from pushctl.text.style import PLAIN, Style
from pushctl.text.width import clipped, ljust

DONE: Mapping[Action, str] = WORDS["done"]
ALWAYS = (Action.CREATE, Action.REPLACE, Action.CANCEL)

BAR = 16

MOST_REASONS = 10
"""Lines of a refusal, whatever is refused; each kind has its share of them."""


def line(item: Progress) -> str | None:
    """Render one event as a line of a log; None for events that only live displays need."""
    id, task = terminal(item.id or ""), terminal(item.task or "")
    reason = terminal(str(item.data.get("reason", "")))
    match item.type:
        case "task.create.created":
            return f"{id}: created {task}".rstrip()
        case "task.cancel.cancelled":
            return f"{id}: cancelled {task}"
        case "task.create.unknown" | "task.cancel.unknown":
            return f"{id}: outcome unknown ({reason}); looking for it"
        case "task.settled":
            return f"{id}: settled, {terminal(str(item.data.get('outcome', '')))} {task}".rstrip()
        case "entry.failed":
            return f"{id}: {reason}"
        case "wait":
            return f"waiting {item.data.get('seconds')} s for the service's list to follow"
        case _:
            return None


class Board(Struct):
    """The live display of a terminal: how far each entry that is under way has got."""

    totals: Mapping[str, int]
    steps: dict[str, int] = field(default_factory=dict)
    finished: set[str] = field(default_factory=set)
    note: str = ""

    def update(self, item: Progress) -> None:
        """Take one event in."""
        if item.type == "wait":
            self.note = line(item) or ""
            return
        self.note = ""
        if item.id is None:
            return
        if item.type in ("task.create.created", "task.cancel.cancelled"):
            self.steps[item.id] = self.steps.get(item.id, 0) + 1
        if item.type in ("entry.done", "entry.failed"):
            self.finished.add(item.id)

    def lines(self, style: Style, *, most: int = 8) -> list[str]:
        """Render the entries that are under way, at most so many lines."""
        under_way = [id for id in self.steps if id not in self.finished]
        cells = style.cells or 80
        shown = [clipped(self._bar(id), cells) for id in under_way[:most]]
        rest = len(under_way) - most
        if rest > 0:
            shown.append(f"… {rest} more under way")
        done = sum(self.steps.values())
        shown.append(
            clipped(self.note or f"{done} of {sum(self.totals.values())} calls made", cells)
        )
        return shown

    def _bar(self, id: str) -> str:
        total = max(1, self.totals.get(id, 1))
        done = min(self.steps.get(id, 0), total)
        filled = BAR * done // total
        bar = "#" * filled + "·" * (BAR - filled)
        return f"  {ljust(terminal(id), 24)}  [{bar}]  {done}/{total}"


def summary(item: ApplyResult, style: Style = PLAIN) -> str:
    """Render what an apply amounts to; its first line is the one that people search for."""
    lines = [headline(item, style)]
    lines += _listed("Not done", item.failures, style)
    lines += _listed("In doubt", item.in_doubt, style)
    if item.denied:
        lines.append("Stopped: the service does not accept these credentials.")
    if item.interrupted:
        lines.append("Interrupted: run it again to do the rest; nothing is done twice.")
    return "\n".join(lines) + "\n"


def headline(item: ApplyResult, style: Style = PLAIN) -> str:
    """Return the line with the counts of what was done."""
    parts = [
        f"{item.done.get(action, 0)} {word}"
        for action, word in DONE.items()
        if item.done.get(action, 0) or action in ALWAYS
    ]
    whole = not (item.failures or item.in_doubt or item.interrupted or item.denied)
    opening = "Apply complete!" if whole else "Apply incomplete."
    color = "green" if whole else "red"
    text = f"{opening} {', '.join(parts)}."
    tasks = f" ({count(item.tasks_created, 'task')} created, {item.tasks_cancelled} cancelled)"
    return style.paint(text, color, "bold") + tasks


def _listed(title: str, failures: tuple[Failure, ...], style: Style) -> Iterator[str]:
    if failures:
        yield style.paint(f"{title}:", "bold")
    for item in failures:
        yield f"  {terminal(item.id)}: {terminal(item.reason)}"
        if item.fix:
            yield f"    fix: {terminal(item.fix)}"


def refusal(blocked: Iterable[Blocked], errors: Iterable[Diagnostic]) -> Iterator[str]:
    """Say what forbids a plan: a line each with its place and entry, but few of those alike."""
    kinds: dict[str, list[str]] = {}
    for item in blocked:
        place = f"{item.push.source.file}:{item.push.source.line}: " if item.push else ""
        kinds.setdefault(item.cause, []).append(f"{place}{item.id}: {item.reason}")
    for error in errors:
        place = f"{error.range.filename}:{error.range.start.line}: " if error.range else ""
        whose = f"{error.push}: " if error.push else ""
        told = f"{place}{whose}{error.code} {error.summary}. {error.detail}"
        kinds.setdefault(error.code, []).append(told)
    each = max(1, MOST_REASONS // max(1, len(kinds)))
    for lines in kinds.values():
        yield from lines[:each]
        if len(lines) > each:
            yield f"and {len(lines) - each:,} more like that"
