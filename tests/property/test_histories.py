"""Whatever people do, whenever it breaks: nobody gets a message twice, and it always settles."""

from __future__ import annotations

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pushctl.plan.change import Blocked
from pushctl.push.push import Push
from pushctl.schedule.recurrence import Recurrence, instants
from tests.builders import HORIZON
from tests.examples import share
from tests.property.histories import ONCE, Act, History, acts, manifests

SLOW = settings(
    max_examples=share(30),
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)


@SLOW
@given(st.lists(acts(), min_size=1, max_size=6))
def test_nobody_gets_a_message_twice(history: list[Act]) -> None:
    world = History()
    for act in history:
        world.happen(act)
        world.check()
    world.service.advance(10 * 86_400)
    world.check()


@SLOW
@given(st.lists(acts(), min_size=1, max_size=4), manifests())
def test_it_always_comes_to_rest(history: list[Act], last: tuple[Push, ...]) -> None:
    world = History()
    for act in history:
        world.happen(act)
    world.service.lag = 0
    world.service.advance(120)
    for _ in range(4):
        world.bench.apply(*last)
    before = (len(world.service.created), len(world.service.cancelled))
    run = world.bench.apply(*last)
    assert all(isinstance(change, Blocked) for change in run.plan.effective)
    assert before == (len(world.service.created), len(world.service.cancelled))
    held = {change.id for change in run.plan.blocked}
    live = {
        (id, label)
        for id, record in world.bench.state.pushes.items()
        for task in record.live
        for label in task.targets
    }
    wanted = {(push.id, target) for push in last if push.enabled for target in push.targets}
    now = world.service.now
    past = {id for id, at in ONCE.items() if at <= now}
    assert {pair for pair in live if pair[0] not in held | past} == {
        pair for pair in wanted if pair[0] not in held | past and still_due(pair[0], last, now)
    }
    if not held:
        owned = [t for r in world.bench.state.pushes.values() for t in r.live]
        assert sorted(task.task_id for task in owned) == sorted(world.service.open)


def still_due(id: str, pushes: tuple[Push, ...], now: int) -> bool:
    push = next(push for push in pushes if push.id == id)
    if not isinstance(push.schedule, Recurrence):
        return True
    return bool(instants(push.schedule, now + HORIZON.lead, HORIZON.end(now)))
