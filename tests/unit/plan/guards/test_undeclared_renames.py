"""Renames that nobody declared, and ids used again."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from pushctl.diagnostics import NOT_INCLUDED, Diagnostic, EditedLine, Range, Severity
from pushctl.plan.diff.diff import diff
from pushctl.plan.guards.undeclared_renames import still_written, undeclared_renames
from pushctl.push.push import Meta, OnRemove, Push
from pushctl.state.state import Phase, State
from tests.builders import (
    DAY,
    HOUR,
    NOW,
    ZONE,
    context,
    daily,
    desired,
    loop,
    once,
    people,
    recorded,
    scheduled,
    state,
    task,
)


def said(id: str, title: str = "Sale", body: str = "Tonight.", **more: Any) -> Push:
    return desired(id, title=title, message={"title": title, "body": body}, **more)


def found(wanted: tuple[Push, ...], held: State, **plan_request: Any) -> list[Diagnostic]:
    changes = diff(wanted, held, context(**plan_request))
    ids = {push.id for push in wanted}
    return list(undeclared_renames(changes, held.pushes, NOW, zone=ZONE, wanted=ids))


def codes(wanted: tuple[Push, ...], held: State, **plan_request: Any) -> list[str]:
    return [item.code for item in found(wanted, held, **plan_request)]


def test_one_goes_and_one_comes_that_says_the_same() -> None:
    (item,) = found((said("new"),), scheduled(said("old")))
    assert item.code == "PSH802"
    assert item.severity is Severity.WARNING
    assert item.push == "new"
    assert item.fix is not None
    assert "moved: [{from: old, to: new}]" in item.fix


def test_each_that_goes_is_named_once() -> None:
    both = (said("a"), said("b"))
    held = state({push.id: recorded(push, task(push)) for push in both})
    pairs = [item.detail.split(" left")[0] for item in found((said("c"), said("d")), held)]
    assert pairs == ["a", "b"]


def test_what_runs_out_beside_its_double_is_the_same_mistake() -> None:
    forgotten = said("old", meta=Meta(on_remove=OnRemove.FORGET))
    assert codes((said("new"),), scheduled(forgotten)) == ["PSH802"]


def test_what_is_no_rename() -> None:
    held = scheduled(said("old"))
    assert codes((said("new", "Coupon", body="Tomorrow."),), held) == []
    assert codes((said("new", body="Tomorrow.", targets=people(9, "x")),), held) == []
    assert codes((said("old"), said("new")), held) == []
    assert codes((said("new"),), held, moved={"old": "new"}) == []
    assert codes((), held) == []


def test_a_word_apart_for_the_same_people_is_a_rename() -> None:
    held = scheduled(said("old"))
    assert codes((said("new", body="Tomorrow."),), held) == ["PSH802"]
    assert codes((said("new", "Sale now"),), held) == ["PSH802"]


@pytest.mark.parametrize(
    ("before", "ago", "severity"),
    [
        (said("old", schedule=once(-HOUR)), HOUR, Severity.ERROR),
        (said("old", schedule=once(-6 * DAY)), 6 * DAY, Severity.ERROR),
        (said("old", schedule=once(-8 * DAY)), 8 * DAY, None),
    ],
)
def test_what_was_just_delivered_is_not_delivered_again_under_another_name(
    before: Push, ago: int, severity: Severity | None
) -> None:
    held = delivered(before, ago)
    severities = [item.severity for item in found((said("new", schedule=once(DAY)),), held)]
    assert severities == ([] if severity is None else [severity])


@pytest.mark.parametrize(
    ("first", "severity"), [(-1, Severity.ERROR), (1, Severity.WARNING)], ids=["runs", "begins"]
)
def test_a_loop_that_came_by_today_is_not_started_again_under_another_name(
    first: int, severity: Severity
) -> None:
    today = dt.datetime.fromtimestamp(NOW, ZONE).date()
    sent = loop("00:00", today + dt.timedelta(first), today + dt.timedelta(30))
    held = scheduled(said("old", schedule=daily()), schedule=sent)
    (item,) = found((said("new", schedule=daily("23:00")),), held)
    assert (item.code, item.severity) == ("PSH802", severity)


def delivered(push: Push, ago: int, phase: Phase = Phase.SENT) -> State:
    return scheduled(push, phase=phase, over_at=NOW - ago)


@pytest.mark.parametrize(
    ("ago", "phase", "expected"),
    [
        (DAY, Phase.SENT, ["PSH803"]),
        (7 * DAY - 1, Phase.ENDED, ["PSH803"]),
        (7 * DAY, Phase.SENT, []),
        (DAY, Phase.CANCELLED, []),
    ],
)
def test_an_id_used_again_while_messages_can_be_withdrawn(
    ago: int, phase: Phase, expected: list[str]
) -> None:
    before = said("promo", schedule=once(-ago))
    after = said("promo", "Winter sale", "From today on.", schedule=once(5 * DAY))
    assert codes((after,), delivered(before, ago, phase)) == expected


def test_the_same_message_again_is_meant() -> None:
    before = said("promo", schedule=once(-DAY))
    again = said("promo", schedule=once(5 * DAY))
    corrected = said("promo", body="Tonight, really.", schedule=once(5 * DAY))
    assert codes((again,), delivered(before, DAY)) == []
    assert codes((corrected,), delivered(before, DAY)) == []


def test_what_is_gone_and_still_written_is_told() -> None:
    held = state({id: recorded(said(id), task(said(id))) for id in ("a", "b", "kept")})
    changes = diff((said("kept"),), held, context())
    lines = {"a": EditedLine("x.yml", 3, NOT_INCLUDED), "b": EditedLine("y.yml", 7, NOT_INCLUDED)}
    (both,) = still_written(changes, {"kept"}, lines.get)
    assert (both.code, both.severity, both.push) == ("PSH615", Severity.WARNING, None)
    assert "a is gone, and stands in x.yml:3; b is gone, and stands in y.yml:7." in both.detail
    del lines["a"]
    (one,) = still_written(changes, {"kept"}, lines.get)
    assert (one.push, one.range) == ("b", Range.at("y.yml", 7))
    assert list(still_written(changes, {"kept", "a", "b"}, lines.get)) == []


def test_what_is_kept_is_not_looked_for() -> None:
    held = scheduled(said("kept"))

    def nowhere(id: str) -> EditedLine | None:
        raise AssertionError(id)

    other = said("kept", body="Changed.")
    for wanted in ((said("kept"),), (other,)):
        assert list(still_written(diff(wanted, held, context()), {"kept"}, nowhere)) == []
