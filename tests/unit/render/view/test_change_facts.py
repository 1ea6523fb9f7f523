"""What is said of a change has a name, and is a sentence without it."""

from __future__ import annotations

from msgspec.structs import replace

from pushctl.diagnostics import EditedLine
from pushctl.plan.origin import Cause, Origin
from pushctl.plan.plan import Plan
from pushctl.render.view.change_facts import change_facts
from pushctl.render.view.plan_view import plan_view
from pushctl.schedule.service_schedule import Immediate
from tests.builders import context, daily, days, desired
from tests.unit.render.view.plans import planned, scheduled


def said(plan: Plan, shown: int = 2) -> dict[str, str]:
    (view,) = plan_view(plan).changes
    return {name: fact.sentence for name, fact in change_facts(view, plan, shown=shown).items()}


def test_a_new_push_has_a_date_and_an_audience_and_no_reason() -> None:
    assert said(planned(desired())) == {
        "Next": "Sat 30 May 2026 04:26:40 Asia/Shanghai, in 1 d",
        "Who": "to 1 user",
        "Tasks": "create 1",
    }


def test_what_is_sent_at_once_has_no_date() -> None:
    made = planned(desired(schedule=Immediate()), context=context(allow_immediate=True))
    assert said(made)["Next"] == "sent the moment this is applied"


def test_dates_are_listed_up_to_a_number() -> None:
    made = planned(desired(schedule=daily("09:00", days(1), days(9))))
    assert said(made)["Then"] == ("then Sun 31 May 2026 09:00 … 7 more until Sun 7 Jun 2026 09:00")


def test_a_cancelled_push_says_what_is_lost() -> None:
    made = planned(state=scheduled(desired(schedule=daily("09:00", days(1), days(3)))))
    facts = said(made)
    assert facts["Lost"] == (
        "loses 3 deliveries to 1 target: Sat 30 May 2026 09:00 · Sun 31 May 2026 09:00 … 1 more"
    )
    assert "No longer" not in facts


def test_a_replaced_push_says_what_moves() -> None:
    before = scheduled(desired(schedule=daily("09:00", days(1), days(1))))
    made = planned(desired(schedule=daily("10:00", days(1), days(2))), state=before)
    facts = said(made)
    assert facts["Moved"] == "moved: Sat 30 May 2026 09:00 → 10:00"
    assert facts["New"] == "new: Sun 31 May 2026 10:00"


def test_a_change_says_where_it_comes_from() -> None:
    origin = Origin(Cause.EDITED, (EditedLine("a.yaml", 3),))
    made = replace(planned(desired()), origins={"promo": origin})
    assert said(made)["Comes from"] == "edited: a.yaml:3"
