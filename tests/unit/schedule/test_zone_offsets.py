"""When clocks show a time: every change of every zone until 2040, and some famous ones."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from itertools import pairwise, product
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pushctl.schedule.day_mask import Days, bits, days
from pushctl.schedule.zone_offsets import DAY_SECONDS, Fold, Gap, offset_at, offset_runs, wall_time
from tests.examples import share
from tests.property.schedules.oracle import instant
from tests.property.schedules.zones import Change, changes, different, names

CHOICES = list(product(Gap, Fold))


def found(span: Days, time: dt.time, zone: dt.tzinfo, gap: Gap, fold: Fold) -> dict[int, int]:
    """Return the instant for each bit of a run, asking for one day at a time."""
    clock = wall_time(span, time, zone, gap, fold)
    each = {index: clock.instants(1 << index) for index in bits(span.all)}
    assert all(len(moments) <= 1 for moments in each.values())
    return {index: moments[0] for index, moments in each.items() if moments}


def expected(span: Days, time: dt.time, zone: dt.tzinfo, gap: Gap, fold: Fold) -> dict[int, int]:
    each = {index: instant(span.date(index), time, zone, gap, fold) for index in bits(span.all)}
    return {index: at for index, at in each.items() if at is not None}


def interesting(change: Change) -> Iterator[dt.time]:
    """Yield the times of day around a change: its edges, just beside them, and its middle."""
    at, before, after = change
    edges = {at + before, at + after, at + (before + after) // 2}
    for local in sorted({edge + beside for edge in edges for beside in (-1, 0, 1)}):
        yield (dt.datetime(1970, 1, 1) + dt.timedelta(seconds=local)).time()


@pytest.mark.parametrize("end", [2025, pytest.param(2040, marks=pytest.mark.slow)])
@pytest.mark.parametrize("choice", CHOICES)
def test_every_change_of_every_zone(choice: tuple[Gap, Fold], end: int) -> None:
    for name, moments in different(2020, end).items():
        zone = ZoneInfo(name)
        for change in moments:
            day = dt.datetime.fromtimestamp(change[0], dt.UTC).date()
            span = days(day - dt.timedelta(days=2), 5)
            for time in interesting(change):
                asked = (span, time, zone, *choice)
                assert found(*asked) == expected(*asked), (name, day, time, choice)


@pytest.mark.parametrize("choice", CHOICES)
@pytest.mark.parametrize(
    ("name", "day", "time"),
    [
        ("Pacific/Apia", "2011-12-30", "00:00"),  # a whole day that never was
        ("Pacific/Apia", "2011-12-30", "23:59:59"),
        ("Pacific/Kwajalein", "1993-08-21", "12:00"),
        ("Pacific/Fakaofo", "2011-12-30", "12:00"),
        ("Australia/Lord_Howe", "2026-04-05", "01:45"),  # half an hour
        ("Australia/Lord_Howe", "2026-10-04", "02:15"),
        ("Africa/Casablanca", "2026-02-15", "02:30"),  # clocks go back for Ramadan
        ("Africa/Casablanca", "2026-03-22", "02:30"),
        ("Europe/Dublin", "2026-10-25", "01:30"),  # winter time is the exception
        ("America/Sao_Paulo", "2018-11-04", "00:00"),  # midnight is skipped
        ("America/Havana", "2024-11-03", "00:30"),
        ("Asia/Pyongyang", "2018-05-04", "23:45"),  # the end of a day is skipped
        ("America/Caracas", "2016-05-01", "02:45"),
        ("Antarctica/Troll", "2026-03-29", "02:00"),  # two hours
        ("Africa/Monrovia", "1972-01-07", "00:30"),  # 44 minutes and a half
        ("America/St_Johns", "2006-10-29", "00:00:30"),  # one minute past midnight
    ],
)
def test_famous_changes(name: str, day: str, time: str, choice: tuple[Gap, Fold]) -> None:
    zone, at = ZoneInfo(name), dt.time.fromisoformat(time)
    span = days(dt.date.fromisoformat(day) - dt.timedelta(days=20), 40)
    clock = wall_time(span, at, zone, *choice)
    assert (clock.gaps | clock.folds) == 1 << 20
    assert found(span, at, zone, *choice) == expected(span, at, zone, *choice)


def test_the_three_ways_over_a_gap() -> None:
    berlin, sunday = ZoneInfo("Europe/Berlin"), days(dt.date(2026, 3, 29), 1)

    def local(gap: Gap) -> list[str]:
        clock = wall_time(sunday, dt.time(2, 20), berlin, gap, Fold.FIRST)
        return [dt.datetime.fromtimestamp(at, berlin).isoformat() for at in clock.instants(1)]

    assert local(Gap.NEXT) == ["2026-03-29T03:00:00+02:00"]
    assert local(Gap.SHIFT) == ["2026-03-29T03:20:00+02:00"]
    assert local(Gap.SKIP) == []


def test_the_two_sides_of_a_fold() -> None:
    berlin, sunday = ZoneInfo("Europe/Berlin"), days(dt.date(2026, 10, 25), 1)
    clocks = [wall_time(sunday, dt.time(2, 20), berlin, Gap.NEXT, fold) for fold in Fold]
    early, late = (clock.instants(1)[0] for clock in clocks)
    assert dt.datetime.fromtimestamp(early, berlin).isoformat() == "2026-10-25T02:20:00+02:00"
    assert late - early == 3600
    assert all(clock.folds == 1 and clock.gaps == 0 for clock in clocks)


@settings(max_examples=share(150), deadline=None)
@given(
    st.sampled_from(names()),
    st.dates(dt.date(1971, 1, 1), dt.date(2090, 1, 1)),
    st.integers(1, 420),
    st.times().map(lambda time: time.replace(microsecond=0, fold=0)),
    st.sampled_from(CHOICES),
)
def test_any_time_of_any_zone(
    name: str, first: dt.date, size: int, time: dt.time, choice: tuple[Gap, Fold]
) -> None:
    span, zone = days(first, size), ZoneInfo(name)
    assert found(span, time, zone, *choice) == expected(span, time, zone, *choice)


@settings(max_examples=share(60), deadline=None)
@given(
    st.sampled_from(names()),
    st.integers(0, 2_500_000_000),
    st.integers(0, 400 * DAY_SECONDS),
)
def test_runs_meet_where_clocks_change(name: str, start: int, length: int) -> None:
    zone = ZoneInfo(name)
    stretch = offset_runs(zone, start, start + length)
    assert stretch[0].start <= start < stretch[0].end
    assert stretch[-1].start <= start + length < stretch[-1].end
    for run, after in pairwise(stretch):
        assert run.end == after.start
        assert run.offset != after.offset
    for run in stretch:
        for at in (run.start, run.end - 1):
            assert offset_at(at, zone) == run.offset
    inside = {run.start for run in stretch[1:] if start < run.start <= start + length}
    assert inside >= {at for at, *_ in changes(zone, start, start + length) if at <= start + length}
