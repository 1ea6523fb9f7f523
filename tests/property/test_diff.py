"""What holds for every manifest and every state."""

from __future__ import annotations

import datetime as dt
import json
from unittest import mock

from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from pushctl.plan.change import NoOp, action_of, cancels_of, creates_of
from pushctl.plan.diff import diff as module
from pushctl.plan.diff import target_chunks
from pushctl.plan.diff.diff import diff
from pushctl.plan.reconcile.refresh import refresh
from pushctl.push.push import Meta, OnRemove, Push
from pushctl.push.task import Slot
from pushctl.schedule.recurrence import Recurrence
from pushctl.schedule.recurrence import instants as instants_of
from pushctl.schedule.service_schedule import Every, Immediate, Loop, OneShot, Schedule, deliveries
from pushctl.state.codec import decode_event, decode_state, encode_event, encode_state
from pushctl.state.events import (
    CancelBegan,
    CancelConfirmed,
    CancelFailed,
    CreateBegan,
    CreateConfirmed,
    CreateDoubted,
    CreateFailed,
    Event,
    PushForgotten,
    PushNoted,
    PushRenamed,
    TaskAdopted,
    TaskObserved,
    advance,
)
from pushctl.state.state import Match, Phase, PushRecord, State, TaskRecord
from tests.builders import (
    DAY,
    HORIZON,
    HOUR,
    NOW,
    actual,
    context,
    daily,
    days,
    desired,
    people,
    state,
    task,
)
from tests.examples import share
from tests.fakes import ZONE
from tests.in_memory import Bench
from tests.property.histories import manifests, recurrences

QUICK = settings(max_examples=share(60), deadline=None, derandomize=True)

texts = st.text(st.characters(codec="utf-8"), max_size=8)
names = st.text(min_size=1, max_size=6)
instants = st.integers(0, 4_000_000_000)
dates = st.dates(dt.date(2020, 1, 1), dt.date(2090, 1, 1))
schedules: st.SearchStrategy[Schedule] = st.one_of(
    st.just(Immediate()),
    st.builds(OneShot, instants),
    st.sampled_from([(Every.DAY, 0), (Every.WEEK, 7), (Every.MONTH, 31)]).flatmap(
        lambda kind: st.builds(
            Loop,
            st.just(kind[0]),
            st.lists(st.integers(1, max(kind[1], 1)), max_size=3 if kind[1] else 0).map(tuple),
            st.times().map(lambda time: time.replace(microsecond=0, fold=0)),
            dates,
            dates,
        )
    ),
)
metas = st.builds(
    Meta,
    owner=st.none() | texts,
    description=st.none() | texts,
    labels=st.dictionaries(names, texts, max_size=2),
    protect=st.booleans(),
    on_remove=st.sampled_from(OnRemove),
)
specs = st.dictionaries(names, st.recursive(texts | st.booleans() | st.integers(), st.lists))
tasks = st.builds(
    TaskRecord,
    chunk=st.integers(0, 2),
    segment=st.integers(0, 2),
    generation=st.integers(1, 3),
    phase=st.sampled_from(Phase),
    fingerprint=names,
    targets=st.dictionaries(names, texts, max_size=3),
    schedule=schedules,
    first=st.none() | instants,
    last=st.none() | instants,
    began_at=instants,
    match=st.none() | st.builds(Match, texts, texts, st.integers(0, 9), st.lists(names).map(tuple)),
    task_id=names,
    created_at=st.none() | instants,
    request_id=texts,
    doubt=st.none() | texts,
    over_at=st.none() | instants,
    covers=st.none() | instants,
)
records = st.builds(
    PushRecord,
    generation=st.integers(1, 9),
    fingerprint=names,
    spec=specs,
    meta=metas,
    tasks=st.lists(tasks, max_size=3).map(tuple),
    stopped_at=st.sampled_from([None, NOW]),
)
states = st.builds(
    State,
    lineage=names,
    app=names,
    workspace=names,
    serial=st.integers(0, 99),
    pushes=st.dictionaries(names, records, max_size=3),
    retired=st.dictionaries(names, st.integers(1, 9), max_size=2),
)
slots = st.builds(Slot, st.integers(0, 2), st.integers(0, 2), st.integers(1, 3))
ids = st.sampled_from(["a", "b"])
events: st.SearchStrategy[Event] = st.one_of(
    st.builds(CreateBegan, ids, tasks, names, specs, metas),
    st.builds(CreateConfirmed, ids, slots, names, names, instants, st.sampled_from(Phase)),
    st.builds(CreateFailed, ids, slots, texts),
    st.builds(CreateDoubted, ids, slots, texts),
    st.builds(CancelBegan, ids, slots),
    st.builds(CancelConfirmed, ids, slots, instants),
    st.builds(CancelFailed, ids, slots, texts),
    st.builds(TaskObserved, ids, slots, st.sampled_from(Phase), instants),
    st.builds(TaskAdopted, ids, tasks, names, specs, metas),
    st.builds(PushRenamed, ids, ids),
    st.builds(PushForgotten, ids),
    st.builds(PushNoted, ids, specs, metas, st.none() | names),
)


