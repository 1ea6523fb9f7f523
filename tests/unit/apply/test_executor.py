"""One apply from the look to the result, against the fakes."""

from __future__ import annotations

import contextlib
import json
import threading
from collections.abc import Mapping, Sequence
from itertools import pairwise

import pytest

from pushctl.errors import AuthError, ServiceError, StateError
from pushctl.mpaas.interface import CancelOutcome, CreateOutcome, NotSent, Refused, Unknown
from pushctl.plan.change import Action, BlockReason, Rename, Replace
from pushctl.push.push import DesiredPush, Meta, OnRemove, Parameter
from pushctl.push.task import ActualTask
from pushctl.schedule.service_schedule import Immediate
from pushctl.state.events import Event
from pushctl.state.state import Phase, TaskRecord
from tests.builders import DAY, HOUR, NOW, changed, daily, days, desired, once, people, state
from tests.fakes import FakeClock, FakePushService, MemoryLease, MemoryStateStore
from tests.in_memory import Bench


@pytest.fixture
def bench() -> Bench:
    """Not the very first apply, which looks twice."""
    return Bench(store=MemoryStateStore(state()))


def only(bench: Bench, id: str = "promo") -> TaskRecord:
    (found,) = bench.state.pushes[id].live
    return found


def phases(bench: Bench, id: str = "promo") -> list[Phase]:
    return [task.phase for task in bench.state.pushes[id].tasks]


def made(bench: Bench) -> list[str]:
    """The task names of the creates that were called, in order."""
    return [str(about["TaskName"]) for method, about in bench.service.calls if method == "create"]


def writes(bench: Bench) -> list[str]:
    return [method for method, _ in bench.service.calls if method != "list"]


def quiet(bench: Bench, *pushes: DesiredPush, **intent: object) -> None:
    """The second run is a no-op."""
    before = writes(bench)
    run = bench.apply(*pushes, **intent)
    assert run.plan.effective == ()
    assert not any(run.result.done.values())
    assert writes(bench) == before
    assert run.result.failures == run.result.in_doubt == ()


def test_the_very_first_apply_does_not_believe_one_empty_list() -> None:
    """The state may be lost and the list be wrong: together they look like a new project."""
    bench = Bench()
    bench.apply(desired())
    lost = Bench(service=bench.service, clock=bench.clock)
    bench.service.show_nothing()
    run = lost.apply(desired())
    assert [change.cause for change in run.plan.blocked] == [BlockReason.ADOPTION]
    assert len(bench.service.created) == 1


# --- the plain things -----------------------------------------------------------------------------


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


def test_apply_sends_at_once_once(bench: Bench) -> None:
    push = desired(schedule=Immediate())
    bench.apply(push)
    assert bench.service.delivered == ()
    bench.apply(push, allow_immediate=True)
    assert phases(bench) == [Phase.SENT]
    assert [item.target for item in bench.service.delivered] == ["ann"]
    quiet(bench, push, allow_immediate=True)


def test_apply_sees_deliveries(bench: Bench) -> None:
    bench.apply(desired())
    bench.service.advance(DAY)
    quiet(bench, desired())
    assert phases(bench) == [Phase.SENT]
    assert len(bench.service.delivered) == 1


def test_apply_of_an_in_doubt_plan_says_so(bench: Bench) -> None:
    bench.service.fail_next(Unknown("timeout"))
    bench.apply(desired(schedule=Immediate()), allow_immediate=True)
    run = bench.apply(desired(schedule=Immediate()), allow_immediate=True)
    assert [item.id for item in run.result.in_doubt] == ["promo"]
    assert bench.service.calls.count(("create", bench.service.calls[1][1])) == 1


# --- order ----------------------------------------------------------------------------------------


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


def test_apply_does_not_create_before_the_cancel_is_verified(bench: Bench) -> None:
    bench.apply(desired())
    bench.service.calls.clear()
    bench.apply(desired(title="New"))
    assert [method for method, _ in bench.service.calls] == ["list", "cancel", "list", "create"]


