"""The parameters of one call, and what is recorded before it."""

from __future__ import annotations

import datetime as dt
import json

from pushctl.mpaas.encode import parameters, strategy_content
from pushctl.plan.intent import intent
from pushctl.push.task import NewTask, Slot
from pushctl.schedule.service_schedule import Every, Immediate, Loop, OneShot, Schedule
from pushctl.state.state import Match, Phase
from tests.builders import NOW, days, desired, loop
from tests.fakes import ZONE


def new(schedule: Schedule) -> NewTask:
    return NewTask(
        slot=Slot(1, 2, 3),
        message_keys={"änn": "key"},
        labels={"änn": "h:1"},
        schedule=schedule,
        first=NOW + 5,
        last=NOW + 5,
        deliveries=1,
    )


def test_parameters_of_a_one_shot() -> None:
    wanted = parameters(desired(), new(OneShot(NOW + 5)), zone=ZONE)
    assert wanted == {
        "TaskName": "promo",
        "Title": "Title",
        "Content": "Content",
        "DeliveryType": 3,
        "ExpiredSeconds": 600,
        "TargetMsgkey": '{"änn":"key"}',
        "StrategyType": 1,
        "StrategyContent": '{"fixedTime":1780000005000}',
    }


def test_parameters_of_an_immediate_push_have_no_strategy_content() -> None:
    wanted = parameters(desired(), new(Immediate()), zone=ZONE)
    assert wanted["StrategyType"] == 0
    assert "StrategyContent" not in wanted


def test_strategy_content_of_a_loop() -> None:
    loop = Loop(Every.WEEK, (1, 5), dt.time(9, 30), dt.date(2026, 6, 1), dt.date(2026, 6, 30))
    assert strategy_content(loop, ZONE) == {
        "startTime": 1780243200000,
        "endTime": 1782748800000,
        "circleType": 2,
        "circleValue": [1, 5],
        "time": "09:30:00",
    }


def test_strategy_content_of_a_daily_loop_has_no_days() -> None:
    content = strategy_content(loop("09:00", days(0), days(1)), ZONE)
    assert content is not None
    assert "circleValue" not in content
    assert json.dumps(content)


def test_intent_holds_all_that_settling_needs() -> None:
    push = desired()
    record = intent(push, new(OneShot(NOW + 5)), now=NOW, known=["T1"])
    assert record.phase is Phase.CREATING
    assert record.slot == (1, 2, 3)
    assert record.match == Match("Title", "Content", 3, ("T1",))
    assert record.targets == {"h:1": "key"}
    assert (record.began_at, record.task_id, record.created_at) == (NOW, "", None)
    assert record.fingerprint == push.fingerprint
