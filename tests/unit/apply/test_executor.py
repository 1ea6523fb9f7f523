"""One apply from the plan to the result: what is done, and in which order."""

from __future__ import annotations

import json
from itertools import pairwise

from pushctl.mpaas.interface import Unknown
from pushctl.plan.change import Action, Rename, Replace
from pushctl.push.push import Meta, OnRemove
from pushctl.schedule.service_schedule import Immediate
from pushctl.state.state import Phase
from tests.builders import DAY, HOUR, daily, desired, once, people
from tests.in_memory import Bench
from tests.unit.apply.runs import Watching, made, only, phases, quiet, writes


def test_apply_creates(bench: Bench) -> None:
    push = desired(targets=people(11))
    run = bench.apply(push)
    assert run.result.done[Action.CREATE] == 1
    assert run.result.tasks_created == 2
    assert [task.phase for task in bench.state.pushes["promo"].live] == [Phase.SCHEDULED] * 2
    keys = [json.loads(str(p["TargetMsgkey"])) for p in bench.service.parameters.values()]
    assert keys == [dict(task.targets) for task in bench.state.pushes["promo"].live]
    assert run.told("entry.done") == ["promo"]
    quiet(bench, push)


def test_apply_replaces_everything(bench: Bench) -> None:
    bench.apply(desired(targets=people(11)))
    after = desired(targets=people(11), title="New")
    run = bench.apply(after)
    assert (run.result.tasks_cancelled, run.result.tasks_created) == (2, 2)
    assert writes(bench) == ["create"] * 2 + ["cancel"] * 2 + ["create"] * 2
    assert len(bench.service.open) == 2
    quiet(bench, after)


def test_apply_replaces_one_chunk(bench: Bench) -> None:
    bench.apply(desired(targets=people(23)))
    first = bench.service.created[:2]
    after = desired(targets=people(24))
    run = bench.apply(after)
    assert (run.result.tasks_cancelled, run.result.tasks_created) == (1, 1)
    assert set(first) < set(bench.service.open)
    quiet(bench, after)


def test_apply_drops_a_chunk_that_nobody_is_left_in(bench: Bench) -> None:
    bench.apply(desired(targets=people(11)))
    after = desired(targets=people(10), note="fewer")
    run = bench.apply(after)
    assert (run.result.tasks_cancelled, run.result.tasks_created) == (1, 0)
    quiet(bench, after)
    assert bench.state.pushes["promo"].spec == after.spec


def test_apply_cancels_what_left(bench: Bench) -> None:
    bench.apply(desired())
    run = bench.apply()
    assert run.result.done[Action.CANCEL] == 1
    assert bench.service.open == ()
    assert phases(bench) == [Phase.CANCELLED]
    quiet(bench)


def test_apply_brings_back_what_left_under_new_keys(bench: Bench) -> None:
    bench.apply(desired())
    first = dict(only(bench).targets)
    bench.apply()
    bench.apply(desired())
    assert only(bench).targets != first
    bench.service.advance(9 * DAY)
    bench.apply()
    bench.apply()
    assert bench.state.pushes == {}
    assert bench.state.retired == {"promo": 2}
    bench.apply(desired(schedule=once(20 * DAY)))
    assert only(bench).generation == 3


def test_apply_renames_without_a_call(bench: Bench) -> None:
    bench.apply(desired("a"))
    before = writes(bench)
    run = bench.apply(desired("b"), moved={"a": "b"})
    assert [type(change) for change in run.plan.effective] == [Rename]
    assert writes(bench) == before
    assert bench.state.retired == {"a": 1}
    quiet(bench, desired("b"), moved={"a": "b"})
    quiet(bench, desired("b"))


def test_apply_renames_and_replaces_in_one_go(bench: Bench) -> None:
    bench.apply(desired("a"))
    run = bench.apply(desired("b", title="New"), moved={"a": "b"})
    assert [type(change) for change in run.plan.effective] == [Rename, Replace]
    assert len(bench.service.open) == 1
    quiet(bench, desired("b", title="New"), moved={"a": "b"})