class Watching:
    """Passes calls on, holding each create open until another one is under way, or a moment."""

    def __init__(self, service: FakePushService) -> None:
        self._service = service
        self._turn = threading.Condition()
        self._now: list[str] = []
        self.together: set[frozenset[str]] = set()

    def create(self, parameters: Mapping[str, Parameter]) -> CreateOutcome:
        with self._turn:
            self._now.append(str(parameters["Title"]))
            self.together |= {frozenset([title, str(parameters["Title"])]) for title in self._now}
            if len(self._now) != len(set(self._now)):
                self.together.add(frozenset({"equal"}))
            self._turn.notify_all()
            self._turn.wait_for(lambda: len(self._now) > 1, timeout=0.05)
        try:
            return self._service.create(parameters)
        finally:
            with self._turn:
                self._now.remove(str(parameters["Title"]))

    def cancel(self, task_id: str) -> CancelOutcome:
        return self._service.cancel(task_id)

    def revoke(self, message_key: str, target: str) -> CancelOutcome:
        return self._service.revoke(message_key, target)

    def list(self, *, since: int, until: int, task_id: str | None = None) -> Sequence[ActualTask]:
        return self._service.list(since=since, until=until, task_id=task_id)


def test_apply_never_has_two_that_look_alike_in_flight() -> None:
    bench = Bench(parallelism=8)
    watching = Watching(bench.service)
    bench.through = watching
    run = bench.apply(*(desired(f"s{number}") for number in range(4)))
    assert watching.together == {frozenset({"Title"})}
    assert run.result.failures == ()
    assert len(bench.service.open) == 4


def test_apply_works_on_several_that_differ_at_a_time() -> None:
    bench = Bench(parallelism=8)
    watching = Watching(bench.service)
    bench.through = watching
    bench.apply(desired("a", title="A"), desired("b", title="B"), desired("c", title="C"))
    assert any(len(pair) == 2 for pair in watching.together)
    assert len(bench.service.open) == 3


# --- failures -------------------------------------------------------------------------------------


def test_apply_waits_when_throttled(bench: Bench) -> None:
    bench.service.fail_next(NotSent("slow down", throttled=True, retry_after=7))
    run = bench.apply(desired())
    assert run.result.tasks_created == 1
    assert isinstance(bench.clock, FakeClock)
    assert 7 <= bench.clock.slept[0] <= 9
    assert len(bench.service.created) == 1


def test_apply_gives_up_when_nothing_gets_through(bench: Bench) -> None:
    for _ in range(6):
        bench.service.fail_next(NotSent("no way there"))
    run = bench.apply(desired("a"), desired("b", title="B"))
    assert [item.id for item in run.result.failures] == ["a"]
    assert made(bench) == ["a"] * 6 + ["b"]
    assert bench.state.pushes["a"].tasks == ()
    bench.apply(desired("a"), desired("b", title="B"))
    assert only(bench, "a").generation == 1
    quiet(bench, desired("a"), desired("b", title="B"))


def test_apply_reports_a_refusal_and_goes_on(bench: Bench) -> None:
    bench.service.fail_next(Refused("3024", "too long", "R"))
    run = bench.apply(desired("a"), desired("b"))
    assert [(item.id, item.reason) for item in run.result.failures] == [
        ("a", "the service refused it: too long")
    ]
    assert run.result.done[Action.CREATE] == 1
    assert bench.state.pushes["a"].tasks == ()


def test_apply_completes_what_was_refused_in_part(bench: Bench) -> None:
    push = desired(targets=people(23))
    bench.apply(desired("other", title="Other"))
    bench.service.calls.clear()
    bench.service.fail_next(Refused("1", "no", "R"), on="create")
    bench.apply(push, desired("other", title="Other"))
    bench.apply(push, desired("other", title="Other"))
    got = sorted(label for task in bench.state.pushes["promo"].live for label in task.targets)
    assert got == sorted(people(23))
    assert len(bench.service.open) == 4
    quiet(bench, push, desired("other", title="Other"))


