"""What cannot be taken back is on the first screen."""

from __future__ import annotations

from pushctl.plan.change import Cancel
from pushctl.render.html import changes, summary
from pushctl.render.view.plan_view import plan_view
from pushctl.schedule.service_schedule import Immediate
from tests.builders import context, desired
from tests.unit.render.html.sections import listed, plan, scheduled, text


def test_what_is_lost_is_said_on_the_first_screen_and_in_its_place() -> None:
    made = plan(before=scheduled(desired("gone")))
    assert isinstance(made.changes[0], Cancel)
    first = text(summary.section(plan_view(made), listed(made)))
    assert "Cannot be taken back once applied" in first
    assert "loses 1 delivery" in first
    assert "It loses 1 delivery" in text(changes.section(plan_view(made), listed(made)))


def test_what_is_worst_is_named_among_hundreds_of_cancels() -> None:
    gone = [desired(f"gone-{n}") for n in range(100)]
    made = plan(
        desired("z-now", schedule=Immediate()),
        before=scheduled(*gone),
        context=context(allow_immediate=True),
    )
    first = text(summary.section(plan_view(made), listed(made)))
    assert "z-now goes out to 1 user the moment this is applied" in first
    assert "and 89 more: 89 lose 89 deliveries; see the changes" in first


def test_what_is_cancelled_shows_what_would_have_been_sent() -> None:
    said = {"title": "谢谢您", "body": "包裹今天开始发出。"}
    made = plan(before=scheduled(desired("gone", message=said, to="users")))
    assert "谢谢您" in text(summary.section(plan_view(made), listed(made)))
    section = text(changes.section(plan_view(made), listed(made)))
    assert "谢谢您" in section
    assert "包裹今天开始发出。" in section
    assert "1 user" in section
