"""What has to change, entry by entry."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from msgspec.structs import replace

from pushctl.plan.change import (
    Blocked,
    BlockReason,
    Cancel,
    Change,
    Create,
    FieldChange,
    Forget,
    NoOp,
    Renew,
    Replace,
    cancels_of,
    creates_of,
)
from pushctl.plan.diff.change_reasons import BY_A_CALENDAR
from pushctl.plan.diff.diff import diff
from pushctl.push.identity import message_key
from pushctl.push.push import Meta, OnChange, OnRemove, Push
from pushctl.schedule.recurrence import Declared
from pushctl.schedule.service_schedule import Immediate, Loop, OneShot, instant
from pushctl.state.state import KEEP_FINISHED, Phase, State
from tests.builders import (
    DAY,
    HOUR,
    NOW,
    changed,
    context,
    daily,
    days,
    desired,
    loop,
    once,
    people,
    recorded,
    scheduled,
    state,
    task,
)
from tests.fakes import ZONE

SENT = task(phase=Phase.SENT, over_at=NOW + DAY)
LATER = NOW + 2 * DAY


def one(push: Push | None, held: State, now: int = NOW, **intent: Any) -> Change:
    (change,) = diff((push,) if push else (), held, context(now, **intent))
    return change


def noop(change: Change) -> str:
    assert isinstance(change, NoOp), change
    return change.reason


def blocked(change: Change) -> BlockReason:
    assert isinstance(change, Blocked), change
    return change.cause


# --- create ---------------------------------------------------------------------------------------


def test_diff_creates_what_is_new() -> None:
    change = one(desired(targets=people(11)), state())
    assert isinstance(change, Create)
    assert change.reason == "new"
    assert [new.slot for new in change.creates] == [(0, 0, 1), (1, 0, 1)]
    assert [len(new.message_keys) for new in change.creates] == [10, 1]
    new = change.creates[1]
    assert new.message_keys["u010"] == message_key(
        lineage="lineage", id="promo", generation=1, chunk=1, segment=0, target="u010"
    )
    assert (new.first, new.last, new.deliveries) == (NOW + DAY, NOW + DAY, 1)


def test_diff_does_not_reuse_generations_of_an_id_that_left() -> None:
    change = one(desired(), state(retired={"promo": 4}))
    assert [new.slot.generation for new in creates_of(change)] == [5]


def test_diff_uses_the_same_keys_for_an_attempt_that_certainly_failed() -> None:
    change = one(desired(), state({"promo": replace(recorded(desired()), generation=3)}))
    assert [new.slot.generation for new in creates_of(change)] == [3]


def test_diff_does_not_use_the_keys_of_another_content_again() -> None:
    held = state({"promo": replace(recorded(desired(title="Else")), generation=3)})
    assert [new.slot.generation for new in creates_of(one(desired(), held))] == [4]


def test_diff_creates_anew_what_was_cancelled() -> None:
    change = one(desired(), scheduled(desired(), phase=Phase.CANCELLED, over_at=NOW))
    assert isinstance(change, Create)
    assert change.creates[0].slot.generation == 2


def test_diff_labels_targets() -> None:
    (change,) = diff((desired(),), state(), context(label=lambda name: f"h:{name}"))
    assert creates_of(change)[0].labels == {"ann": "h:ann"}


def test_diff_of_a_loop_without_deliveries_is_no_op() -> None:
    push = desired(schedule=daily("09:00", last=days(-1)))
    assert noop(one(push, state())) == "no deliveries left"


# --- nothing --------------------------------------------------------------------------------------


def test_diff_of_what_is_recorded_is_no_op() -> None:
    change = one(desired(), scheduled(desired()))
    assert change == NoOp("promo", "up to date", noted=False, push=desired())


@pytest.mark.parametrize(
    "push",
    [desired(meta=Meta(owner="me")), desired(wording="changed")],
)
def test_diff_notes_what_calls_nobody(push: Push) -> None:
    change = one(push, scheduled(desired()))
    assert isinstance(change, NoOp)
    assert change.noted


def test_diff_does_not_depend_on_the_order_of_targets() -> None:
    held = scheduled(desired(targets=people(5)))
    assert noop(one(desired(targets=reversed(people(5))), held)) == "up to date"


@pytest.mark.parametrize("phase", [Phase.CREATING, Phase.CANCELLING])
def test_diff_touches_nothing_in_doubt(phase: Phase) -> None:
    held = scheduled(desired(), phase=phase)
    pushes = [None, desired(), desired(title="New"), desired(enabled=False)]
    assert [blocked(one(push, held)) for push in pushes] == [BlockReason.IN_DOUBT] * 4


# --- replace --------------------------------------------------------------------------------------


def test_diff_replaces_all_tasks_when_the_content_changes() -> None:
    before = desired(targets=people(11))
    tasks = (task(before, targets=people(10)), task(before, chunk=1, targets=("u010",)))
    change = one(
        desired(targets=people(11), title="New"), state({"promo": recorded(before, *tasks)})
    )
    assert isinstance(change, Replace)
    assert change.cancels == tasks
    assert [new.slot for new in change.creates] == [(0, 0, 2), (1, 0, 2)]
    assert change.fields == (FieldChange("title", "Title", "New"),)
    assert change.reason == "title changed"


def test_diff_replaces_only_the_chunk_whose_members_change() -> None:
    before = desired(targets=people(11))
    tasks = (task(before, targets=people(10)), task(before, chunk=1, targets=("u010",)))
    change = one(desired(targets=people(12)), state({"promo": recorded(before, *tasks)}))
    assert isinstance(change, Replace)
    assert change.keeps == tasks[:1]
    assert change.cancels == tasks[1:]
    assert [new.slot for new in change.creates] == [(1, 0, 2)]
    assert change.fields == (
        FieldChange("to", 11, 12),
        FieldChange("to.joined", None, "u011"),
    )


def test_diff_cancels_a_replaced_loop_that_has_no_deliveries_left() -> None:
    before = desired(schedule=daily("09:00", days(0), days(9)))
    after = desired(schedule=daily("03:00", days(0), days(0)))
    change = one(after, scheduled(before))
    assert isinstance(change, Cancel)
    assert change.reason == "no deliveries left"


def test_diff_completes_a_partial_creation_with_the_same_generation() -> None:
    push = desired(targets=people(11))
    held = state({"promo": recorded(push, task(push, targets=people(10)))})
    change = one(push, held)
    assert cancels_of(change) == ()
    assert [new.slot for new in creates_of(change)] == [(1, 0, 1)]


def test_diff_cancels_what_a_newer_task_replaced() -> None:
    push = desired()
    held = state({"promo": recorded(push, task(push), task(push, generation=2))})
    change = one(push, held)
    assert isinstance(change, Replace)
    assert [item.generation for item in change.cancels] == [1]
    assert change.creates == ()
    assert change.reason == "scheduled twice"


def test_diff_cancels_only_the_older_content_that_is_still_there() -> None:
    older, push = desired(title="Old", schedule=once(3 * DAY)), desired()
    held = state({"promo": recorded(push, task(older), task(push, generation=2))})
    change = one(push, held)
    assert [item.generation for item in cancels_of(change)] == [1]
    assert creates_of(change) == ()


def test_diff_keeps_windows_that_follow_each_other() -> None:
    push = desired(schedule=daily())
    held = state(
        {
            "promo": recorded(
                push,
                task(push, schedule=daily("09:00", days(0), days(9))),
                task(push, segment=1, generation=2, schedule=daily("09:00", days(10), days(99))),
            )
        }
    )
    assert noop(one(push, held)) == "up to date"


def test_diff_makes_only_the_window_anew_that_is_gone() -> None:
    push = desired(schedule=daily())
    gone = task(push, schedule=daily("09:00", days(0), days(9)), phase=Phase.CANCELLED, over_at=NOW)
    left = task(push, segment=1, schedule=daily("09:00", days(10), days(99)))
    change = one(push, state({"promo": recorded(push, gone, left)}))
    assert isinstance(change, Replace)
    assert (change.cancels, change.keeps) == ((), (left,))
    (new,) = change.creates
    assert new.slot == (0, 0, 2)
    assert new.schedule == loop("09:00", days(0), days(9))
    assert change.reason == "a part of it is not scheduled any more"


# --- today's delivery -----------------------------------------------------------------------------


def first_day(change: Change) -> object:
    (new,) = creates_of(change)
    assert isinstance(new.schedule, Loop)
    return new.schedule.first


RUNNING = desired(schedule=daily("03:00"))
RUNNING_TASK = task(RUNNING, schedule=daily("03:00", days(-2), days(99)))


def test_diff_starts_a_changed_loop_tomorrow_if_today_s_was_delivered() -> None:
    held = state({"promo": recorded(RUNNING, RUNNING_TASK)})
    assert first_day(one(desired(schedule=daily("18:00")), held)) == days(1)


def test_diff_starts_a_changed_loop_today_if_today_s_is_still_to_come() -> None:
    before = desired(schedule=daily("17:00"))
    held = scheduled(before, schedule=daily("17:00", days(-2), days(99)))
    assert first_day(one(desired(schedule=daily("18:00")), held)) == days(0)


@pytest.mark.parametrize(("cancelled", "first"), [(2 * HOUR, 0), (HOUR, 1)])
def test_diff_knows_whether_a_cancelled_loop_delivered_today(cancelled: int, first: int) -> None:
    # Today's 03:00 was an hour and a half ago.
    gone = replace(RUNNING_TASK, phase=Phase.CANCELLED, over_at=NOW - cancelled)
    held = state({"promo": recorded(RUNNING, gone)})
    assert first_day(one(desired(schedule=daily("18:00")), held)) == days(first)


def test_diff_knows_people_not_chunks_when_it_asks_who_had_today_s() -> None:
    gone = replace(RUNNING_TASK, chunk=3, phase=Phase.CANCELLED, over_at=NOW)
    held = state({"promo": recorded(RUNNING, gone)})
    assert first_day(one(desired(schedule=daily("18:00")), held)) == days(1)
    others = desired(schedule=daily("18:00"), targets=("bob",))
    assert first_day(one(others, held)) == days(0)


def test_diff_remembers_today_s_delivery_of_an_entry_that_left_and_came_back() -> None:
    gone = replace(RUNNING_TASK, phase=Phase.CANCELLED, over_at=NOW)
    held = state({"promo": recorded(RUNNING, gone)})
    assert noop(one(None, held)) == "not in the manifest, nothing left to deliver"
    assert first_day(one(desired(schedule=daily("18:00")), held)) == days(1)


@pytest.mark.parametrize("skipped", [(), (40, 80), (80,)])
def test_diff_says_that_times_changed_of_a_recurrence_that_says_the_same(
    skipped: tuple[int, ...],
) -> None:
    """A calendar that it skips has other holidays."""
    before = desired(schedule=daily(skip=((days(40), days(40)),)))
    tasks = [
        replace(task(before, segment=new.slot.segment, schedule=new.schedule), covers=new.covers)
        for new in creates_of(one(before, state()))
    ]
    held = state({"promo": recorded(before, *tasks)})
    assert noop(one(before, held)) == "up to date"
    after = desired(schedule=daily(skip=tuple((days(day), days(day)) for day in skipped)))
    change = one(after, held)
    assert isinstance(change, Replace)
    assert change.reason == BY_A_CALENDAR


def test_diff_says_that_a_recurrence_whose_last_task_was_lost_is_not_scheduled_any_more() -> None:
    push = desired(schedule=daily())
    sent = task(push, schedule=once(-DAY), phase=Phase.SENT, over_at=NOW - DAY)
    lost = task(push, segment=1, schedule=daily("09:00", days(0), days(9)), phase=Phase.CANCELLED)
    held = state({"promo": recorded(push, sent, replace(lost, over_at=NOW))})
    change = one(push, held)
    assert isinstance(change, Create)
    assert change.reason == "not scheduled any more"


def test_diff_keeps_no_window_that_lacks_somebody_of_its_chunk() -> None:
    """It was taken for gone, and the others were made anew for one more person."""
    push = desired(schedule=replace(daily(), times=(dt.time(9), dt.time(18))), targets=["a", "b"])
    nine = task(push, generation=2, schedule=daily("09:00", days(0), days(99)))
    six = task(push, segment=1, schedule=daily("18:00", days(0), days(99)), targets=["a"])
    change = one(push, state({"promo": recorded(push, nine, six)}))
    assert cancels_of(change) == (six,)
    (new,) = creates_of(change)
    assert list(new.message_keys) == ["a", "b"]
    assert isinstance(new.schedule, Loop)
    assert new.schedule.time == dt.time(18)


# --- one-shots whose time has come ----------------------------------------------------------------


def test_diff_leaves_a_delivered_push_alone() -> None:
    assert noop(one(desired(), state({"promo": recorded(None, SENT)}), LATER)) == "delivered"


def test_diff_never_sends_again_what_the_service_has_delivered_early() -> None:
    held = state({"promo": recorded(None, SENT)})
    assert noop(one(desired(), held, NOW + DAY - 60)) == "delivered"
    assert "no effect" in noop(one(desired(title="New"), held, NOW + DAY - 60))


def test_diff_counts_who_was_reached() -> None:
    held = state({"promo": recorded(None, SENT)})
    assert noop(one(desired(targets=["ann", "bob"]), held, LATER)) == "delivered to 1 of 2 targets"
    assert noop(one(desired(targets=["bob"]), held, LATER)) == "delivered to 0 of 1 targets"


def test_diff_says_that_an_edit_of_a_delivered_push_has_no_effect() -> None:
    change = one(desired(title="New"), state({"promo": recorded(None, SENT)}), LATER)
    assert noop(change) == "already delivered, the edit has no effect"


def test_diff_sends_again_at_a_new_time() -> None:
    held = state({"promo": recorded(None, SENT)})
    change = one(desired(schedule=once(3 * DAY)), held, LATER)
    assert isinstance(change, Create)
    assert change.reason == "sends again"
    assert change.creates[0].slot.generation == 2


@pytest.mark.parametrize("hours", [-1, 1])
def test_diff_never_sends_again_what_other_time_zone_data_move(hours: int) -> None:
    held = state({"promo": recorded(None, SENT)})
    moved = desired(schedule=once(DAY + hours * HOUR))
    here = replace(context(NOW + DAY + 60), zone_data="made with other data")
    (change,) = diff([moved], held, here)
    assert noop(change) == "already sent"
    (edited,) = diff([desired(title="New", schedule=once(DAY + HOUR))], held, here)
    assert isinstance(edited, Create)
    (delivered,) = diff([desired(targets=["ann", "bob"])], held, here)
    assert noop(delivered) == "delivered to 1 of 2 targets"


def test_diff_refuses_a_new_time_that_has_passed_too() -> None:
    held = state({"promo": recorded(None, SENT)})
    change = one(desired(schedule=once(2 * DAY - 5)), held, LATER, send_late=True)
    assert blocked(change) is BlockReason.PAST


@pytest.mark.parametrize(
    "held",
    [
        state(),
        state({"promo": recorded(None)}),
        state({"promo": recorded(None, task(phase=Phase.CANCELLED, over_at=NOW))}),
        state({"promo": recorded(desired(title="Old"), task(phase=Phase.CANCELLED, over_at=NOW))}),
    ],
)
def test_diff_does_not_send_late_unless_asked(held: State) -> None:
    assert blocked(one(desired(), held, LATER)) is BlockReason.PAST
    change = one(desired(), held, LATER, send_late=True)
    assert isinstance(change, Create)
    assert [new.schedule for new in change.creates] == [Immediate()]


def test_diff_does_not_send_late_twice() -> None:
    late = replace(desired(), schedule=Immediate())
    sent = task(late, phase=Phase.SENT, began_at=LATER, over_at=LATER)
    held = state({"promo": recorded(late, sent)})
    assert noop(one(desired(), held, LATER + 60, send_late=True)) == "delivered"


@pytest.mark.parametrize("phase", [Phase.ENDED, Phase.CANCELLED])
def test_diff_does_not_send_late_what_a_loop_has_delivered(phase: Phase) -> None:
    """The entry was a recurrence then."""
    over = instant(days(0), dt.time(4), ZONE)
    ended = task(RUNNING, schedule=daily("03:00", days(-2), days(0)), phase=phase, over_at=over)
    held = state({"promo": recorded(RUNNING, ended)})
    passed = desired(schedule=OneShot(instant(days(0), dt.time(3), ZONE)))
    assert noop(one(passed, held, send_late=True)) == "delivered"
    other = desired(schedule=OneShot(instant(days(0), dt.time(2), ZONE)))
    assert blocked(one(other, held, send_late=True)) is BlockReason.PAST


def test_diff_waits_for_a_delivery_that_is_late() -> None:
    assert noop(one(desired(), scheduled(desired()), LATER)) == "being delivered"
    changed = one(desired(schedule=once(DAY + 5)), scheduled(desired()), LATER)
    assert blocked(changed) is BlockReason.PAST


# --- immediate ------------------------------------------------------------------------------------

NOW_PUSH = desired(schedule=Immediate(), targets=people(11))


def test_diff_sends_at_once_only_when_allowed() -> None:
    assert blocked(one(NOW_PUSH, state())) is BlockReason.IMMEDIATE
    change = one(NOW_PUSH, state(), allow_immediate=True)
    assert isinstance(change, Create)
    assert [(new.first, new.deliveries) for new in change.creates] == [(None, 1)] * 2


def test_diff_does_not_turn_a_scheduled_push_into_one_at_once_unless_allowed() -> None:
    held = scheduled(desired())
    push = desired(schedule=Immediate())
    assert blocked(one(push, held)) is BlockReason.IMMEDIATE
    assert isinstance(one(push, held, allow_immediate=True), Replace)


def test_diff_does_not_take_a_refused_immediate_push_for_sent() -> None:
    held = state({"promo": recorded(NOW_PUSH)})
    assert blocked(one(NOW_PUSH, held)) is BlockReason.IMMEDIATE
    assert isinstance(one(NOW_PUSH, held, allow_immediate=True), Create)


def test_diff_sends_an_immediate_push_only_to_those_it_missed() -> None:
    sent = task(NOW_PUSH, targets=people(10), phase=Phase.SENT, over_at=NOW)
    held = state({"promo": recorded(NOW_PUSH, sent)})
    assert noop(one(NOW_PUSH, held)).startswith("sent to 10 of 11 targets")
    (new,) = creates_of(one(NOW_PUSH, held, allow_immediate=True))
    assert list(new.message_keys) == ["u010"]
    assert new.slot == (0, 0, 2)


def test_diff_does_not_send_an_immediate_push_again() -> None:
    sent = task(NOW_PUSH, phase=Phase.SENT, over_at=NOW)
    held = state({"promo": recorded(NOW_PUSH, sent)})
    assert noop(one(NOW_PUSH, held, allow_immediate=True)) == "already sent"


AGAIN = desired(schedule=Immediate("2"), targets=people(11))


@pytest.mark.parametrize(
    ("push", "said"),
    [
        (changed(NOW_PUSH, expires_after=18_000), "already sent, the edit has no effect"),
        (changed(NOW_PUSH, title="Other"), "already sent, the edit has no effect"),
        (changed(NOW_PUSH, targets=people(12)), "sent to 11 of 12 targets; --allow-immediate"),
    ],
)
def test_diff_does_not_send_an_edited_immediate_push_again(push: Push, said: str) -> None:
    sent = task(NOW_PUSH, phase=Phase.SENT, over_at=NOW)
    held = state({"promo": recorded(NOW_PUSH, sent)})
    assert noop(one(push, held)).startswith(said)


@pytest.mark.parametrize("phase", [Phase.SENT, Phase.SCHEDULED, Phase.CANCELLED])
def test_diff_sends_an_immediate_push_once_for_each_value_of_again(phase: Phase) -> None:
    sent = task(NOW_PUSH, phase=phase, over_at=NOW)
    held = state({"promo": recorded(NOW_PUSH, sent)})
    assert not creates_of(one(NOW_PUSH, held, allow_immediate=True))
    assert blocked(one(AGAIN, held)) is BlockReason.IMMEDIATE
    more = creates_of(one(AGAIN, held, allow_immediate=True))
    assert {new.slot.generation for new in more} == {2}
    twice = task(AGAIN, phase=Phase.SENT, generation=2, over_at=NOW)
    both = state({"promo": recorded(AGAIN, replace(sent, phase=Phase.SENT), twice)})
    for push in (NOW_PUSH, AGAIN):
        assert not creates_of(one(push, both, 400 * DAY + NOW, allow_immediate=True))


def test_diff_cancels_what_is_scheduled_of_an_immediate_push_that_was_sent() -> None:
    """It was given a time for a while, and has none again."""
    sent = task(NOW_PUSH, phase=Phase.SENT, over_at=NOW)
    later = task(desired(targets=people(11)), generation=2)
    held = state({"promo": recorded(desired(targets=people(11)), sent, later)})
    change = one(NOW_PUSH, held, allow_immediate=True)
    assert isinstance(change, Cancel)
    assert change.cancels == (later,)


def test_diff_replaces_what_is_scheduled_by_an_immediate_push_for_those_it_missed() -> None:
    sent = task(NOW_PUSH, targets=people(10), phase=Phase.SENT, over_at=NOW)
    later = task(desired(targets=people(11)), generation=2)
    held = state({"promo": recorded(desired(targets=people(11)), sent, later)})
    change = one(NOW_PUSH, held, allow_immediate=True)
    assert isinstance(change, Replace)
    (new,) = change.creates
    assert (change.cancels, list(new.message_keys)) == ((later,), ["u010"])


# --- stopped, disabled, removed -------------------------------------------------------------------


@pytest.mark.parametrize("schedule", [once(), daily(), Immediate()])
def test_diff_leaves_a_stopped_entry_stopped(schedule: Declared) -> None:
    push = desired(schedule=schedule)
    held = state({"promo": recorded(push, stopped=True)})
    assert noop(one(push, held, allow_immediate=True)).startswith("stopped")
    edited = desired(schedule=schedule, title="New")
    assert not isinstance(one(edited, held, allow_immediate=True), NoOp)


def test_diff_leaves_a_stopped_entry_stopped_that_says_the_same_as_before() -> None:
    """A calendar that it skips has one more holiday, or fingerprints are computed anew."""
    push = desired(schedule=daily())
    held = state({"promo": recorded(push, stopped=True)})
    around = desired(schedule=daily(skip=((days(9), days(9)),)))
    assert noop(one(around, held)).startswith("stopped")
    reworded = desired(schedule=daily("10:00"), when="10:00")
    assert not isinstance(one(reworded, held), NoOp)


def test_diff_does_not_complain_about_a_stopped_entry_whose_time_passed() -> None:
    gone = task(phase=Phase.CANCELLED, over_at=NOW)
    held = state({"promo": recorded(None, gone, stopped=True)})
    assert noop(one(desired(), held, LATER)) == "its time passed while it was stopped"


def test_diff_cancels_a_disabled_entry_once() -> None:
    push = desired(enabled=False)
    change = one(push, scheduled(desired()))
    assert isinstance(change, Cancel)
    assert change.cancels == (task(),)
    gone = scheduled(desired(), phase=Phase.CANCELLED, over_at=NOW)
    assert noop(one(push, gone)) == "disabled"
    assert noop(one(push, state())) == "disabled"


def test_diff_cancels_what_left_the_manifest() -> None:
    change = one(None, scheduled(desired()))
    assert isinstance(change, Cancel)
    assert (change.push, change.cancels) == (None, (task(),))


@pytest.mark.parametrize(("age", "noted"), [(KEEP_FINISHED - 1, False), (KEEP_FINISHED, True)])
def test_diff_forgets_what_left_when_it_can_matter_no_more(age: int, noted: bool) -> None:
    held = scheduled(desired(), phase=Phase.SENT, over_at=NOW - age)
    change = one(None, held)
    assert isinstance(change, NoOp)
    assert (change.noted, change.push) == (noted, None)


@pytest.mark.parametrize(
    ("held", "intent"),
    [
        (scheduled(desired()), {"let_run": frozenset({"promo"})}),
        (scheduled(desired(meta=Meta(on_remove=OnRemove.FORGET))), {}),
    ],
)
def test_diff_lets_go_of_what_may_run_out(held: State, intent: dict[str, Any]) -> None:
    assert isinstance(one(None, held, **intent), Forget)


def test_diff_refuses_to_remove_what_forbids_it() -> None:
    held = scheduled(desired(meta=Meta(on_remove=OnRemove.FORBID)))
    assert blocked(one(None, held)) is BlockReason.FORBIDDEN


def test_diff_lists_the_manifest_first_and_the_removed_by_id() -> None:
    held = state({id: recorded(desired(id), task(desired(id))) for id in "zxy"})
    changes = diff((desired("b"), desired("y"), desired("a")), held, context())
    assert [change.id for change in changes] == ["b", "y", "a", "x", "z"]


# --- renewal --------------------------------------------------------------------------------------

EVERGREEN = desired(schedule=daily())


@pytest.mark.parametrize(("left", "renewed"), [(31, False), (30, True), (0, True)])
def test_diff_renews_a_loop_before_its_window_ends(left: int, renewed: bool) -> None:
    held = scheduled(EVERGREEN, schedule=daily("09:00", days(-9), days(left)))
    change = one(EVERGREEN, held)
    assert isinstance(change, Renew if renewed else NoOp)
    if isinstance(change, Renew):
        (new,) = change.creates
        assert new.slot == (0, 1, 1)
        assert isinstance(new.schedule, Loop)
        assert (new.schedule.first, new.schedule.last) == (days(left + 1), days(180))
        assert len(change.keeps) == 1


def test_diff_does_not_renew_past_the_declared_end() -> None:
    push = desired(schedule=daily(last=days(5)))
    held = scheduled(push, schedule=daily("09:00", days(-9), days(5)))
    assert noop(one(push, held)) == "up to date"


# --- forbidden ------------------------------------------------------------------------------------


def test_diff_honours_protection() -> None:
    held = scheduled(desired(meta=Meta(protect=True)))
    pushes = [None, desired(title="New", meta=Meta(protect=True))]
    assert [blocked(one(push, held)) for push in pushes] == [BlockReason.PROTECTED] * 2


def test_diff_honours_on_change() -> None:
    push = desired(title="New", on_change=OnChange.FORBID)
    assert blocked(one(push, scheduled(desired()))) is BlockReason.FORBIDDEN


@pytest.mark.parametrize(("ahead", "near"), [(599, True), (600, False)])
def test_diff_keeps_away_from_the_danger_window(ahead: int, near: bool) -> None:
    before = desired(schedule=once(ahead))
    after = desired(schedule=once(DAY))
    for push in (None, after, replace(before, enabled=False)):
        change = one(push, scheduled(before))
        assert isinstance(change, Blocked) is near
        if near:
            assert blocked(change) is BlockReason.DANGER_WINDOW
        assert not isinstance(one(push, scheduled(before), now_or_never=True), Blocked)
