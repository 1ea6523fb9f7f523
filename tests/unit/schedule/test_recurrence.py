"""When recurrences deliver: days, times, a zone, and exceptions put together."""

from __future__ import annotations

import datetime as dt
from itertools import islice, product
from random import Random
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from msgspec.structs import replace

from pushctl.schedule.recurrence import (
    LATEST,
    ClockChange,
    Recurrence,
    as_data,
    clock_changes,
    declared_within,
    instants,
    instants_from,
)
from pushctl.schedule.rrule import parse_rrule
from pushctl.schedule.service_schedule import Immediate, OneShot, local_day
from pushctl.schedule.zone_offsets import DAY_SECONDS, Fold, Gap
from tests.property.schedules import oracle

BERLIN = ZoneInfo("Europe/Berlin")
SHANGHAI = ZoneInfo("Asia/Shanghai")
SPRING = dt.date(2026, 3, 29)
"""The day on which Berlin's clocks skip from 02:00 to 03:00."""


def day(text: str) -> dt.date:
    return dt.date.fromisoformat(text)


def at(text: str, zone: dt.tzinfo = BERLIN) -> int:
    return int(dt.datetime.fromisoformat(text).replace(tzinfo=zone).timestamp())


def recurrence(rule: str = "FREQ=DAILY", *times: str, **fields: Any) -> Recurrence:
    clocks = tuple(dt.time.fromisoformat(time) for time in times or ("09:00",))
    return Recurrence(parse_rrule(rule), clocks, **{"zone": BERLIN, **fields})


def local(moments: tuple[int, ...] | list[int], zone: dt.tzinfo = BERLIN) -> list[str]:
    return [f"{dt.datetime.fromtimestamp(moment, zone):%m-%d %H:%M}" for moment in moments]


def test_both_ends_are_included() -> None:
    daily = recurrence()
    start, end = at("2026-06-01T09:00"), at("2026-06-03T09:00")
    assert len(instants(daily, start, end)) == 3
    assert len(instants(daily, start + 1, end - 1)) == 1
    assert instants(daily, start, start) == (start,)
    assert instants(daily, end, start) == ()


@pytest.mark.parametrize("name", ["Pacific/Kiritimati", "Etc/GMT+12", "Asia/Kathmandu"])
@pytest.mark.parametrize("time", ["00:00", "23:59:59"])
def test_the_days_of_far_zones_are_not_lost_at_the_ends(name: str, time: str) -> None:
    zone = ZoneInfo(name)
    start = at("2026-06-01T00:00", zone)
    found = instants(recurrence("FREQ=DAILY", time, zone=zone), start, start + 9 * DAY_SECONDS - 1)
    assert local(found, zone) == [f"06-0{number} {time[:5]}" for number in range(1, 10)]


def test_times_that_a_clock_change_brings_together_are_one_delivery() -> None:
    often = recurrence("FREQ=DAILY", "02:15", "02:45", "03:00")
    start = at("2026-03-29T00:00")
    assert local(instants(often, start, start + 20 * 3600)) == ["03-29 03:00"]
    shifted = replace(often, gap=Gap.SHIFT)
    times = ["03-29 03:00", "03-29 03:15", "03-29 03:45"]
    assert local(instants(shifted, start, start + 20 * 3600)) == times


def test_a_delivery_over_a_gap_belongs_to_the_day_that_was_wanted() -> None:
    friday = recurrence("FREQ=WEEKLY;BYDAY=FR", "12:00", zone=ZoneInfo("Pacific/Apia"))
    start = at("2011-12-29T00:00", friday.zone)
    for gap, wanted in ((Gap.NEXT, ["12-31 00:00"]), (Gap.SHIFT, ["12-31 12:00"]), (Gap.SKIP, [])):
        chosen = replace(friday, gap=gap, last=day("2011-12-30"))
        assert local(instants(chosen, start, start + 9 * DAY_SECONDS), friday.zone) == wanted


def test_skipped_days_are_ranges_with_both_ends() -> None:
    skip = ((day("2026-06-02"), day("2026-06-04")), (day("2026-06-06"), day("2026-06-06")))
    found = instants(recurrence(skip=skip), at("2026-06-01T00:00"), at("2026-06-08T00:00"))
    assert local(found) == ["06-01 09:00", "06-05 09:00", "06-07 09:00"]


def test_skipped_days_are_counted_all_the_same() -> None:
    first = day("2026-06-01")
    three = recurrence("FREQ=DAILY;COUNT=3", first=first, skip=((first, first),))
    assert local(list(instants_from(three, at("2026-01-01")))) == ["06-02 09:00", "06-03 09:00"]


@pytest.mark.parametrize(
    ("first", "last", "count"),
    [
        ("2026-06-02", "2026-06-04", 3),
        ("2026-06-02", "2026-06-02", 1),
        ("2026-06-02", "2026-06-01", 0),
        ("2027-01-01", None, 0),
        (None, "2026-05-31", 0),
        (None, "9999-12-31", 7),
        ("0001-01-01", None, 7),
    ],
)
def test_first_and_last_day(first: str | None, last: str | None, count: int) -> None:
    bounded = recurrence(first=first and day(first), last=last and day(last))
    assert len(instants(bounded, at("2026-06-01T00:00"), at("2026-06-07T23:59"))) == count


def test_a_first_day_long_ago_still_sets_the_beat() -> None:
    beat = recurrence("FREQ=DAILY;INTERVAL=7", first=day("1987-06-01"))
    found = instants(beat, at("2026-06-01T00:00"), at("2026-06-30T00:00"))
    assert local(found) == [
        "06-01 09:00",
        "06-08 09:00",
        "06-15 09:00",
        "06-22 09:00",
        "06-29 09:00",
    ]