@pytest.mark.parametrize("on", ["create", "cancel"])
def test_apply_stops_when_the_credentials_are_refused(bench: Bench, on: str) -> None:
    bench.apply(desired("a"), desired("b", title="B"))
    after = (desired("a", title="A2"), desired("b", title="B2"))
    bench.service.fail_next(Refused("-1", "no", "R", auth=True), on=on)
    run = bench.apply(*after)
    assert run.result.denied
    assert not run.result.interrupted
    assert [item.id for item in run.result.failures] == ["a"]
    assert len(bench.service.created) == 2
    bench.stop = threading.Event()
    bench.until_quiet(*after)
    assert len(bench.service.open) == 2


def test_apply_stops_when_it_may_not_look(bench: Bench) -> None:
    bench.apply(desired("a"), desired("b", title="B"))

    class Denying(Watching):
        denied = False

        def cancel(self, task_id: str) -> CancelOutcome:
            self.denied = True
            return self._service.cancel(task_id)

        def list(
            self, *, since: int, until: int, task_id: str | None = None
        ) -> Sequence[ActualTask]:
            if self.denied:
                raise AuthError("no")
            return super().list(since=since, until=until, task_id=task_id)

    bench.through = Denying(bench.service)
    run = bench.apply(desired("a", title="A2"), desired("b", title="B2"))
    assert run.result.denied
    assert [item.id for item in run.result.in_doubt] == ["a"]
    assert len(bench.service.cancelled) == 1
    assert len(bench.service.created) == 2


def test_apply_does_nothing_when_the_service_cannot_be_read(bench: Bench) -> None:
    bench.service.fail_next(Unknown("down"), on="list")
    with pytest.raises(ServiceError):
        bench.apply(desired())
    assert writes(bench) == []


# --- outcomes nobody knows ------------------------------------------------------------------------


def test_apply_finds_a_create_without_an_answer(bench: Bench) -> None:
    bench.service.fail_next(Unknown("timeout"), after=True)
    run = bench.apply(desired())
    assert run.result.tasks_created == 1
    assert len(bench.service.created) == 1
    assert run.told("task.settled") == ["promo"]
    quiet(bench, desired())


def test_apply_finds_it_though_the_list_lags(bench: Bench) -> None:
    bench.service.lag = 20
    bench.service.fail_next(Unknown("timeout"), after=True)
    bench.apply(desired())
    assert len(bench.service.created) == 1
    quiet(bench, desired())


def test_apply_tries_again_with_the_same_keys_what_did_not_arrive(bench: Bench) -> None:
    bench.service.fail_next(Unknown("timeout"))
    run = bench.apply(desired())
    assert run.result.tasks_created == 1
    first, second = [about for method, about in bench.service.calls if method == "create"]
    assert first == second
    assert bench.service.now >= NOW + 30
    quiet(bench, desired())


def test_apply_tries_only_twice(bench: Bench) -> None:
    for _ in range(3):
        bench.service.fail_next(Unknown("timeout"))
    run = bench.apply(desired())
    assert made(bench) == ["promo"] * 2
    assert [item.id for item in run.result.failures] == ["promo"]
    assert bench.state.pushes["promo"].tasks == ()


def test_apply_counts_the_settle_time_from_the_answer_that_stayed_away(bench: Bench) -> None:
    """A throttled call leaves long after its intent; a lagging list must get its time anyway."""
    bench.service.lag = 20
    bench.service.fail_next(NotSent("slow down", throttled=True, retry_after=50))
    bench.service.fail_next(Unknown("timeout"), after=True)
    bench.apply(desired())
    assert len(bench.service.created) == 1


def test_apply_writes_an_intent_before_each_attempt(bench: Bench) -> None:
    bench.service.fail_next(NotSent("slow down", throttled=True, retry_after=50))
    bench.service.fail_next(Unknown("timeout"), after=True)
    bench.service.lag = 40
    bench.settle_time = 20
    bench.apply(desired())
    # The list lagged longer than the settle time allows for: nothing can help; but the intent
    # that settling goes by is the one of the second attempt.
    assert made(bench) == ["promo"] * 3
    run = bench.apply(desired("b", title="B"))
    assert run.told("task.create.intent") == ["b"]


