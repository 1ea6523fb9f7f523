"""What forbids a plan as a whole."""

from __future__ import annotations

from dataclasses import replace

import pytest

from pushctl.core.change import Change
from pushctl.core.diff import diff
from pushctl.core.guard import Limits, guard
from pushctl.core.plan import Plan, Quota
from pushctl.core.planner import Look, make_plan
from pushctl.core.refresh import Drift, DriftKind
from pushctl.core.state import Slot
from tests.builders import NOW, context, desired, people, recorded, scheduled, state, task, wishes


def plan(*changes: Change, quota: Quota | None = None, entries: int = 0, gone: int = 0) -> Plan:
    bare = make_plan(wishes(), state(), Look((), NOW))
    return replace(
        bare,
        changes=changes,
        quota=quota or Quota(100, 0, 0, 0),
        recorded={f"p{number}": 1 for number in range(entries)},
        drift=tuple(
            Drift(f"p{number}", Slot(0, 0, 1), DriftKind.GONE, "T", 1, 1) for number in range(gone)
        ),
        wanted=1,
    )


def codes(made: Plan, limits: Limits | None = None) -> list[str]:
    return [item.code for item in guard(made, limits or Limits())]


def change(size: int = 1, before: int = 1) -> Change:
    held = scheduled(desired(targets=people(before)))
    return diff((desired(targets=people(size), title="New"),), held, context())[0]


CREATE = diff((desired(),), state(), context())[0]
CANCELS = [diff((), scheduled(desired(f"p{n}")), context())[0] for n in range(6)]


@pytest.mark.parametrize(
    ("made", "quota", "found"),
    [
        (CREATE, Quota(100, 99, 100, 100), ["PSH602"]),
        (CREATE, Quota(100, 100, 101, 101), ["PSH601"]),
        (CREATE, Quota(100, 78, 79, 79), []),
        (change(), Quota(100, 120, 120, 120), ["PSH602"]),
        (change(size=11), Quota(100, 100, 99, 101), ["PSH601"]),
        (CANCELS[0], Quota(100, 120, 119, 120), ["PSH602"]),
    ],
)
def test_guard_minds_the_quota(made: Change, quota: Quota, found: list[str]) -> None:
    assert codes(plan(made, quota=quota)) == found


@pytest.mark.parametrize(
    ("cancelled", "entries", "limits", "refused"),
    [
        (3, 10, Limits(), False),
        (4, 10, Limits(), True),
        (6, 9, Limits(), False),
        (4, 10, Limits(force=True), False),
        (2, 100, Limits(max_cancels=1), True),
        (4, 10, Limits(max_cancels=4), False),
    ],
)
def test_guard_minds_how_much_is_cancelled(
    cancelled: int, entries: int, limits: Limits, refused: bool
) -> None:
    found = codes(plan(*CANCELS[:cancelled], entries=entries), limits)
    assert found == (["PSH605"] if refused else [])


@pytest.mark.parametrize(
    ("gone", "entries", "refused"), [(2, 2, False), (3, 3, True), (3, 4, False)]
)
def test_guard_does_not_believe_an_empty_list(gone: int, entries: int, refused: bool) -> None:
    made = plan(gone=gone, entries=entries)
    assert codes(made) == (["PSH606"] if refused else [])
    assert codes(made, Limits(force=True)) == []


def test_guard_counts_a_replaced_entry_once() -> None:
    push = desired(targets=people(11))
    held = state(
        {"promo": recorded(push, task(push, targets=people(10)), task(push, chunk=1, targets="x"))}
    )
    (made,) = diff((desired(targets=people(11), title="New"),), held, context())
    assert codes(plan(made, entries=10), Limits(max_cancels=1)) == []


@pytest.mark.parametrize(
    ("cancelled", "limits", "refused"),
    [
        (2, Limits(), True),
        (1, Limits(), False),
        (2, Limits(max_cancels=2), False),
        (2, Limits(force=True), False),
    ],
)
def test_guard_does_not_believe_an_empty_manifest(
    cancelled: int, limits: Limits, refused: bool
) -> None:
    made = replace(plan(*CANCELS[:cancelled], entries=cancelled), wanted=0)
    assert codes(made, limits) == (["PSH605"] if refused else [])
