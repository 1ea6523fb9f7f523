"""What is most urgent comes first."""

from __future__ import annotations

from msgspec.structs import replace

from pushctl.diagnostics import Diagnostic, Severity
from pushctl.render.view.plan_view import plan_view
from pushctl.schedule.service_schedule import Immediate
from tests.builders import DAY, desired, once
from tests.unit.render.view.plans import WEEK, planned, scheduled


def test_a_plan_that_only_schedules_takes_nothing_away() -> None:
    whole = plan_view(planned(desired(), desired("other", schedule=WEEK)))
    assert whole.irreversible == ()
    assert [view.id for view in whole.changes] == ["promo", "other"]


def test_the_most_pressing_comes_first() -> None:
    """What cannot be taken back, what is wrong, then the soonest; the manifest's order last."""
    gone = desired("z-gone", schedule=once(9 * DAY))
    late = desired("late", schedule=once(9 * DAY))
    soon, wrong = desired("soon", schedule=once(DAY)), desired("wrong", schedule=once(20 * DAY))
    at_once = desired("at-once", schedule=Immediate())
    plan = planned(late, soon, wrong, at_once, state=scheduled(gone))
    error = Diagnostic(Severity.ERROR, "PSH301", "Too long", "It is.", push="wrong")
    plan = replace(plan, diagnostics=(error,))
    order = [view.id for view in plan_view(plan).by_urgency]
    assert order == ["z-gone", "wrong", "at-once", "soon", "late"]
    assert plan_view(plan).refused


def test_findings_come_worst_first_and_keep_their_order() -> None:
    marks = (Severity.INFO, Severity.ERROR, Severity.WARNING, Severity.ERROR)
    found = tuple(
        Diagnostic(severity, f"PSH30{number}", "", "") for number, severity in enumerate(marks)
    )
    whole = plan_view(replace(planned(), diagnostics=found))
    assert [item.code for item in whole.findings] == ["PSH301", "PSH303", "PSH302", "PSH300"]
