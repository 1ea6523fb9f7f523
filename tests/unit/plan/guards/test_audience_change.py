"""Whom a plan reaches, compared with before."""

from __future__ import annotations

import pytest

from pushctl.plan.diff.diff import diff
from pushctl.plan.guards.audience_change import AudienceChange, audience_changes
from pushctl.push.identity import hashed_label
from pushctl.push.push import Push, Source
from pushctl.state.state import Phase, State
from tests.builders import (
    DAY,
    HOUR,
    NOW,
    changed,
    context,
    daily,
    days,
    desired,
    once,
    people,
    recorded,
    scheduled,
    state,
    task,
)

HERE = Source("pushctl.yaml", 1)


def reached(push: Push, held: State, **intent: object) -> AudienceChange:
    (found,) = audience_changes(diff((push,), held, context(**intent)), held, label=str, now=NOW)
    return found


def chunked(push: Push, sizes: list[int], **changes: object) -> State:
    """One entry whose targets sit in chunks of these sizes, in order."""
    tasks, start = [], 0
    for number, size in enumerate(sizes):
        members = push.targets[start : start + size]
        tasks.append(task(push, chunk=number, targets=members, **changes))
        start += size
    return state({push.id: recorded(push, *tasks)})


def test_a_new_push_reaches_everybody_and_had_nobody() -> None:
    assert reached(desired(targets=people(12)), state()) == AudienceChange("promo", HERE, 12)


def test_who_joined_and_who_left_is_counted() -> None:
    push = desired(targets=people(10))
    found = reached(changed(push, targets=(*people(7), "new", "newer")), scheduled(push))
    assert (found.before, found.after, found.joined, found.left) == (10, 9, 2, 3)


def test_another_audience_of_the_same_size_is_all_joined_and_all_left() -> None:
    push = desired(targets=people(10))
    found = reached(changed(push, targets=people(10, "other")), scheduled(push))
    assert (found.before, found.after, found.joined, found.left) == (10, 10, 10, 10)


def test_an_edit_of_the_text_reaches_whom_it_reached() -> None:
    push = desired(targets=people(25))
    found = reached(desired(title="New", targets=push.targets), chunked(push, [10, 10, 5]))
    assert (found.before, found.after, found.joined, found.left) == (25, 25, 0, 0)


def test_hashed_names_are_compared_with_hashed_names() -> None:
    label = hashed_label("salt")
    push = desired(targets=people(10))
    held = scheduled(push, targets=[label(name) for name in people(10)])
    changes = diff((desired(targets=people(11), title="New"),), held, context(label=label))
    (found,) = audience_changes(changes, held, label=label, now=NOW)
    assert (found.before, found.after, found.joined, found.left) == (10, 11, 1, 0)


def test_a_push_that_sends_again_is_compared_with_its_latest_delivery() -> None:
    before = desired(targets=people(10), schedule=once(-DAY))
    held = state(
        {
            "promo": recorded(
                before,
                task(before, phase=Phase.SENT, schedule=once(-5 * DAY), over_at=NOW - 5 * DAY),
                task(before, phase=Phase.SENT, generation=2, over_at=NOW - DAY),
            )
        }
    )
    found = reached(desired(targets=people(30)), held)
    assert (found.before, found.joined, found.lately) == (10, 20, False)


@pytest.mark.parametrize("phase", [Phase.CANCELLED, Phase.ENDED])
def test_a_push_that_serves_nobody_now_has_nothing_to_compare_with(phase: Phase) -> None:
    held = scheduled(desired(targets=people(10)), phase=phase, over_at=NOW - DAY)
    assert reached(desired(targets=people(30)), held) == AudienceChange("promo", HERE, 30)


def test_a_renamed_push_is_compared_with_what_it_was_called() -> None:
    held = scheduled(desired("old", targets=people(10)))
    push = desired("new", targets=people(30))
    assert reached(push, held, moved={"old": "new"}).before == 10


def test_a_renewal_reaches_nobody_new() -> None:
    push = desired(schedule=daily())
    held = scheduled(push, schedule=daily("09:00", days(-9), days(5)))
    assert audience_changes(diff((push,), held, context()), held, label=str, now=NOW) == ()


@pytest.mark.parametrize(
    ("ago", "lately"), [(0, True), (12 * HOUR - 1, True), (12 * HOUR, False), (DAY, False)]
)
def test_what_was_created_lately_may_not_be_complete(ago: int, lately: bool) -> None:
    push = desired(targets=people(230))
    found = reached(push, chunked(push, [10, 10], began_at=NOW - ago))
    assert (found.before, found.known, found.after, found.joined) == (20, 20, 230, 210)
    assert found.lately is lately


def test_whoever_waits_for_a_replacement_is_no_newcomer() -> None:
    push = desired(targets=people(30)[::-1])
    done = task(push, generation=2, targets=people(10))
    waiting = [
        task(push, chunk=chunk, phase=Phase.CANCELLED, over_at=NOW, targets=people(30)[start:][:10])
        for chunk, start in ((0, 0), (1, 10), (2, 20))
    ]
    found = reached(push, state({"promo": recorded(push, done, *waiting)}))
    assert (found.before, found.known, found.after) == (10, 30, 30)
    assert (found.joined, found.left) == (0, 0)
