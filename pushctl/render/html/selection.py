"""Which changes of a plan a page lists and draws, and when they deliver."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from msgspec.structs import replace

from pushctl.plan.change import Adopt, Blocked, NoOp, Rename
from pushctl.plan.plan import Plan
from pushctl.push.identity import hashed_label
from pushctl.render.html.markup import Html, tag, user_text
from pushctl.render.view.change_view import ChangeView
from pushctl.render.view.plan_view import PlanView
from pushctl.schedule.recurrence import FAR, Declared, Recurrence, declared_within
from pushctl.schedule.service_schedule import remaining

DRAWN = 60
"""How many messages are drawn on phones; the changed ones come first."""

LISTED = 2000
UNCHANGED = 1000
"""How many changed and how many unchanged entries are listed one by one."""

AHEAD = 186 * 86400
"""Seconds that are looked ahead for what is not changed."""


def selected(whole: PlanView) -> tuple[ChangeView, ...]:
    """Return every change of a plan, numbered in its order, the unchanged ones too."""
    former = {item.id: item.before for item in whole.plan.changes if isinstance(item, Rename)}
    found = [
        replace(_scheduled(view, whole.plan, former), number=number)
        for number, view in enumerate(whole.with_unchanged(), 1)
    ]
    ordered = sorted(found, key=changed_first)
    changed = [view.number for view in ordered if view.effective]
    pushes = [view for view in ordered if view.push is not None]
    unchanged = [view.number for view in pushes if not view.effective]
    listed = {*changed[:LISTED], *unchanged[:UNCHANGED]}
    drawn = {view.number for view in pushes[:DRAWN]}
    return tuple(
        replace(view, listed=view.number in listed, drawn=view.number in drawn) for view in found
    )


def changed_first(view: ChangeView) -> tuple[bool, int]:
    """Order messages as they are drawn: those that change first, then as in the plan."""
    return not view.effective, view.number


def _scheduled(view: ChangeView, plan: Plan, former: Mapping[str, str]) -> ChangeView:
    match view.change:
        case Adopt(task=task):
            coming = remaining(task.schedule, plan.created_at, plan.service_zone)
            return replace(view, coming=coming)
        case Blocked(push=push) if push is not None:
            return replace(view, proposed=declared(push.schedule, plan.created_at))
        case NoOp(push=push) if push and plan.recorded.get(former.get(push.id, push.id)):
            return replace(view, coming=declared(push.schedule, plan.created_at))
        case _:
            return replace(view, coming=view.upcoming)


def declared(schedule: Declared, now: int) -> tuple[int, ...]:
    """Return when a schedule delivers after `now`, half a year ahead (epoch seconds)."""
    end = now + AHEAD if isinstance(schedule, Recurrence) else FAR
    return declared_within(schedule, now + 1, end)


def linked(view: ChangeView) -> Html:
    """Write the id of an entry, as a link to where it is listed."""
    return (
        tag("a", user_text(view.id), href=f"#c{view.number}") if view.listed else user_text(view.id)
    )


def naming(plan: Plan) -> Callable[[str], str]:
    """Return the function that names a target: as it is, or as its digest where that is wanted."""
    return hashed_label(plan.lineage) if plan.hashed else str