def test_what_is_coming_does_not_depend_on_how_it_is_looked_at() -> None:
    daily = recurrence(last=day("2028-02-29"))
    start = at("2026-06-01T09:00")
    found = list(instants_from(daily, start))
    assert found == list(instants(daily, start, start + 900 * DAY_SECONDS))
    assert local(found[-1:]) == ["02-29 09:00"]


def test_what_is_coming_ends_where_it_is_asked_to() -> None:
    start = at("2026-06-01T09:00")
    assert list(instants_from(recurrence(), start, until=start)) == [start]
    assert list(instants_from(recurrence(), start, until=start - 1)) == []
    assert len(list(instants_from(recurrence(), start, until=start + 2 * DAY_SECONDS))) == 3


def test_what_never_comes_is_given_up() -> None:
    assert (
        list(instants_from(recurrence("FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30"), at("2026-01-01")))
        == []
    )


def test_what_comes_rarely_is_found() -> None:
    leap = recurrence("FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=29;BYDAY=SU")
    assert local_day(next(instants_from(leap, at("2026-01-01"))), BERLIN) == day("2032-02-29")


@pytest.mark.parametrize("rule", ["FREQ=DAILY", "FREQ=DAILY;COUNT=9", "FREQ=MONTHLY;BYDAY=-1FR"])
def test_the_end_of_all_calendars_is_no_error(rule: str) -> None:
    late = recurrence(rule, first=day("9998-12-01"), last=day("9999-12-31"))
    start = LATEST - 60 * DAY_SECONDS
    assert all(moment <= LATEST for moment in instants_from(late, start))
    assert list(instants_from(late, LATEST + 1)) == []
    assert list(instants_from(recurrence(first=dt.date.max), start)) == []


def test_oddities_name_the_day_and_what_happens() -> None:
    early = recurrence("FREQ=WEEKLY;BYDAY=SU", "02:30", "04:00")
    found = list(clock_changes(early, at("2026-01-01T00:00"), at("2026-12-31T00:00")))
    half_past_two = dt.time(2, 30)
    assert found == [
        ClockChange(SPRING, half_past_two, False),
        ClockChange(day("2026-10-25"), half_past_two, True),
    ]
    weekday = recurrence("FREQ=WEEKLY;BYDAY=MO", "02:30")
    assert list(clock_changes(weekday, at("2026-01-01T00:00"), at("2026-12-31T00:00"))) == []


def test_facts_tell_apart_whatever_delivers_differently() -> None:
    plain = recurrence()
    others = [
        recurrence("FREQ=DAILY;INTERVAL=2", first=SPRING),
        recurrence("FREQ=DAILY", "09:00", "10:00"),
        recurrence(zone=SHANGHAI),
        recurrence(first=SPRING),
        recurrence(last=SPRING),
        recurrence(skip=((SPRING, SPRING),)),
        recurrence(gap=Gap.SKIP),
        recurrence(fold=Fold.SECOND),
    ]
    told = [str(as_data(item)) for item in (plain, *others)]
    assert len(set(told)) == len(told)


def test_facts_do_not_tell_a_default_from_the_same_choice() -> None:
    assert as_data(recurrence()) == as_data(recurrence(gap=Gap.NEXT, fold=Fold.FIRST))


def test_the_next_few() -> None:
    last_friday = recurrence("FREQ=MONTHLY;BYDAY=-1FR", zone=SHANGHAI)
    found = list(islice(instants_from(last_friday, at("2026-12-01T00:00", SHANGHAI)), 3))
    assert local(found, SHANGHAI) == ["12-25 09:00", "01-29 09:00", "02-26 09:00"]


CASES = [
    ("FREQ=DAILY", "day"),
    ("FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR", "weekday"),
    ("FREQ=MONTHLY;BYDAY=-1FR", "last fri"),
    ("FREQ=MONTHLY;BYMONTHDAY=1,31", [1, 31]),
]


@pytest.mark.parametrize("zone", ["Europe/Berlin", "America/New_York", "Australia/Lord_Howe"])
@pytest.mark.parametrize(("rule", "every"), CASES)
def test_recurrences_agree_with_the_oracle(zone: str, rule: str, every: Any) -> None:
    rng = Random(f"{zone} {rule}")
    for gap, fold in product(Gap, Fold):
        times = [f"{rng.randrange(24):02d}:{rng.randrange(60):02d}" for _ in range(3)] + ["02:10"]
        written = {"every": every, "at": times, "gap": str(gap), "fold": str(fold)}
        start = at("2026-01-01T00:00") + rng.randrange(400 * DAY_SECONDS)
        end = start + rng.randrange(400 * DAY_SECONDS)
        said = recurrence(rule, *times, zone=ZoneInfo(zone), gap=gap, fold=fold)
        expected = oracle.deliveries(written, start, end, zone=zone)
        assert list(instants(said, start, end)) == expected, (written, start, end)


def test_both_ends_of_a_time_belong_to_what_is_declared_within_it() -> None:
    noon = at("2026-05-04T12:00")
    daily = Recurrence(parse_rrule("FREQ=DAILY"), (dt.time(12),), BERLIN)
    for schedule in (OneShot(noon), daily):
        assert declared_within(schedule, noon, noon) == (noon,)
        assert declared_within(schedule, noon + 1, noon + 60) == ()
        assert declared_within(schedule, noon - 60, noon - 1) == ()
    assert declared_within(Immediate(), 0, noon) == ()