def test_apply_leaves_in_doubt_what_two_tasks_could_be(bench: Bench) -> None:
    class Crowded(Watching):
        def create(self, parameters: Mapping[str, Parameter]) -> CreateOutcome:
            self._service.create({**parameters, "TaskName": "by hand"})
            self._service.create(parameters)
            return Unknown("timeout")

    bench.through = Crowded(bench.service)
    run = bench.apply(desired("a"), desired("b"))
    assert [item.id for item in run.result.in_doubt] == ["a"]
    assert [(item.id, item.fix) for item in run.result.failures] == [
        ("b", "pushctl state resolve a")
    ]
    assert bench.state.pushes["a"].in_doubt
    assert "b" not in bench.state.pushes
    assert len(bench.service.created) == 2
    bench.through = None
    run = bench.apply(desired("a"), desired("b"))
    assert len(bench.service.created) == 2
    assert [(item.id, item.fix) for item in run.result.in_doubt] == [
        ("a", "pushctl state resolve a"),
        ("b", "pushctl state resolve a"),
    ]


def test_apply_never_sends_again_what_is_in_doubt_past_its_time(bench: Bench) -> None:
    bench.service.fail_next(Unknown("timeout"))
    run = bench.apply(desired(schedule=once(10)))
    assert [item.id for item in run.result.in_doubt] == ["promo"]
    bench.service.advance(DAY)
    run = bench.apply(desired(schedule=once(10)), send_late=True)
    assert [item.id for item in run.result.in_doubt] == ["promo"]
    assert made(bench) == ["promo"]


def test_apply_creates_nothing_beside_a_stranger_that_looks_the_same(bench: Bench) -> None:
    other = Bench(bench.service)
    other.apply(desired("stranger"))
    run = bench.apply(desired())
    assert [item.id for item in run.plan.stopping] == ["promo"]
    assert len(bench.service.created) == 1


def test_apply_leaves_in_doubt_what_it_cannot_look_up(bench: Bench) -> None:
    class Blind(Watching):
        blind = False

        def create(self, parameters: Mapping[str, Parameter]) -> CreateOutcome:
            self.blind = True
            self._service.create(parameters)
            return Unknown("timeout")

        def list(
            self, *, since: int, until: int, task_id: str | None = None
        ) -> Sequence[ActualTask]:
            if self.blind:
                raise ServiceError("down")
            return super().list(since=since, until=until, task_id=task_id)

    bench.through = Blind(bench.service)
    run = bench.apply(desired())
    assert len(run.result.in_doubt) == 1
    bench.through = None
    quiet(bench, desired())
    assert len(bench.service.created) == 1


def test_apply_does_not_create_what_is_too_late_by_now(bench: Bench) -> None:
    for _ in range(2):
        bench.service.fail_next(NotSent("slow down", throttled=True, retry_after=60))
    run = bench.apply(desired(schedule=once(100)))
    assert bench.service.created == []
    assert "passed" in run.result.failures[0].reason
    assert bench.state.pushes["promo"].tasks == ()


def test_apply_does_not_create_a_loop_whose_first_delivery_passed(bench: Bench) -> None:
    for _ in range(2):
        bench.service.fail_next(NotSent("slow down", throttled=True, retry_after=60))
    push = desired(schedule=daily("04:28", days(0), days(9)))
    run = bench.apply(push)
    assert "passed" in run.result.failures[0].reason
    bench.apply(push)
    assert bench.state.pushes["promo"].live[0].first == NOW + 80 + DAY
    quiet(bench, push)


# --- cancels --------------------------------------------------------------------------------------


def test_apply_waits_for_the_list_to_follow_a_cancel(bench: Bench) -> None:
    bench.apply(desired())
    bench.service.advance(60)
    bench.service.lag = 20
    after = desired(title="New")
    run = bench.apply(after)
    assert (run.result.tasks_cancelled, run.result.tasks_created) == (1, 1)
    quiet(bench, after)


def test_apply_creates_nothing_while_the_former_task_is_still_there(bench: Bench) -> None:
    bench.apply(desired())
    bench.service.fail_next(Refused("1", "cannot", "R"), on="cancel")
    run = bench.apply(desired(title="New"))
    assert made(bench) == ["promo"]
    assert "was not cancelled: cannot" in run.result.failures[0].reason
    assert phases(bench) == [Phase.SCHEDULED]
    bench.until_quiet(desired(title="New"))
    assert len(bench.service.open) == 1


