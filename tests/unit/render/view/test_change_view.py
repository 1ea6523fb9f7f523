"""A change knows its message and what is lost, in the manifest or not."""

from __future__ import annotations

import datetime as dt

import pytest

from pushctl.render.view import labels
from pushctl.render.view.audience import AudienceSize
from pushctl.render.view.irreversible import LostDeliveries
from pushctl.render.view.plan_view import plan_view
from tests.builders import daily, days, desired, people
from tests.unit.render.view.plans import WEEK, planned, scheduled


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


@pytest.mark.parametrize(("last", "more"), [(days(3), False), (None, True)])
def test_only_what_has_no_end_goes_on_after_what_is_scheduled(
    last: dt.date | None, more: bool
) -> None:
    plan = planned(desired(schedule=daily(first=days(1), last=last)))
    (view,) = plan_view(plan).changes
    assert (view.upcoming != (), view.goes_on) == (True, more)


def test_the_field_to_name_first_is_what_people_read() -> None:
    paths = ["icon", "schedule.at", "message.body", "message.title"]
    named = []
    for number in range(1, 5):
        before, after = ({"to": n, **dict.fromkeys(paths[:number], n)} for n in (1, 2))
        made = planned(desired(title="New", **after), state=scheduled(desired(**before)))
        (view,) = plan_view(made).changes
        assert view.main_field is not None
        named.append(view.main_field.path)
    assert named == paths
