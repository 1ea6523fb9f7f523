"""What nobody can take back is known before a plan is applied."""

from __future__ import annotations

import pytest

from pushctl.push import message
from pushctl.push.push import Meta, OnRemove, Push
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
from pushctl.state.state import Phase, PushRecord
from tests.builders import DAY, changed, context, daily, days, desired, once, people, recorded, task
from tests.builders import state as states
from tests.unit.render.view.plans import WEEK, planned, scheduled


def with_sms(mode: str, **fields: object) -> Push:
    push = desired(**fields)  # type: ignore[arg-type]
    return changed(push, sms=message.Sms(mode, "Sign", "SMS_1", {}))


def test_what_is_sent_at_once_cannot_be_taken_back() -> None:
    push = desired(schedule=Immediate(), targets=people(12))
    whole = plan_view(planned(push, context=context(allow_immediate=True)))
    assert whole.irreversible == (SentImmediately("promo", 12),)
    assert whole.changes[0].at_once
    assert whole.changes[0].soonest is None


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