def test_apply_adopts(bench: Bench) -> None:
    bench.apply(desired())
    (task_id,) = bench.service.open
    other = Bench(bench.service)
    run = other.apply(desired(), more={"adopts": {"promo": task_id}})
    assert run.result.done[Action.ADOPT] == 1
    assert only(other).task_id == task_id
    assert len(bench.service.open) == 1
    before = other.state
    rerun = other.apply(desired(), more={"adopts": {"promo": task_id}})
    assert rerun.plan.effective == ()
    assert other.state == before


def test_apply_renews_without_gap_or_overlap(bench: Bench) -> None:
    push = desired(schedule=daily("12:00"))
    bench.apply(push)
    bench.service.advance(155 * DAY)
    run = bench.apply(push)
    assert run.result.done[Action.RENEW] == 1
    quiet(bench, push)
    bench.service.advance(175 * DAY)
    run = bench.apply(push)
    assert run.result.done[Action.RENEW] == 1
    bench.service.advance(20 * DAY)
    moments = [item.at for item in bench.service.delivered]
    assert [later - earlier for earlier, later in pairwise(moments)] == [DAY] * (len(moments) - 1)
    assert len(moments) == 350


def test_apply_lets_go(bench: Bench) -> None:
    push = desired(meta=Meta(on_remove=OnRemove.FORGET))
    bench.apply(push)
    run = bench.apply()
    assert run.result.done[Action.FORGET] == 1
    assert len(bench.service.open) == 1
    quiet(bench)
    refused = bench.apply(push)
    assert len(refused.plan.blocked) == 1
    assert len(bench.service.open) == 1


def test_apply_disables_and_enables(bench: Bench) -> None:
    off = desired(enabled=False)
    bench.apply(desired())
    bench.apply(off)
    assert bench.service.open == ()
    quiet(bench, off)
    bench.apply(desired())
    assert len(bench.service.open) == 1
    quiet(bench, desired())


def test_apply_notes_without_a_call(bench: Bench) -> None:
    bench.apply(desired())
    owned = desired(meta=Meta(owner="me"))
    run = bench.apply(owned)
    assert run.plan.effective == ()
    assert bench.state.pushes["promo"].meta == Meta(owner="me")
    assert bench.state.serial == 3
    bench.apply(owned)
    assert bench.state.serial == 3


def test_apply_notes_owners_of_delivered_pushes_but_keeps_their_words(bench: Bench) -> None:
    bench.apply(desired())
    bench.service.advance(2 * DAY)
    bench.apply(desired(title="Edited", meta=Meta(owner="me")))
    record = bench.state.pushes["promo"]
    assert (record.meta.owner, record.spec["title"]) == ("me", "Title")
    serial = bench.state.serial
    bench.apply(desired(title="Edited", meta=Meta(owner="me")))
    assert bench.state.serial == serial


def test_apply_of_an_in_doubt_plan_says_so(bench: Bench) -> None:
    bench.service.fail_next(Unknown("timeout"))
    bench.apply(desired(schedule=Immediate()), allow_immediate=True)
    run = bench.apply(desired(schedule=Immediate()), allow_immediate=True)
    assert [item.id for item in run.result.in_doubt] == ["promo"]
    assert bench.service.calls.count(("create", bench.service.calls[1][1])) == 1


def test_apply_takes_the_soonest_first(bench: Bench) -> None:
    hours = {"c": 5, "a": 9, "b": 7}
    bench.apply(*(desired(id, title=id, schedule=once(n * HOUR)) for id, n in hours.items()))
    assert made(bench) == ["c", "b", "a"]


def test_apply_cancels_before_everything_else(bench: Bench) -> None:
    bench.apply(desired("gone", schedule=once(9 * DAY)), desired("kept", title="Kept"))
    bench.service.calls.clear()
    bench.apply(desired("kept", title="Changed", schedule=once(HOUR)), desired("new"))
    assert writes(bench)[0] == "cancel"
    cancelled = [about for method, about in bench.service.calls if method == "cancel"]
    assert bench.service.parameters[str(cancelled[0])]["TaskName"] == "gone"


def test_apply_never_has_two_that_look_alike_in_flight() -> None:
    bench = Bench(parallelism=8)
    watching = Watching(bench.service)
    bench.through = watching
    run = bench.apply(*(desired(f"s{number}") for number in range(4)))
    assert watching.together == {frozenset({"Title"})}
    assert run.result.failures == ()
    assert len(bench.service.open) == 4
