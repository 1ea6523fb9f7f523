"""Rules about tasks that nobody declared, and that look like a push."""

from __future__ import annotations

from pushctl.diagnostics import Severity
from pushctl.rule import Example, Rule, entry

ADVENT_SALE = (
    "schedule: {at: 2026-12-06T20:00}",
    "message: {title: Advent sale, body: Until midnight.}",
)
ADVENT = entry(*ADVENT_SALE, id="advent").text


def _advent(*made: tuple[str, str, str], before: str | None = None) -> Example:
    return Example(ADVENT, before=before, made=made, offline=False)


RULES = (
    Rule(
        code="PSH603",
        title="A task that belongs to no entry has the same title at the same time",
        severity=Severity.WARNING,
        why="""On the service is a task that nobody declared here, with the title of one of these
        pushes, within an hour of it. Somebody may have made it in the console for the same people.
        The service does not tell for whom a task is.""",
        fix="Ask who made it, and cancel it in the console if it is for the same people.",
        bad=_advent(("Advent sale", "Today only.", "2026-12-06T20:30:00+08:00")),
        good=_advent(("Advent sale", "Tomorrow only.", "2026-12-07T20:30:00+08:00")),
        adjustable=True,
    ),
    Rule(
        code="PSH607",
        title="A push may be delivered twice",
        severity=Severity.WARNING,
        why="""A push is scheduled, and so is a task that belongs to no entry, with the same text at
        the same moment. Somebody may have made it by hand, or a call whose answer was lost made
        two.""",
        fix="Cancel that task in the console unless it is for other people.",
        bad=_advent(("Advent sale", "Until midnight.", "2026-12-06T20:00:00+08:00"), before=ADVENT),
        good=_advent(before=ADVENT),
        adjustable=True,
    ),
)
