"""On the day of an edit nobody loses what was promised, and nobody gets more than is said.

Random schedules of several times a day, edited in the middle of a day: what `test_two_years.py`
meets now and then, by the hundred.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from random import Random
from zoneinfo import ZoneInfo

import pytest

from pushctl.plan.diff import due_deliveries
from tests.property.schedules.strategies import WEEKDAYS, Schedule
from tests.property.schedules.weekly_applies import DAY, Entry, Years, expected, prove

HOURS = [f"{hour:02d}:00" for hour in range(0, 24, 3)]
ZONES = ("Asia/Shanghai", "Asia/Shanghai", "America/New_York", "Pacific/Apia")


def said(rng: Random) -> Schedule:
    every = rng.choice(["day", "day", "weekday", rng.sample(WEEKDAYS, 5)])
    times = sorted(rng.sample(HOURS, rng.randint(1, 4)))
    return {"every": every, "at": times, "timezone": rng.choice(ZONES)}


def edited(rng: Random, before: Schedule) -> Schedule:
    after = said(rng)
    kept = rng.sample(["every", "at", "timezone"], rng.randint(0, 2))
    return {**after, **{key: before[key] for key in kept}}


def busy(seed: int, size: int) -> Years:
    """Return a few days in which every entry is edited once, at the same moment."""
    years = Years(seed, 0, length=6 * DAY)
    years.setting = replace(years.setting, horizon_days=21)
    rng = Random(f"{seed}/busy")
    years.runs = [years.start, years.start + 2 * DAY + rng.randrange(DAY)]
    for number in range(size):
        before = said(rng)
        entry = Entry(f"p{number:04d}", before, edit=1, later=edited(rng, before))
        years.entries.append(entry)
    return years


@pytest.mark.parametrize("seed", range(3))
def test_an_edit_brings_what_is_left_of_the_day(seed: int) -> None:
    assert not prove(busy(seed, 100))


CASES = [
    # before, after, and what comes on a day on which it is edited at noon
    ("09:00", "20:00", "09:00"),
    ("09:00", "09:00 20:00", "09:00 20:00"),
    ("20:00", "18:00", "18:00"),
    ("09:00 18:00", "18:00 20:00", "09:00 18:00"),
    ("09:00 18:00", "09:00 10:00 18:00", "09:00 18:00"),
    ("09:00 18:00", "18:00", "09:00 18:00"),
    ("09:00 18:00", "13:00 18:00 20:00", "09:00 18:00 20:00"),
    ("09:00 10:00", "18:00 19:00 20:00", "09:00 10:00 20:00"),
]


@pytest.mark.parametrize(("before", "after", "day"), CASES)
def test_the_rest_of_a_day_in_words(before: str, after: str, day: str) -> None:
    years = Years(0, 0, length=6 * DAY)
    shanghai = ZoneInfo("Asia/Shanghai")
    noon = int(dt.datetime(2026, 6, 3, 12, tzinfo=shanghai).timestamp())
    years.runs = [noon - 2 * DAY, noon]
    years.setting = replace(years.setting, start=years.runs[0], zone=shanghai.key)
    years.end = noon + 3 * DAY
    old, new = ({"every": "day", "at": times.split()} for times in (before, after))
    entry = Entry("p0000", old, edit=1, later=new)
    years.entries = [entry]
    assert not prove(years)
    clocks = [dt.datetime.fromtimestamp(at, shanghai) for at in expected(years, entry)]
    assert " ".join(f"{clock:%H:%M}" for clock in clocks if clock.day == 3) == day


def test_an_edit_that_forgets_what_was_had_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(due_deliveries, "_lost", lambda *known: frozenset())
    assert "deliveries instead of" in prove(busy(0, 60))
