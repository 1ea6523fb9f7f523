"""What is said of one change besides its message and its differences, in every output."""

from __future__ import annotations

from collections.abc import Iterator

from msgspec import Struct

from pushctl.plan.change import Blocked, Cancel, Renew, Replace, creates_of
from pushctl.plan.plan import Plan
from pushctl.render.schedule_text import english
from pushctl.render.view import labels
from pushctl.render.view.change_view import ChangeView
from pushctl.schedule.recurrence import Recurrence
from pushctl.text import local_times
from pushctl.text.messages import _, count, local


class Fact(Struct, frozen=True):
    """One fact under its name; `lead` goes before `value` where it is a sentence of its own."""

    name: str
    lead: str
    value: str

    @property
    def sentence(self) -> str:
        """The fact where its name is not shown."""
        return self.lead + self.value


WHEN = ("When", "Next", "Then", "After")
MOVES = ("Not today", "No longer", "New", "Moved")


def change_facts(view: ChangeView, plan: Plan, *, shown: int) -> dict[str, Fact]:
    """Return the facts of a change by their names; dates are listed up to the number `shown`.

    `Why`, `Comes from` and `Fix` hold text of other people, and are not escaped.
    """
    found = (*_reasons(view, plan), *_times(view, plan, shown), *_moves(view, shown))
    return {fact.name: fact for fact in (*found, *_sizes(view)) if fact.sentence}


def _reasons(view: ChangeView, plan: Plan) -> Iterator[Fact]:
    yield Fact("Why", "", "" if view.change.reason == "new" else labels.why(view))
    if view.id in plan.origins:
        yield Fact("Comes from", "", labels.change_origin(plan.origins[view.id]))
    if isinstance(view.change, Blocked):
        yield Fact("Fix", _("fix: "), local(view.change.fix))


def _times(view: ChangeView, plan: Plan, shown: int) -> Iterator[Fact]:
    push = view.push
    if push is not None and isinstance(push.schedule, Recurrence):
        yield Fact("When", "", english(push.schedule, push.schedule.zone))
    if view.at_once:
        yield Fact("Next", "", _("sent the moment this is applied"))
    if view.upcoming:
        at = view.upcoming[0]
        ahead = local_times.ahead(at, plan.created_at)
        yield Fact("Next", "", _("{when}, {ahead}", local_times.moment(at, view.zone), ahead))
        if then := labels.following(view, min(shown - 1, 4)):
            yield Fact("Then", _("then "), then)
        if view.goes_on:
            yield Fact("After", _("goes on after that: "), _("apply renews it in time"))
    last = max((task.last for task in creates_of(view.change) if task.last), default=None)
    if isinstance(view.change, Renew) and last is not None:
        yield Fact("Covered", _("covered until "), local_times.moment(last, view.zone))


def _moves(view: ChangeView, shown: int) -> Iterator[Fact]:
    """Yield which deliveries disappear, appear and move; what moves most is said once."""
    delta, zone = view.delta, view.zone
    if isinstance(view.change, Cancel):
        lost = count(len(delta.gone), "delivery", "deliveries") if delta.gone else _("no delivery")
        to = _(" to {audience}: ", labels.audience(view)) if delta.gone else ""
        yield Fact("Lost", _("loses {lost}{to}", lost, to), labels.some(delta.gone, zone, shown))
        return
    if view.held:
        held = labels.some(view.held, zone, shown)
        yield Fact(
            "Not today", _("not today: "), _("{held}, since today's was delivered already", held)
        )
    if delta.gone:
        yield Fact("No longer", _("no longer: "), labels.some(delta.gone, zone, shown))
    if delta.new and isinstance(view.change, Replace):
        yield Fact("New", _("new: "), labels.some(delta.new, zone, shown))
    if delta.moved:
        yield Fact("Moved", _("moved: "), labels.moved(delta.moved, zone, (shown + 1) // 2))


def _sizes(view: ChangeView) -> Iterator[Fact]:
    if who := labels.audience(view):
        yield Fact("Who", _("to "), who)
    yield Fact("Tasks", "", labels.tasks(view))
