"""What is recorded of a task before the call that creates it."""

from __future__ import annotations

from pushctl.plan.intent import intent
from pushctl.schedule.service_schedule import OneShot
from pushctl.state.state import Match, Phase
from tests.builders import NOW, desired
from tests.unit.mpaas.test_encode import new


def test_intent_holds_all_that_settling_needs() -> None:
    push = desired()
    record = intent(push, new(OneShot(NOW + 5)), now=NOW, known=["T1"])
    assert record.phase is Phase.CREATING
    assert record.slot == (1, 2, 3)
    assert record.match == Match("Title", "Content", 3, ("T1",))
    assert record.targets == {"h:1": "key"}
    assert (record.began_at, record.task_id, record.created_at) == (NOW, "", None)
    assert record.fingerprint == push.fingerprint
