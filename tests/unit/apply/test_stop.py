"""The red button: everything that may still be delivered is cancelled, once and for all."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from pushctl.errors import ServiceError
from pushctl.mpaas.interface import (
    CancelOutcome,
    CreateOutcome,
    NotSent,
    Objection,
    Refused,
    Unknown,
    no_objection,
)
from pushctl.plan.change import Cancel, Create, NoOp
from pushctl.plan.stop import Delivered, Revocation
from pushctl.push.push import Meta, Parameter, Push
from pushctl.push.task import ActualTask
from pushctl.state.events import ABSENT
from pushctl.state.state import Phase
from tests.builders import DAY, HOUR, NOW, daily, days, desired, once, people
from tests.fakes import FakeClock, FakePushService
from tests.in_memory import Bench

LOOP = desired("loop", title="Loop", schedule=daily("12:00"))
BIG = desired("big", targets=people(23), schedule=once(3 * DAY))
SOON = desired("soon", title="Soon", schedule=once(300), meta=Meta(protect=True))


def applied(*pushes: Push) -> Bench:
    bench = Bench()
    bench.apply(*(pushes or (LOOP, BIG, SOON)))
    return bench


def cancelled_in_order(bench: Bench) -> list[str]:
    names = {id: str(facts["TaskName"]) for id, facts in bench.service.parameters.items()}
    return [names[id] for id in bench.service.cancelled]


def test_stop_cancels_the_soonest_first_whatever_protects_it() -> None:
    bench = applied()
    found, counters = bench.halt("big", "loop", "soon")
    assert cancelled_in_order(bench) == ["soon", "loop", "big", "big", "big"]
    assert bench.service.open == ()
    assert found.clean
    assert (counters.cancelled, counters.failures, counters.in_doubt) == (5, [], [])


def test_stop_leaves_the_others_alone() -> None:
    bench = applied()
    bench.halt("big")
    assert len(bench.service.open) == 2
    assert not bench.state.pushes["loop"].stopped


def test_a_stopped_push_stays_stopped_until_it_is_resumed() -> None:
    bench = applied(LOOP, BIG)
    bench.halt("loop", "big")
    run = bench.apply(LOOP, BIG)
    assert all(isinstance(change, NoOp) for change in run.plan.changes)
    assert bench.service.open == ()
    assert bench.resume("loop", "big") == ("loop", "big")
    assert bench.resume("loop", "big") == ()
    bench.until_quiet(LOOP, BIG)
    assert len(bench.service.open) == 4


def test_a_stopped_push_comes_back_when_its_content_changes() -> None:
    bench = applied(BIG)
    bench.halt("big", wanted={"big": BIG.fingerprint})
    changed = desired("big", content="Other", targets=people(23), schedule=once(3 * DAY))
    run = bench.apply(changed)
    assert isinstance(run.plan.changes[0], Create)
    assert not bench.state.pushes["big"].stopped
    assert len(bench.service.open) == 3


OTHER = desired("big", content="Other", targets=people(23), schedule=once(3 * DAY))


def test_an_edit_that_was_waiting_does_not_undo_a_stop() -> None:
    bench = applied(BIG)
    bench.halt("big", wanted={"big": OTHER.fingerprint})
    for push in (OTHER, BIG, OTHER):
        assert all(isinstance(change, NoOp) for change in bench.apply(push).plan.changes)
    assert bench.service.open == ()
    later = desired("big", content="Later", targets=people(23), schedule=once(3 * DAY))
    bench.apply(later)
    assert len(bench.service.open) == 3


def test_what_nobody_could_read_at_a_stop_is_read_by_the_next_apply() -> None:
    bench = applied(BIG)
    bench.halt("big")
    bench.apply(OTHER)
    assert bench.state.pushes["big"].stopped_as == OTHER.fingerprint
    assert bench.service.open == ()
    later = desired("big", content="Later", targets=people(23), schedule=once(3 * DAY))
    bench.apply(later)
    assert len(bench.service.open) == 3


def test_an_entry_that_was_gone_at_a_stop_comes_back_with_the_manifest() -> None:
    bench = applied(BIG)
    bench.halt("big", wanted={})
    assert bench.state.pushes["big"].stopped_as == ABSENT
    bench.apply(OTHER)
    assert len(bench.service.open) == 3


def test_stop_again_calls_nothing_and_tells_the_same() -> None:
    bench = applied()
    first, _ = bench.halt("big", "loop", "soon")
    calls = len([call for call in bench.service.calls if call[0] == "cancel"])
    second, counters = bench.halt("big", "loop", "soon")
    assert len([call for call in bench.service.calls if call[0] == "cancel"]) == calls
    assert [push.cancelled for push in second.pushes] == [push.cancelled for push in first.pushes]
    assert [push.prevented for push in second.pushes] == [push.prevented for push in first.pushes]
    assert counters.cancelled == 0


class Blind:
    """A service whose list cannot be read any more once a create was made, and lost its answer."""

    clock_offset: float | None = None

    def __init__(self, service: FakePushService) -> None:
        self._service = service
        self._blind = False

    def create(
        self, parameters: Mapping[str, Parameter], objection: Objection = no_objection
    ) -> CreateOutcome:
        self._service.create(parameters, objection)
        self._blind = True
        return Unknown("timeout")

    def cancel(self, task_id: str, objection: Objection = no_objection) -> CancelOutcome:
        return self._service.cancel(task_id, objection)

    def revoke(self, message_key: str, target: str) -> CancelOutcome:
        return self._service.revoke(message_key, target)

    def list(self, *, since: int, until: int, task_id: str | None = None) -> Sequence[ActualTask]:
        if self._blind:
            raise ServiceError("The service could not be read")
        return self._service.list(since=since, until=until, task_id=task_id)


def test_stop_finds_and_cancels_what_a_lost_call_made() -> None:
    bench = applied(LOOP)
    bench.through = Blind(bench.service)
    bench.apply(LOOP, SOON)
    bench.through = None
    assert [task.phase for task in bench.state.pushes["soon"].tasks] == [Phase.CREATING]
    found, counters = bench.halt("soon")
    assert found.clean, counters
    assert cancelled_in_order(bench) == ["soon"]
    assert len(bench.service.open) == 1


def test_stop_hands_an_ambiguous_call_to_a_person() -> None:
    bench = applied(LOOP)
    bench.through = Blind(bench.service)
    bench.apply(LOOP, SOON)
    bench.through = None
    twin = next(facts for facts in bench.service.parameters.values() if facts["Title"] == "Soon")
    bench.service.create(twin)
    found, counters = bench.halt("soon")
    assert not found.clean
    assert [item.id for item in counters.in_doubt] == ["soon"]


def test_stop_reports_what_had_gone_out_and_to_how_many() -> None:
    loop = desired("loop", targets=people(12), schedule=daily("12:00", last=days(30)))
    bench = applied(loop)
    bench.service.advance(3 * DAY)
    found, _ = bench.halt("loop")
    (push,) = found.pushes
    assert [item.targets for item in push.delivered] == [12, 12, 12]
    assert push.people == 12
    assert push.prevented == 28
    assert push.next_prevented is not None
    assert push.next_prevented > bench.service.now
    assert push.withdrawn == {}


def test_revoke_withdraws_what_was_delivered_in_the_last_seven_days() -> None:
    one, two = desired("one", targets=people(3), schedule=once(HOUR)), desired("two", title="Two")
    bench = applied(one, two)
    bench.service.advance(2 * HOUR)
    bench.apply(one, two)
    found, _ = bench.halt("one", "two", revoke=True)
    assert {target for _, target in bench.service.revoked} == set(people(3))
    keys = bench.state.pushes["one"].tasks[0].targets
    assert set(bench.service.revoked) == {(key, target) for target, key in keys.items()}
    by_id = {push.id: push for push in found.pushes}
    assert by_id["one"].withdrawn == {Revocation.ACCEPTED: 3}
    assert by_id["one"].delivered == (Delivered(NOW + HOUR, 3),)
    assert by_id["two"].withdrawn == {}


def test_revoke_leaves_what_is_older_alone_and_counts_what_is_refused() -> None:
    old = desired("old", schedule=once(HOUR))
    new = desired("new", title="New", targets=people(2), schedule=once(8 * DAY))
    bench = applied(old, new)
    bench.service.advance(8 * DAY + HOUR)
    bench.apply(old, new)
    bench.service.fail_next(Refused("3028", "too late", "R"), on="revoke")
    found, _ = bench.halt("old", "new", revoke=True)
    assert len(bench.service.revoked) == 1
    by_id = {push.id: push for push in found.pushes}
    assert by_id["new"].withdrawn == {Revocation.REFUSED: 1, Revocation.ACCEPTED: 1}
    assert by_id["old"].withdrawn == {}


def test_what_could_not_be_cancelled_is_left_in_the_report_and_done_by_the_next_run() -> None:
    bench = applied(BIG, LOOP)
    for _ in range(100):
        bench.service.fail_next(NotSent("no way there"), on="cancel")
    found, counters = bench.halt("big", "loop")
    assert [len(push.left) for push in found.pushes] == [3, 1]
    assert counters.failures
    bench.service.forget_faults()
    again, _ = bench.halt("big", "loop")
    assert again.clean
    assert bench.service.open == ()


def test_a_cancel_that_a_lost_stop_left_is_finished_by_apply() -> None:
    bench = applied(BIG)
    for _ in range(40):
        bench.service.fail_next(Refused("3028", "no", "R"), on="cancel")
    bench.halt("big")
    assert len(bench.service.open) == 3
    bench.service.forget_faults()
    run = bench.apply(BIG)
    assert isinstance(run.plan.changes[0], Cancel)
    assert bench.service.open == ()
    assert all(isinstance(change, NoOp) for change in bench.apply(BIG).plan.changes)


def test_stop_ends_with_a_doubt_where_the_service_cannot_be_read() -> None:
    bench = applied(BIG)
    bench.service.fail_next(Unknown("down"), on="list")
    bench.service.fail_next(Unknown("down"), on="list")
    bench.service.fail_next(Unknown("down"), on="list")
    bench.service.fail_next(Unknown("down"), on="list")
    found, counters = bench.halt("big")
    assert not found.clean
    assert counters.in_doubt
    assert bench.service.open == ()  # they were cancelled, and nobody could see it
    again, _ = bench.halt("big")
    assert again.clean


def test_the_clock_of_a_report_is_the_commands() -> None:
    bench = applied(BIG)
    bench.clock = FakeClock(bench.service)
    found, _ = bench.halt("big")
    assert found.at == bench.service.now
    assert found.pushes[0].stopped_at == found.at