def test_apply_creates_nothing_when_a_cancel_that_was_accepted_did_nothing(bench: Bench) -> None:
    bench.apply(desired())

    class Lying(Watching):
        def cancel(self, task_id: str) -> CancelOutcome:
            from pushctl.mpaas.interface import Accepted

            return Accepted("R")

    bench.through = Lying(bench.service)
    run = bench.apply(desired(title="New"))
    assert made(bench) == ["promo"]
    assert len(run.result.failures) == 1
    assert phases(bench) == [Phase.SCHEDULED]


@pytest.mark.parametrize("after", [False, True])
def test_apply_looks_what_became_of_a_cancel_without_an_answer(bench: Bench, after: bool) -> None:
    bench.apply(desired())
    bench.service.advance(HOUR)
    bench.service.fail_next(Unknown("timeout"), on="cancel", after=after)
    bench.apply(desired(title="New"))
    assert len(bench.service.open) == 1
    assert len(bench.service.created) == (2 if after else 1)
    bench.until_quiet(desired(title="New"))
    assert len(bench.service.open) == 1


def test_apply_does_not_take_one_empty_list_for_a_cancel(bench: Bench) -> None:
    bench.apply(desired())
    bench.service.advance(HOUR)

    class Empty(Watching):
        def cancel(self, task_id: str) -> CancelOutcome:
            self._service.show_nothing()
            return Unknown("timeout")

    bench.through = Empty(bench.service)
    bench.apply(desired(title="New"))
    assert len(bench.service.created) == 1


def test_apply_creates_nothing_for_what_was_delivered_meanwhile(bench: Bench) -> None:
    bench.apply(desired(schedule=once(HOUR)))
    bench.service.advance(HOUR - 20)
    bench.service.lag = 20
    for _ in range(2):
        bench.service.fail_next(NotSent("slow", throttled=True, retry_after=20), on="cancel")
    after = desired(schedule=once(DAY))
    run = bench.apply(after, now_or_never=True)
    assert "delivered before it could be cancelled" in run.result.failures[0].reason
    assert made(bench) == ["promo"]
    assert phases(bench) == [Phase.SENT]
    assert len(bench.service.delivered) == 1


def test_apply_creates_no_loop_that_was_delivered_meanwhile(bench: Bench) -> None:
    before = desired(schedule=daily("04:30"))
    bench.apply(before)
    bench.service.advance(180)
    for _ in range(2):
        bench.service.fail_next(NotSent("slow", throttled=True, retry_after=30), on="cancel")
    after = desired(schedule=daily("18:00"))
    run = bench.apply(after, now_or_never=True)
    assert "nothing was created" in run.result.failures[0].reason
    bench.until_quiet(after)
    bench.service.advance(2 * DAY)
    assert len(bench.service.delivered) == 1 + 1  # today's 04:30 and tomorrow's 18:00


def test_apply_asks_about_the_danger_window_again(bench: Bench) -> None:
    bench.apply(desired(schedule=once(650)), desired("slow", title="Slow"))
    for _ in range(2):
        bench.service.fail_next(NotSent("slow", throttled=True, retry_after=40), on="cancel")
    run = bench.apply(desired(schedule=once(DAY)))
    assert [item.id for item in run.result.failures] == ["promo"]
    assert "away by now" in run.result.failures[0].reason
    assert phases(bench) == [Phase.SCHEDULED]


def test_apply_finishes_an_entry_that_it_has_begun(bench: Bench) -> None:
    """To stop between two chunks would leave half of the people without any message."""
    bench.apply(desired(targets=people(20), schedule=once(640)))
    bench.service.advance(30)
    bench.service.lag = 25
    after = desired(targets=people(20), schedule=once(640), title="New")
    run = bench.apply(after)
    assert run.result.failures == ()
    assert (run.result.tasks_cancelled, run.result.tasks_created) == (2, 2)
    bench.service.advance(DAY)
    assert sorted(item.target for item in bench.service.delivered) == sorted(people(20))


# --- drift ----------------------------------------------------------------------------------------