@QUICK
@given(states)
def test_encode_state_survives_a_round_trip(given_state: State) -> None:
    document = json.loads(json.dumps(encode_state(given_state)))
    assert decode_state(document) == given_state


@QUICK
@given(events)
def test_encode_event_survives_a_round_trip(event: Event) -> None:
    assert decode_event(json.loads(json.dumps(encode_event(event)))) == event


@QUICK
@given(st.lists(events, max_size=12))
def test_advance_is_total_or_says_what_it_lacks(history: list[Event]) -> None:
    current = state()
    retired: dict[str, int] = {}
    for event in history:
        try:
            current = advance(current, event)
        except KeyError:
            continue
        assert all(current.retired[id] >= number for id, number in retired.items())
        retired = dict(current.retired)
        for record in current.pushes.values():
            slots_ = [task.slot for task in record.tasks]
            assert len(slots_) == len(set(slots_))
            assert all(slot.generation <= record.generation for slot in slots_)


@QUICK
@given(manifests())
def test_diff_after_applying_is_all_no_op(pushes: tuple[Push, ...]) -> None:
    bench = Bench()
    bench.apply(*pushes)
    run = bench.apply(*pushes)
    assert run.plan.effective == ()
    assert not any(change.noted for change in run.plan.changes if isinstance(change, NoOp))


@QUICK
@given(manifests(), manifests(), st.randoms())
def test_diff_does_not_depend_on_order(
    before: tuple[Push, ...], after: tuple[Push, ...], random: object
) -> None:
    bench = Bench()
    bench.apply(*before)
    state_ = bench.state
    shuffled = list(after)
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    turned = replace(state_, pushes=dict(reversed(state_.pushes.items())))
    one = {(change.id, action_of(change)): change for change in diff(after, state_, context())}
    two = {(change.id, action_of(change)): change for change in diff(shuffled, turned, context())}
    assert one == two


@QUICK
@given(manifests(), manifests())
def test_a_glance_tells_what_a_closer_look_does(
    before: tuple[Push, ...], after: tuple[Push, ...]
) -> None:
    bench = Bench()
    bench.apply(*before)
    quick = diff(after, bench.state, context()), diff(before, bench.state, context())
    with mock.patch.object(module, "is_done", return_value=False):
        close = diff(after, bench.state, context()), diff(before, bench.state, context())
    assert quick == close


@QUICK
@given(st.integers(1, 45), st.integers(0, 44))
def test_assign_is_stable_for_one_more_and_one_less(size: int, number: int) -> None:
    crowd = people(size)
    recorded = {
        chunk: frozenset(held) for chunk, held in target_chunks.assign_chunks(crowd, {}).items()
    }
    more = target_chunks.assign_chunks((*crowd, "new"), recorded)
    assert touched(recorded, more) <= 1
    assert len(more.keys() - recorded.keys()) + len(changed(recorded, more)) == 1
    left = crowd[number % size]
    less = target_chunks.assign_chunks([name for name in crowd if name != left], recorded)
    assert touched(recorded, less) == 1
    assert less.keys() <= recorded.keys()


@QUICK
@given(
    st.lists(st.sampled_from(people(40)), unique=True),
    st.lists(st.sets(st.sampled_from(people(40)), max_size=10), max_size=6),
)
def test_assign_places_everybody_once(wanted: list[str], held: list[set[str]]) -> None:
    seen: set[str] = set()
    recorded = {}
    for chunk, members in enumerate(held):
        recorded[chunk] = frozenset(members - seen)
        seen |= members
    found = target_chunks.assign_chunks(wanted, recorded)
    assert sorted(name for members in found.values() for name in members) == sorted(wanted)
    assert all(1 <= len(members) <= 10 for members in found.values())
    for chunk, before in recorded.items():
        assert before & set(wanted) <= set(found.get(chunk, ()))


