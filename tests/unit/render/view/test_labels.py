"""The sentences of a plan, which every rendering shares."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from pushctl.diagnostics import EditedLine
from pushctl.plan.change import Create, Replace
from pushctl.plan.guards.audience_change import AudienceChange
from pushctl.plan.origin import Cause, Origin
from pushctl.plan.plan import Plan
from pushctl.plan.planner import make_plan
from pushctl.push.task import NewTask, Slot
from pushctl.render.view import labels
from pushctl.render.view.change_view import ChangeView, change_view
from pushctl.render.view.irreversible import (
    Abandoned,
    Irreversible,
    LostDeliveries,
    SentAgain,
    SentImmediately,
    Tariff,
    TextMessages,
)
from tests.builders import DAY, NOW, desired, people, plan_request, state, task


def plan() -> Plan:
    return make_plan(plan_request(desired()), state(), None)


def created(count: int, reach: AudienceChange | None = None) -> ChangeView:
    push = desired(targets=people(count))
    names = {name: name for name in push.targets}
    new = NewTask(Slot(0, 0, 1), names, names, push.schedule, NOW, NOW, 1)
    return change_view(Create("promo", push, (new,), "new"), plan(), reach)


def replaced(before: int, *after: str) -> ChangeView:
    push = desired(targets=after)
    names = {name: name for name in after}
    new = NewTask(Slot(0, 0, 2), names, names, push.schedule, NOW, NOW, 1)
    old = task(desired(targets=people(before)))
    return change_view(Replace("promo", push, (old,), (new,), (), (), "why"), plan())


@pytest.mark.parametrize(
    ("item", "expected"),
    [
        (SentImmediately("x", 1), "goes out to 1 user the moment this is applied"),
        (SentAgain("x", 2), "was delivered, and goes out again to 2 users"),
        (Abandoned("x", 3), "leaves 3 tasks behind that pushctl cannot stop any more"),
        (
            LostDeliveries("x", 2, (NOW + DAY,)),
            "loses 1 delivery to 2 users, due Sat 30 May 2026 04:26:40 Asia/Shanghai",
        ),
        (
            LostDeliveries("x", 2, (NOW + DAY, NOW + 2 * DAY)),
            "loses 2 deliveries to 2 users, the first due Sat 30 May 2026 04:26:40 Asia/Shanghai",
        ),
        (
            TextMessages("x", 2, 4, "fallback"),
            "sends up to 4 text messages; each is paid for, in as many parts as its template needs",
        ),
        (
            TextMessages("x", 2, 4, "concurrent", 0.2),
            "sends 4 text messages; 0.20 CNY if each is one part, "
            "more where its template is longer",
        ),
    ],
)
def test_what_cannot_be_taken_back_is_a_sentence(item: Irreversible, expected: str) -> None:
    assert labels.irreversible(item, created(2), Tariff(0.05, "CNY")) == expected


def test_an_audience_says_who_comes_and_who_goes() -> None:
    assert labels.audience(created(2)) == "2 users"
    assert labels.audience(replaced(2, *people(2))) == "2 users, as before"
    assert labels.audience(replaced(2, *people(2), "new")) == "3 users instead of 2: 1 joins"
    assert labels.audience(replaced(3, "u000", "new", "newer")) == (
        "3 users instead of 3: 2 join, 2 leave"
    )
    before = AudienceChange("promo", desired().source, after=2, before=2, known=2)
    assert labels.audience(created(2, before)) == "2 users, as before"


def test_what_is_valid_until_a_delivery_is_near_says_so() -> None:
    assert labels.validity(plan()).startswith("Valid until Sat 30 May 2026 04:16:40")
    near = replace(plan(), valid_until=NOW)
    assert labels.validity(near) == "Not valid for later: a delivery is near"
    assert labels.validity(replace(plan(), valid_until=None)) == ""


LINES = tuple(EditedLine("x.yaml", number) for number in range(1, 6))


def test_every_cause_has_a_sentence() -> None:
    seen = {labels.change_origin(Origin(cause, (EditedLine("x.yaml", 3),))) for cause in Cause}
    assert len(seen) == len(Cause) - 1  # what is in a file of the entry is edited too


@pytest.mark.parametrize(
    ("lines", "said"),
    [
        (LINES[:1], "edited: x.yaml:1"),
        (LINES[:3], "edited: x.yaml:1, x.yaml:2, x.yaml:3"),
        (LINES, "edited: x.yaml:1, x.yaml:2, x.yaml:3 and 2 more"),
        ((EditedLine("x.yaml", 9, "defaults"),), "edited: x.yaml:9 (defaults)"),
    ],
)
def test_three_places_are_named(lines: tuple[EditedLine, ...], said: str) -> None:
    assert labels.change_origin(Origin(Cause.EDITED, lines)) == said


def test_what_came_from_nowhere_in_particular_came_from_other_lines() -> None:
    assert labels.change_origin(Origin(Cause.INDIRECT)) == "not edited itself; through other lines"
