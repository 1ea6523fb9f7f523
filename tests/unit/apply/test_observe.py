"""What is recorded of what the list shows, and when it is believed."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from pushctl.errors import ServiceError
from pushctl.mpaas.interface import Unknown
from pushctl.plan.change import Action, BlockReason
from pushctl.push.task import ActualTask
from pushctl.state.state import Phase
from tests.builders import DAY, HOUR, desired
from tests.fakes import FakeClock, FakePushService
from tests.in_memory import Bench
from tests.unit.apply.runs import Watching, only, phases, quiet, writes


def test_the_very_first_apply_does_not_believe_one_empty_list() -> None:
    """The state may be lost and the list be wrong: together they look like a new project."""
    bench = Bench()
    bench.apply(desired())
    lost = Bench(service=bench.service, clock=bench.clock)
    bench.service.show_nothing()
    run = lost.apply(desired())
    assert [change.cause for change in run.plan.blocked] == [BlockReason.ADOPTION]
    assert len(bench.service.created) == 1


def test_apply_sees_deliveries(bench: Bench) -> None:
    bench.apply(desired())
    bench.service.advance(DAY)
    quiet(bench, desired())
    assert phases(bench) == [Phase.SENT]
    assert len(bench.service.delivered) == 1


def test_apply_does_nothing_when_the_service_cannot_be_read(bench: Bench) -> None:
    bench.service.fail_next(Unknown("down"), on="list")
    with pytest.raises(ServiceError):
        bench.apply(desired())
    assert writes(bench) == []


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
            self.looks += task_id is None
            hidden = (one, two)[self.looks % 2]
            rows = super().list(since=since, until=until, task_id=task_id)
            return [row for row in rows if row.task_id != hidden]

    bench.through = Flapping(bench.service)
    with pytest.raises(ServiceError, match="contradict"):
        bench.apply(*pushes)
    bench.through = None
    assert len(bench.service.created) == 2
    quiet(bench, *pushes)


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


def test_apply_believes_no_absence_when_it_was_told_to_stop(bench: Bench) -> None:
    bench.apply(desired())
    bench.service.advance(HOUR)
    bench.service.show_nothing(listings=2)
    bench.stop.set()
    bench.apply(desired())
    assert phases(bench) == [Phase.SCHEDULED]
