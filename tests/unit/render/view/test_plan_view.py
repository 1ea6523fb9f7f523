"""What a plan amounts to: what cannot be taken back, who comes and goes, what comes first."""

from __future__ import annotations

from dataclasses import replace

import pytest

from pushctl.diagnostics import Diagnostic, Severity
from pushctl.plan.inputs import Context
from pushctl.plan.plan import Plan
from pushctl.plan.planner import Look, make_plan
from pushctl.push import message
from pushctl.push.push import DesiredPush, Meta, OnRemove
from pushctl.render.view import labels
from pushctl.render.view.audience import AudienceSize
from pushctl.render.view.irreversible import (
    Abandoned,
    LostDeliveries,
    SentAgain,
    SentImmediately,
    Tariff,
    TextMessages,
)
from pushctl.render.view.plan_view import plan_view
from pushctl.schedule.service_schedule import Immediate
from pushctl.state.state import Phase, PushRecord, State
from tests.builders import (
    DAY,
    NOW,
    actual,
    changed,
    context,
    daily,
    days,
    desired,
    once,
    people,
    recorded,
    task,
    wishes,
)
from tests.builders import state as states

WEEK = daily(first=days(1), last=days(7))


def planned(
    *pushes: DesiredPush, state: State | None = None, context: Context | None = None
) -> Plan:
    known = state or states()
    listed = tuple(
        actual(item) for record in known.pushes.values() for item in record.live if item.task_id
    )
    wanted = wishes(*pushes, **({"context": context} if context else {}))
    return make_plan(wanted, known, Look(listed, NOW))


def scheduled(*pushes: DesiredPush) -> State:
    return states({push.id: recorded(push, task(push)) for push in pushes})


def with_sms(mode: str, **fields: object) -> DesiredPush:
    push = desired(**fields)  # type: ignore[arg-type]
    return changed(push, sms=message.Sms(mode, "Sign", "SMS_1", {}))


def test_a_plan_that_only_schedules_takes_nothing_away() -> None:
    whole = plan_view(planned(desired(), desired("other", schedule=WEEK)))
    assert whole.irreversible == ()
    assert [view.id for view in whole.changes] == ["promo", "other"]


def test_what_is_sent_at_once_cannot_be_taken_back() -> None:
    push = desired(schedule=Immediate(), targets=people(12))
    whole = plan_view(planned(push, context=context(allow_immediate=True)))
    assert whole.irreversible == (SentImmediately("promo", 12),)
    assert whole.changes[0].at_once
    assert whole.changes[0].soonest is None


def test_a_cancelled_push_loses_its_deliveries() -> None:
    push = desired(schedule=WEEK, targets=people(3))
    (view,) = plan_view(planned(state=scheduled(push))).changes
    (lost,) = view.irreversible
    assert isinstance(lost, LostDeliveries)
    assert (lost.recipients, len(lost.instants)) == (3, 7)
    assert view.audience == AudienceSize(before=3, after=0, joined=0, left=3)
    assert (view.soonest, view.title) == (lost.instants[0], None)


def test_what_a_cancelled_push_says_is_known_by_its_record() -> None:
    """It left the manifest, and a reviewer has to see what will not be sent."""
    said = {"message": {"title": "谢谢您", "body": "包裹今天开始发出。"}, "to": "ios"}
    push = desired(schedule=WEEK, targets=people(3), **said)
    (view,) = plan_view(planned(state=scheduled(push))).changes
    assert (view.title, view.body) == ("谢谢您", "包裹今天开始发出。")
    assert labels.audience(view) == "3 iOS devices"
    assert "loses 7 deliveries to 3 iOS devices" in labels.irreversible(
        view.irreversible[0], view, None
    )


def test_what_was_scheduled_is_shown_and_not_what_the_manifest_says_of_it_now() -> None:
    was = desired(message={"title": "As applied", "body": ""})
    now = desired(title="Edited, and disabled", enabled=False)
    (view,) = plan_view(planned(now, state=scheduled(was))).changes
    assert view.title == "As applied"


@pytest.mark.parametrize("spec", [{"message": 3}, {"message": {"title": 3}, "to": ["x"]}])
def test_an_odd_record_of_a_cancelled_push_is_no_message(spec: dict[str, object]) -> None:
    (view,) = plan_view(planned(state=scheduled(desired(**spec)))).changes  # type: ignore[arg-type]
    assert (view.title, labels.audience(view)) == (None, "1 target")


def test_a_replaced_push_loses_only_what_does_not_come_any_more() -> None:
    before, after = desired(schedule=WEEK), desired(schedule=daily(first=days(1), last=days(5)))
    (view,) = plan_view(planned(after, state=scheduled(before))).changes
    assert [type(item) for item in view.irreversible] == [LostDeliveries]
    assert len(view.delta.gone) == 2
    moved = desired(schedule=daily("10:00", first=days(1), last=days(7)))
    (view,) = plan_view(planned(moved, state=scheduled(before))).changes
    assert view.irreversible == ()
    assert len(view.delta.moved) == 7


def test_what_was_delivered_and_gets_a_new_time_goes_out_again() -> None:
    push = desired(targets=people(4), schedule=once(-DAY))
    record = recorded(push, task(push, phase=Phase.SENT))
    whole = plan_view(planned(desired(targets=people(4)), state=states({"promo": record})))
    assert whole.irreversible == (SentAgain("promo", 4),)


def test_what_is_let_run_out_cannot_be_stopped_any_more() -> None:
    push = desired(schedule=WEEK, meta=Meta(on_remove=OnRemove.FORGET))
    record: PushRecord = recorded(push, task(push))
    whole = plan_view(planned(state=states({"promo": record})))
    assert whole.irreversible == (Abandoned("promo", 1),)


@pytest.mark.parametrize("mode", ["fallback", "concurrent"])
def test_text_messages_are_counted_for_every_delivery(mode: str) -> None:
    plan = planned(with_sms(mode, schedule=WEEK, targets=people(12)))
    assert plan_view(plan).irreversible == (TextMessages("promo", 12, 84, mode),)
    (item,) = plan_view(plan, Tariff(0.05, "CNY")).irreversible
    assert isinstance(item, TextMessages)
    assert item.cost == pytest.approx(4.2)


def test_no_text_message_is_announced_where_none_is_sent() -> None:
    push = desired(targets=people(12))
    assert plan_view(planned(push)).irreversible == ()
    known = with_sms("fallback", schedule=WEEK)
    assert [type(item) for item in plan_view(planned(state=scheduled(known))).irreversible] == [
        LostDeliveries
    ]


def test_who_joins_and_who_leaves_is_counted_and_not_the_sum() -> None:
    before, after = desired(targets=people(5)), desired(targets=(*people(4), "new", "newer"))
    (view,) = plan_view(planned(after, state=scheduled(before))).changes
    assert view.audience == AudienceSize(before=5, after=6, joined=2, left=1)


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