def test_apply_creates_anew_what_somebody_cancelled(bench: Bench) -> None:
    bench.apply(desired())
    bench.service.advance(HOUR)
    bench.service.cancel(bench.service.open[0])
    run = bench.apply(desired())
    assert run.result.done[Action.CREATE] == 1
    assert only(bench).generation == 2
    quiet(bench, desired())


def test_apply_looks_twice_before_it_misses_something(bench: Bench) -> None:
    bench.apply(desired())
    bench.service.advance(HOUR)
    bench.service.show_nothing()
    run = bench.apply(desired())
    assert run.plan.effective == ()
    assert len(bench.service.created) == 1


def test_apply_believes_no_lists_that_contradict_each_other(bench: Bench) -> None:
    pushes = [desired("a"), desired("b", title="B")]
    bench.apply(*pushes)
    bench.service.advance(HOUR)
    one, two = bench.service.open

    class Flapping(Watching):
        looks = 0

        def list(
            self, *, since: int, until: int, task_id: str | None = None
        ) -> Sequence[ActualTask]:
            self.looks += 1
            hidden = (one, two)[self.looks % 2]
            rows = super().list(since=since, until=until, task_id=task_id)
            return [row for row in rows if row.task_id != hidden]

    bench.through = Flapping(bench.service)
    with pytest.raises(ServiceError, match="contradict"):
        bench.apply(*pushes)
    bench.through = None
    assert len(bench.service.created) == 2
    quiet(bench, *pushes)


def test_apply_cancels_what_was_taken_for_gone_and_is_there(bench: Bench) -> None:
    bench.apply(desired())
    bench.service.advance(HOUR)
    bench.service.show_nothing(listings=2)
    bench.apply(desired())
    assert len(bench.service.open) == 2
    bench.service.advance(60)
    run = bench.apply(desired())
    assert run.result.tasks_cancelled == 1
    assert bench.service.open == (only(bench).task_id,)
    assert only(bench).generation == 2
    quiet(bench, desired())


def test_apply_does_not_miss_what_is_being_delivered_by_a_fast_clock() -> None:
    service = FakePushService(keeps_executed=False)
    bench = Bench(service, clock=FakeClock(service, skew=-60))
    bench.apply(desired())
    service.advance(DAY + 5)
    bench.apply(desired())
    assert len(service.created) == 1
    service.advance(300)
    quiet(bench, desired())


def test_apply_does_not_send_again_what_a_fast_clock_has_delivered() -> None:
    service = FakePushService()
    bench = Bench(service, clock=FakeClock(service, skew=-60))
    bench.apply(desired())
    service.advance(DAY + 5)
    quiet(bench, desired())
    assert phases(bench) == [Phase.SENT]


# --- the end of a run -----------------------------------------------------------------------------


def test_apply_starts_nothing_after_a_stop(bench: Bench) -> None:
    class Stopping(Watching):
        def create(self, parameters: Mapping[str, Parameter]) -> CreateOutcome:
            bench.stop.set()
            return self._service.create(parameters)

    bench.through = Stopping(bench.service)
    pushes = [desired(f"p{number}", title=f"T{number}") for number in range(4)]
    run = bench.apply(*pushes)
    assert run.result.interrupted
    assert len(bench.service.created) == 1
    assert run.result.tasks_created == 1
    bench.through, bench.stop = None, threading.Event()
    bench.until_quiet(*pushes)
    assert len(bench.service.open) == 4


def test_apply_does_not_call_again_after_a_stop(bench: Bench) -> None:
    class Stopping(Watching):
        calls = 0

        def create(self, parameters: Mapping[str, Parameter]) -> CreateOutcome:
            self.calls += 1
            bench.stop.set()
            return NotSent("slow down", throttled=True)

    bench.through = Stopping(bench.service)
    bench.apply(desired())
    assert bench.through.calls == 1
    assert bench.state.pushes["promo"].tasks == ()


def test_apply_leaves_in_doubt_what_it_was_stopped_to_look_for(bench: Bench) -> None:
    class Stopping(Watching):
        def create(self, parameters: Mapping[str, Parameter]) -> CreateOutcome:
            self._service.create(parameters)
            bench.stop.set()
            return Unknown("timeout")

    bench.through = Stopping(bench.service)
    run = bench.apply(desired())
    assert run.result.interrupted
    bench.through, bench.stop = None, threading.Event()
    quiet(bench, desired())
    assert len(bench.service.created) == 1


