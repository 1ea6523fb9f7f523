"""States and events as wide as their constructors allow: any number, any text, any data."""

from __future__ import annotations

import datetime as dt
from typing import Any

from hypothesis import strategies as st

from pushctl.push.push import Meta, OnRemove
from pushctl.push.task import Slot
from pushctl.schedule.service_schedule import Every, Immediate, Loop, OneShot
from pushctl.state import events
from pushctl.state.decoding import LATEST
from pushctl.state.state import Match, Phase, PushRecord, ServiceSettings, State, TaskRecord

THE_YEAR_3000 = 32_503_680_000


def nested(depth: int) -> Any:
    value: Any = 1
    for _ in range(depth):
        value = [value]
    return value


ODD_TEXTS = ("", "\ud800", "\ud83d\ude00", "\0", "a\r\nb\u2028\u2029\x85", "x" * 300_000, "-", "ü")


def mostly(usual: st.SearchStrategy[Any], odd: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    """Draw something odd one time in twenty, or nothing whole would ever be drawn."""
    return st.integers(0, 19).flatmap(lambda number: usual if number else odd)


TEXTS = mostly(st.text(st.characters(), max_size=8), st.sampled_from(ODD_TEXTS))
ODD_NUMBERS = st.sampled_from([2**53 + 1, 2**64, -(2**64), 10**4000, True, False])
NUMBERS = mostly(st.integers(), ODD_NUMBERS)
ODD_MOMENTS = st.sampled_from([-1, LATEST + 1, THE_YEAR_3000, 1_780_000_000.5])
MOMENTS = mostly(st.integers(0, LATEST), ODD_MOMENTS | NUMBERS)
SCALARS = (
    *(st.none(), st.booleans(), NUMBERS, TEXTS, st.floats()),
    st.sampled_from([dt.date(2026, 1, 1), nested(100), b"", {1, 2}, object()]),
)
DATA = st.recursive(
    st.one_of(SCALARS),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.tuples(inner)
        | st.dictionaries(TEXTS | NUMBERS | st.none(), inner, max_size=3)
    ),
    max_leaves=4,
)
"""What a manifest or a program could bring along, much of which JSON does not know."""

PLAIN = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(st.characters(), max_size=6),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner),
    max_leaves=4,
)
SPECS = mostly(
    st.dictionaries(st.text(max_size=4), PLAIN, max_size=3), st.dictionaries(TEXTS, DATA)
)
DAYS = mostly(st.dates(dt.date(1970, 1, 2), dt.date(2199, 12, 31)), st.dates())
LOOPS = st.builds(
    Loop,
    st.sampled_from([Every.WEEK, Every.MONTH, Every.DAY]),
    st.lists(mostly(st.integers(1, 7), NUMBERS), max_size=3).map(tuple),
    mostly(st.just(dt.time(9, 30)), st.times(timezones=st.none() | st.just(dt.UTC))),
    DAYS,
    DAYS,
)
SCHEDULES = st.builds(Immediate) | st.builds(OneShot, MOMENTS) | LOOPS
METAS = st.builds(
    Meta,
    st.none() | TEXTS,
    st.none() | TEXTS,
    st.dictionaries(TEXTS, TEXTS, max_size=2),
    st.booleans(),
    st.sampled_from(OnRemove),
)
PHASES = st.sampled_from(Phase)
MATCHES = st.builds(Match, TEXTS, TEXTS, NUMBERS, st.lists(TEXTS, max_size=2).map(tuple))
TASKS = st.builds(
    TaskRecord,
    chunk=mostly(st.just(0), NUMBERS),
    segment=mostly(st.just(0), NUMBERS),
    generation=mostly(st.just(1), NUMBERS),
    phase=PHASES,
    fingerprint=TEXTS,
    targets=st.dictionaries(TEXTS, TEXTS, max_size=3),
    schedule=SCHEDULES,
    first=st.none() | MOMENTS,
    last=st.none() | MOMENTS,
    began_at=MOMENTS,
    match=st.none() | MATCHES,
    task_id=TEXTS,
    created_at=st.none() | MOMENTS,
    request_id=TEXTS,
    doubt=st.none() | TEXTS,
    over_at=st.none() | MOMENTS,
    covers=st.none() | MOMENTS,
)
SETTINGS = st.builds(
    ServiceSettings,
    endpoint=TEXTS,
    region=TEXTS,
    tenant=st.none() | TEXTS,
    timezone=TEXTS,
    service_timezone=TEXTS,
    horizon_days=NUMBERS,
    settle_time=st.none() | mostly(NUMBERS, st.floats()),
    list_slack=NUMBERS,
    cancel_type=st.none() | NUMBERS,
    hashed=st.booleans(),
)
RECORDS = st.builds(
    PushRecord,
    NUMBERS,
    TEXTS,
    SPECS,
    METAS,
    st.lists(TASKS, max_size=2).map(tuple),
    st.none() | MOMENTS,
    st.none() | TEXTS,
)
STATES = st.builds(
    State,
    TEXTS,
    TEXTS,
    TEXTS,
    st.integers(0, 9) | NUMBERS,
    st.dictionaries(TEXTS, RECORDS, max_size=2),
    st.dictionaries(TEXTS, NUMBERS, max_size=2),
    st.none() | SETTINGS,
)

IDS = mostly(st.sampled_from(["a", "b"]), TEXTS)
SLOTS = mostly(st.just(Slot(0, 0, 1)), st.builds(Slot, NUMBERS, NUMBERS, NUMBERS))
EVENTS: st.SearchStrategy[events.Event] = st.one_of(
    st.builds(events.CreateBegan, IDS, TASKS, TEXTS, SPECS, METAS),
    st.builds(events.TaskAdopted, IDS, TASKS, TEXTS, SPECS, METAS),
    st.builds(events.CreateConfirmed, IDS, SLOTS, TEXTS, TEXTS, MOMENTS, PHASES),
    st.builds(events.CreateFailed, IDS, SLOTS, TEXTS),
    st.builds(events.CreateDoubted, IDS, SLOTS, TEXTS),
    st.builds(events.CancelBegan, IDS, SLOTS),
    st.builds(events.CancelConfirmed, IDS, SLOTS, MOMENTS),
    st.builds(events.CancelFailed, IDS, SLOTS, TEXTS),
    st.builds(events.TaskObserved, IDS, SLOTS, PHASES, MOMENTS),
    st.builds(events.PushRenamed, IDS, IDS),
    st.builds(events.PushForgotten, IDS),
    st.builds(events.PushNoted, IDS, SPECS, METAS, st.none() | TEXTS),
    st.builds(events.PushStopped, IDS, MOMENTS, st.none() | TEXTS),
    st.builds(events.PushResumed, IDS),
    st.builds(events.ServiceSettingsRecorded, SETTINGS),
)
