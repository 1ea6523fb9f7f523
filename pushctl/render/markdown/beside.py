"""What stands beside the changes of a plan in Markdown: lists that are short, or only counted."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from pushctl.plan.plan import Plan
from pushctl.plan.reconcile.refresh import DriftKind
from pushctl.render.markdown.syntax import code, own, text
from pushctl.render.view.plan_view import Outline
from pushctl.text import timestamps
from pushctl.text.plural import count

LISTED = 8
"""Lines of a list that a reviewer has to see; the rest is counted."""


@dataclass(frozen=True, slots=True)
class Listing:
    """Lines under a title; `counted` says how many there are where nothing else has room."""

    title: str
    lines: tuple[str, ...]
    counted: str

    def block(self) -> str:
        """Write the list, or its beginning."""
        more = len(self.lines) - LISTED
        rest = [f"- and {more} more"] if more > 0 else []
        return "\n".join((f"**{self.title}**", "", *self.lines[:LISTED], *rest))


def listings(whole: Outline) -> tuple[Listing, ...]:
    """Return the lists that have anything in them."""
    plan = whole.plan
    telling, waiting = tuple(_telling(whole)), tuple(_waiting(plan))
    differing, strangers = tuple(_differing(plan)), tuple(_strangers(plan))
    pushes = count(len(telling), "unchanged push", "unchanged pushes")
    tasks = count(len(differing), "task")
    found = (
        Listing("Unchanged, with something to say", telling, f"{pushes} with something to say"),
        Listing("Waiting for room", waiting, f"{len(waiting)} waiting for room"),
        Listing("Not as the state says", differing, f"{tasks} not as the state says"),
        Listing(
            "On the service, and not in the manifest",
            strangers,
            f"{count(len(strangers), 'task')} on the service and not in the manifest",
        ),
    )
    return tuple(item for item in found if item.lines)


def _telling(whole: Outline) -> Iterator[str]:
    for item in whole.telling:
        yield f"- {code(item.id, limit=120)} {text(item.reason)}"


def _waiting(plan: Plan) -> Iterator[str]:
    for item in plan.waiting:
        when = own(timestamps.moment(item.first, plan.timezone))
        yield f"- {code(item.id, limit=120)} {count(item.tasks, 'task')}, the first due {when}"


def _differing(plan: Plan) -> Iterator[str]:
    """Say what is in doubt first: nobody knows what became of it."""
    for doubt in plan.doubts:
        yield f"- {code(doubt.id, limit=120)} in doubt: {text(doubt.reason)}"
    for item in plan.drift:
        what = "is not on the service any more"
        if item.kind is not DriftKind.GONE:
            what = f"lost {item.missing} of {item.expected} deliveries on the service"
        yield f"- {code(item.id, limit=120)} task {code(item.task_id)} {what}"


def _strangers(plan: Plan) -> Iterator[str]:
    for task in plan.unmanaged:
        coming = task.unexecuted
        when = own(timestamps.moment(coming[0].at, plan.timezone)) if coming else ""
        yield f"- {code(task.task_id)} “{text(task.title, limit=60)}” {when}"