def test_apply_believes_no_absence_when_it_was_told_to_stop(bench: Bench) -> None:
    bench.apply(desired())
    bench.service.advance(HOUR)
    bench.service.show_nothing(listings=2)
    bench.stop.set()
    bench.apply(desired())
    assert phases(bench) == [Phase.SCHEDULED]


def test_apply_ends_when_the_state_cannot_be_written(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    pushes = [desired(f"p{number}", title=f"T{number}") for number in range(4)]
    real = MemoryLease.record

    def full(self: MemoryLease, event: Event) -> None:
        if len(self.events) == 1:
            raise StateError("The journal cannot be written")
        real(self, event)

    with monkeypatch.context() as patched, contextlib.suppress(StateError):
        patched.setattr(MemoryLease, "record", full)
        bench.apply(*pushes)
        raise AssertionError("it went on")
    assert len(bench.service.created) == 1
    bench.stop = threading.Event()
    bench.until_quiet(*pushes)
    assert len(bench.service.created) == 4


def test_apply_in_parallel_does_what_it_does_alone() -> None:
    pushes = [desired(f"p{n}", title=f"T{n % 5}", targets=people(n + 1)) for n in range(20)]
    edited = [changed(push, targets=(*push.targets, "new")) for push in pushes[3:]]
    found = []
    for parallelism in (1, 8):
        bench = Bench(parallelism=parallelism)
        bench.apply(*pushes)
        run = bench.apply(*edited)
        assert run.result.failures == ()
        quiet(bench, *edited)
        found.append(
            {
                (id, task.slot, *sorted(task.targets.items()))
                for id, record in bench.state.pushes.items()
                for task in record.live
            }
        )
    assert found[0] == found[1]


def test_apply_gives_the_list_its_time_after_a_call_that_took_long(bench: Bench) -> None:
    class Slow(Watching):
        def create(self, parameters: Mapping[str, Parameter]) -> CreateOutcome:
            self._service.advance(50)
            self._service.create(parameters)
            return Unknown("read timeout")

    bench.through, bench.service.lag = Slow(bench.service), 20
    bench.apply(desired())
    assert len(bench.service.created) == 1


def test_apply_goes_on_with_what_cannot_be_mistaken_for_the_one_in_doubt(bench: Bench) -> None:
    bench.service.fail_next(Unknown("timeout"))
    run = bench.apply(desired("a", schedule=once(10)), desired("b", schedule=once(DAY)))
    assert [item.id for item in run.result.in_doubt] == ["a"]
    assert run.result.failures == ()
    assert len(bench.service.open) == 1


def test_apply_cancels_nothing_that_it_could_not_create_again(bench: Bench) -> None:
    class Crowded(Watching):
        def create(self, parameters: Mapping[str, Parameter]) -> CreateOutcome:
            if parameters["TaskName"] == "a":
                self._service.create({**parameters, "TaskName": "by hand"})
                self._service.create(parameters)
                return Unknown("timeout")
            return self._service.create(parameters)

    bench.apply(desired("b", title="Before"))
    bench.through = Crowded(bench.service)
    run = bench.apply(desired("a"), desired("b"))
    assert [item.id for item in run.result.in_doubt] == ["a"]
    assert [item.id for item in run.result.failures] == ["b"]
    assert bench.service.cancelled == []


def test_apply_remembers_when_the_last_attempt_left(bench: Bench) -> None:
    """Killed during an attempt that was made minutes after the first one."""

    class Dead(BaseException):
        pass

    class Killed(Watching):
        attempts = 0

        def create(self, parameters: Mapping[str, Parameter]) -> CreateOutcome:
            self.attempts += 1
            if self.attempts < 3:
                return NotSent("slow down", throttled=True, retry_after=60)
            self._service.create(parameters)
            raise Dead

    bench.through, bench.service.lag = Killed(bench.service), 20
    with pytest.raises(Dead):
        bench.apply(desired())
    bench.through, bench.stop = None, threading.Event()
    quiet(bench, desired())
    assert len(bench.service.created) == 1
