"""The fewest tasks that say exactly the given moments, as the emulated service understands them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from random import Random
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pushctl.sandbox.knobs import Knobs
from pushctl.sandbox.service.schedule import expand
from pushctl.schedule.loop_compiler import compile_loops
from pushctl.schedule.recurrence import Recurrence, instants
from pushctl.schedule.rrule import parse_rrule
from pushctl.schedule.service_schedule import Every, Loop, OneShot
from tests.examples import share
from tests.property.schedules.oracle import instant

SHANGHAI = ZoneInfo("Asia/Shanghai")
MONTH31 = ("skip", "last", "error")
DAY = 86_400
DAYS = 180


def at(text: str, zone: dt.tzinfo = SHANGHAI) -> int:
    return int(dt.datetime.fromisoformat(text).replace(tzinfo=zone).timestamp())


NOW = at("2026-12-01T09:00")


def midnight(day: dt.date, zone: dt.tzinfo) -> int:
    return int(dt.datetime.combine(day, dt.time(), zone).timestamp()) * 1000


def delivered(tasks: Iterable[OneShot | Loop], zone: ZoneInfo, now: int, month31: str) -> list[int]:
    """Return what the emulated service makes of tasks, under one reading of day 31."""
    knobs = Knobs({"month31": month31, "service_timezone": zone.key, "window_days": 3660})
    found: list[int] = []
    for task in tasks:
        if isinstance(task, OneShot):
            strategy, content = 1, {"fixedTime": task.at * 1000}
        else:
            assert task.first is not None
            assert task.last is not None
            strategy = 2
            content = {
                "circleType": int(task.every),
                "circleValue": list(task.on),
                "startTime": midnight(task.first, zone),
                "endTime": midnight(task.last, zone),
                "time": task.time.isoformat(),
            }
        found += (moment // 1000 for moment in expand(strategy, content, now * 1000, knobs))
    return sorted(found)


def check(moments: Sequence[int], zone: ZoneInfo) -> tuple[OneShot | Loop, ...]:
    """Return the tasks for some moments; under every reading, each moment is delivered once."""
    tasks = compile_loops(moments, zone)
    for month31 in MONTH31:
        found = delivered(tasks, zone, min(moments, default=0), month31)
        assert found == list(moments), (zone, month31, tasks)
    return tasks


def recurring(rule: str, times: str, zone: str = "Asia/Shanghai", **bounds: Any) -> Recurrence:
    dates = {name: dt.date.fromisoformat(text) for name, text in bounds.items()}
    clocks = tuple(map(dt.time.fromisoformat, times.split()))
    return Recurrence(parse_rrule(rule), clocks, ZoneInfo(zone), **dates)


@pytest.mark.parametrize(
    ("said", "count"),
    [
        (
            recurring("FREQ=WEEKLY;BYDAY=MO,WE", "20:00", "America/New_York", last="2027-05-29"),
            2,
        ),
        (recurring("FREQ=WEEKLY;BYDAY=MO,WE", "20:00", "Asia/Tokyo"), 1),
        (recurring("FREQ=DAILY", "09:45", "Europe/Berlin"), 2),
        (recurring("FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR", "09:00"), 1),
        (recurring("FREQ=DAILY", "09:00"), 1),
        (recurring("FREQ=DAILY", "09:00 18:00"), 2),
        (recurring("FREQ=MONTHLY;BYMONTHDAY=1,15", "09:00"), 1),
        (recurring("FREQ=MONTHLY;BYDAY=-1FR", "09:00"), 6),
        (recurring("FREQ=MONTHLY;BYMONTHDAY=-1", "09:00"), 6),
        (recurring("FREQ=DAILY", "02:30", "Australia/Lord_Howe"), 2),
        (recurring("FREQ=DAILY;COUNT=1", "09:00", first="2026-12-02"), 1),
    ],
    ids=lambda item: item if isinstance(item, int) else f"{item.rule.freq}-{item.zone}",
)
def test_how_many_tasks_half_a_year_takes(said: Recurrence, count: int) -> None:
    tasks = check(instants(said, NOW, NOW + DAYS * DAY), SHANGHAI)
    assert len(tasks) <= count


def test_the_last_friday_takes_at_most_one_task_a_month() -> None:
    said = recurring("FREQ=MONTHLY;BYDAY=-1FR", "09:00")
    assert len(check(instants(said, NOW, NOW + 365 * DAY), SHANGHAI)) <= 12


def test_new_york_in_the_words_of_the_service() -> None:
    said = recurring("FREQ=WEEKLY;BYDAY=MO,WE", "20:00", "America/New_York", last="2027-04-30")
    winter, summer = compile_loops(instants(said, NOW, NOW + DAYS * DAY), SHANGHAI)
    day = dt.date.fromisoformat
    nine, eight = dt.time(9), dt.time(8)
    assert winter == Loop(Every.WEEK, (2, 4), nine, day("2026-12-01"), day("2027-03-11"))
    assert summer == Loop(Every.WEEK, (2, 4), eight, day("2027-03-16"), day("2027-04-29"))


def test_single_deliveries_are_no_loops() -> None:
    moments = (NOW, NOW + 40 * DAY + 1)
    assert compile_loops(moments, SHANGHAI) == tuple(map(OneShot, moments))
    assert compile_loops((), SHANGHAI) == ()


def test_the_soonest_comes_first() -> None:
    said = recurring("FREQ=DAILY;INTERVAL=3", "18:00 09:00 09:30", first="2026-11-01")
    tasks = check(instants(said, NOW, NOW + DAYS * DAY), SHANGHAI)
    starts = [delivered([task], SHANGHAI, NOW, "skip")[0] for task in tasks]
    assert starts == sorted(starts)


def test_day_31_is_never_left_to_the_service() -> None:
    said = recurring("FREQ=MONTHLY;BYMONTHDAY=31", "09:00")
    tasks = check(instants(said, NOW, NOW + DAYS * DAY), SHANGHAI)
    december_and_january = (dt.date(2026, 12, 31), dt.date(2027, 1, 31))
    assert tasks == (
        Loop(Every.MONTH, (31,), dt.time(9), *december_and_january),
        OneShot(at("2027-03-31T09:00")),
    )
    both = recurring("FREQ=MONTHLY;BYMONTHDAY=15,31", "09:00")
    february = dt.date(2027, 2, 28)
    for task in check(instants(both, NOW, NOW + DAYS * DAY), SHANGHAI):
        if isinstance(task, Loop) and task.first and task.last and 31 in task.on:
            assert not task.first <= february <= task.last


@pytest.mark.parametrize("time", ["02:00", "02:30", "02:59:59", "03:00", "01:59:59"])
@pytest.mark.parametrize("fold", [0, 1])
def test_times_that_the_service_would_skip_or_repeat(time: str, fold: int) -> None:
    """A daily time of UTC crosses the gap and the fold of a service that is in Berlin."""
    berlin = ZoneInfo("Europe/Berlin")
    for year in (2026, 2027):
        clock = dt.datetime.fromisoformat(f"{year}-10-25T{time}").replace(tzinfo=berlin, fold=fold)
        start = int(clock.timestamp()) - 90 * DAY
        check(range(start, start + DAYS * DAY, DAY), berlin)


def test_both_sides_of_a_fold_can_be_wanted() -> None:
    berlin = ZoneInfo("Europe/Berlin")
    early = at("2026-10-25T02:30", berlin)
    tasks = check((early - DAY, early, early + 3600, early + 3600 + DAY), berlin)
    assert {OneShot(early), OneShot(early + 3600)} <= set(tasks)


SERVICES = ["Asia/Shanghai", "Europe/Berlin", "America/Santiago", "Australia/Lord_Howe", "UTC"]
RULES = [
    "FREQ=DAILY",
    "FREQ=DAILY;INTERVAL=2",
    "FREQ=DAILY;INTERVAL=5",
    "FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR",
    "FREQ=WEEKLY;BYDAY=SA,SU",
    "FREQ=WEEKLY;INTERVAL=2;BYDAY=TU,FR",
    "FREQ=MONTHLY;BYMONTHDAY=1,15,31",
    "FREQ=MONTHLY;BYMONTHDAY=29,30",
    "FREQ=MONTHLY;BYMONTHDAY=-1,-2,1",
    "FREQ=MONTHLY;BYDAY=2TU,-1FR",
    "FREQ=YEARLY;BYMONTH=1,2,3;BYDAY=MO",
]
ZONES = ["Asia/Tokyo", "Europe/Berlin", "America/New_York", "Pacific/Apia", "Africa/Casablanca"]


@pytest.mark.parametrize("service", SERVICES)
def test_the_service_delivers_exactly_the_moments(service: str) -> None:
    rng = Random(service)
    for _ in range(60):
        times = {dt.time(rng.randrange(24), rng.choice([0, 15, 30])) for _ in range(3)}
        first = dt.date(2026, 1, 1) + dt.timedelta(days=rng.randrange(700))
        holidays = first + dt.timedelta(days=rng.randrange(200))
        said = Recurrence(
            parse_rrule(rng.choice(RULES)),
            tuple(sorted(times)),
            ZoneInfo(rng.choice(ZONES)),
            first,
            skip=((holidays, holidays + dt.timedelta(days=rng.randrange(9))),),
        )
        start = instant(first, dt.time(), said.zone, "next", "first")
        assert start is not None
        check(instants(said, start, start + DAYS * DAY), ZoneInfo(service))


# --- fewest ---------------------------------------------------------------------------------------


def sayable(window: Sequence[dt.date], wanted: frozenset[dt.date]) -> bool:
    """Tell whether one loop says the wanted days from the first to the last of a window."""
    held = [day for day in window if day in wanted]
    if {day.isoweekday() for day in held}.isdisjoint(
        day.isoweekday() for day in window if day not in wanted
    ):
        return True
    numbers = {day.day for day in held}
    ends = (day.day for day in window if (day + dt.timedelta(days=1)).day == 1)
    if any(end < max(numbers) for end in ends):
        return False
    return numbers.isdisjoint(day.day for day in window if day not in wanted)


def fewest(wanted: Sequence[dt.date]) -> int:
    """Try every way to cut days into windows, and return the smallest number of windows."""
    known = frozenset(wanted)
    best = [0]
    for end, last in enumerate(wanted):
        counts = []
        for start, first in enumerate(wanted[: end + 1]):
            size = (last - first).days + 1
            window = [first + dt.timedelta(days=index) for index in range(size)]
            if sayable(window, known):
                counts.append(best[start] + 1)
        best.append(min(counts))
    return best[-1]


BEGINNINGS = st.dates(dt.date(2026, 1, 1), dt.date(2028, 12, 31))
WEEKLY = st.tuples(
    st.sets(st.integers(0, 6), min_size=1, max_size=3),
    st.integers(20, 100),
    st.sets(st.integers(0, 100), max_size=3),
)
PATTERNS = st.one_of(
    st.sets(st.integers(0, 45), min_size=1, max_size=12),
    WEEKLY.map(lambda said: {day for day in range(said[1]) if day % 7 in said[0]} ^ said[2]),
)


@settings(max_examples=share(200), deadline=None)
@given(BEGINNINGS, PATTERNS)
def test_no_cut_into_windows_is_better(first: dt.date, pattern: set[int]) -> None:
    wanted = [first + dt.timedelta(days=index) for index in sorted(pattern)]
    moments = [at(f"{day}T09:00") for day in wanted]
    assert len(check(moments, SHANGHAI)) == fewest(wanted)


@settings(max_examples=share(150), deadline=None)
@given(
    st.sets(st.integers(NOW, NOW + 3 * DAY), max_size=5),
    st.sampled_from(SERVICES),
)
def test_any_moments_can_be_covered(moments: set[int], service: str) -> None:
    repeated = sorted({at + day * DAY for at in moments for day in (0, 1, 7, 14, 31)})
    tasks = check(repeated, ZoneInfo(service))
    assert len(tasks) <= len(repeated)


@settings(max_examples=share(100), deadline=None)
@given(BEGINNINGS, st.sets(st.integers(1, 31), min_size=1), st.integers(20, 120))
def test_days_of_the_month(first: dt.date, numbers: set[int], size: int) -> None:
    run = [first + dt.timedelta(days=index) for index in range(size)]
    wanted = [day for day in run if day.day in numbers]
    moments = [at(f"{day}T23:59:59") for day in wanted]
    if moments:
        assert len(check(moments, SHANGHAI)) == fewest(wanted)