@QUICK
@given(manifests(), st.integers(0, 10 * 86_400), st.booleans())
def test_refresh_twice_is_refresh_once(pushes: tuple[Push, ...], passed: int, empty: bool) -> None:
    bench = Bench()
    bench.apply(*pushes)
    bench.service.advance(passed)
    now = bench.service.now
    listed = () if empty else bench.service.list(since=0, until=2**40)
    one = refresh(bench.state, listed, now=now, zone=ZONE, grace=30)
    two = refresh(one.state, listed, now=now, zone=ZONE, grace=30)
    assert two.events == ()
    assert two.state == one.state


@QUICK
@given(recurrences(), st.integers(0, 86_400))
def test_a_recurrence_is_created_ahead_and_within_the_horizon(
    schedule: Recurrence, second: int
) -> None:
    now = NOW + second
    push = desired(schedule=schedule)
    (change,) = diff([push], state(), context(now))
    times = [at for new in creates_of(change) for at in deliveries(new.schedule, ZONE)]
    wanted = instants_of(schedule, now + HORIZON.lead, HORIZON.end(now))
    assert sorted(times) == list(wanted)


@QUICK
@given(recurrences(), recurrences(), st.integers(0, 40 * 86_400))
def test_an_edit_of_a_recurrence_leaves_just_what_is_wanted_and_doubles_no_day(
    before: Recurrence, after: Recurrence, passed: int
) -> None:
    """And what stays as it is, is not touched."""
    bench = Bench()
    bench.apply(desired(schedule=before))
    bench.service.advance(passed)
    now = bench.service.now
    assert bench.plan(desired(schedule=before)).effective == ()
    bench.apply(desired(schedule=after), now_or_never=True)
    live = [t for record in bench.state.pushes.values() for t in record.live]
    times = [at for item in live for at in deliveries(item.schedule, ZONE) if at > now]
    assert len(times) == len(set(times))
    tomorrow = (now + 8 * HOUR) // DAY * DAY + DAY - 8 * HOUR
    wanted = instants_of(after, now + HORIZON.lead, max([*times, now]))
    assert {at for at in times if at >= tomorrow} == {at for at in wanted if at >= tomorrow}
    assert {at for at in times if at < tomorrow} <= set(wanted)
    had = [item.at for item in bench.service.delivered if tomorrow - DAY <= item.at <= now]
    today = instants_of(after, tomorrow - DAY, tomorrow - 1)
    coming = [at for at in times if at < tomorrow]
    assert len(had) + len(coming) <= max(len(today), len(had))
    assert bench.plan(desired(schedule=after)).effective == ()


def test_what_is_only_said_differently_is_written_down_and_calls_nobody() -> None:
    bench = Bench()
    bench.apply(desired(schedule=daily(), at="09:00"))
    said = desired(schedule=daily(first=days(0)), at="nine")
    run = bench.apply(said)
    assert [(type(change), change.id) for change in run.plan.changes] == [(NoOp, "promo")]
    assert len(bench.service.created) == 1
    record = bench.state.pushes["promo"]
    assert (record.fingerprint, record.spec) == (said.fingerprint, said.spec)
    (change,) = bench.plan(said).changes
    assert isinstance(change, NoOp)
    assert not change.noted


def test_diff_of_one_member_more_touches_one_chunk() -> None:
    bench = Bench()
    bench.apply(desired(targets=people(230)))
    for crowd in (people(231), people(229), people(230)[1:]):
        plan = bench.plan(desired(targets=crowd))
        (change,) = plan.effective
        assert len(cancels_of(change)) <= 1
        assert len(creates_of(change)) <= 1


def changed(recorded: dict[int, frozenset[str]], found: dict[int, tuple[str, ...]]) -> list[int]:
    return [chunk for chunk, held in recorded.items() if held != frozenset(found.get(chunk, ()))]


def touched(recorded: dict[int, frozenset[str]], found: dict[int, tuple[str, ...]]) -> int:
    return len(changed(recorded, found))


def test_refresh_of_everything_as_recorded_finds_nothing() -> None:
    push = desired()
    held = task(push)
    found = refresh(
        state({"promo": PushRecord(1, push.fingerprint, {}, Meta(), (held,))}),
        [actual(held)],
        now=NOW,
        zone=ZONE,
        grace=30,
    )
    assert (found.events, found.drift, found.unmanaged) == ((), (), ())
