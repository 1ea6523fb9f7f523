"""What a schedule says is what is delivered, to the second, for two years of weekly applies.

`weekly_applies.py` says how that is compared, `oracle.py` with what. `PUSHCTL_SCHEDULES` says how
many schedules the long proof tries; it takes new ones every day.
"""

from __future__ import annotations

import datetime as dt
import os
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from unittest import mock

import pytest

from pushctl.plan.diff import due_deliveries
from pushctl.schedule import loop_compiler, zone_offsets
from pushctl.schedule.day_mask import Days
from pushctl.schedule.zone_offsets import Gap, WallTimePiece
from tests.property.schedules.command_line import CommandLineProject
from tests.property.schedules.strategies import Schedule
from tests.property.schedules.weekly_applies import (
    DAY,
    Entry,
    Years,
    difference,
    expected,
    play,
    prove,
)

SCHEDULES = int(os.environ.get("PUSHCTL_SCHEDULES", "10000"))
BATCH = 50


@pytest.mark.parametrize("seed", [0, 1, *(pytest.param(n, marks=pytest.mark.slow) for n in (2, 3))])
def test_two_years_are_as_the_oracle_says(seed: int) -> None:
    assert not prove(Years(seed, size=25))


@pytest.mark.slow
@pytest.mark.parametrize("number", range(-(-SCHEDULES // BATCH)))
def test_two_years_of_thousands_are_as_the_oracle_says(number: int) -> None:
    today = dt.datetime.now(dt.UTC).toordinal()
    assert not prove(Years(today * 1000 + number, BATCH))


@pytest.mark.parametrize("seed", range(2))
def test_the_real_command_line_does_the_same(tmp_path: Path, seed: int) -> None:
    years = Years(seed, size=16, length=90 * DAY, edited=0)
    with CommandLineProject(tmp_path, years.setting) as commanded:
        assert not "\n".join(play(years, commanded))


# --- a proof that could not fail would prove nothing ----------------------------------------------


def few() -> Years:
    """Return some schedules on which every kind of mistake shows."""
    years = Years(0, size=0, length=300 * DAY, edited=0)
    years.setting = replace(years.setting, horizon_days=90, month31="last")
    schedules: list[Schedule] = [
        {"every": "day", "at": "02:30", "timezone": "Europe/Berlin"},
        {"every": [15, 31], "at": "09:00"},
        {"every": "mon", "at": ["09:00", "18:00"]},
    ]
    years.entries = [Entry(f"p{number}", said) for number, said in enumerate(schedules)]
    return years


@pytest.fixture
def _nothing_remembered() -> Iterator[None]:
    """Let no wall clock outlive the mistake that it was computed with."""
    zone_offsets.wall_time.cache_clear()
    yield
    zone_offsets.wall_time.cache_clear()


def test_without_a_mistake_they_are_right() -> None:
    assert not prove(few())


def test_a_failure_says_what_was_written_and_how_to_see_it_again() -> None:
    years = Years(7, size=3, only=2)
    assert not prove(years)
    (entry,) = years.entries
    moments = expected(years, entry)
    told = difference(years, entry, moments[1:])
    assert told.startswith(f"p0002: {len(moments) - 1} deliveries instead of {len(moments)}")
    assert str(entry.schedule) in told
    assert f"({moments[0]})" in told
    assert "python -m tests.property.schedules --seed 7 --only 2" in told


@pytest.mark.usefixtures("_nothing_remembered")
def test_a_gap_read_otherwise_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    def shifted(gap: Gap, index: int, before: int, change: int) -> Iterator[WallTimePiece]:
        yield WallTimePiece(1 << index, before)

    monkeypatch.setattr(zone_offsets, "_over_gap", shifted)
    assert "deliveries instead of" in prove(few())


def test_a_day_31_that_is_left_to_the_service_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    careful = loop_compiler._monthly

    def careless(mask: int, first: int, span: Days) -> loop_compiler.Window:
        with mock.patch.object(Days, "shorter_ends", return_value=0):
            return careful(mask, first, span)

    monkeypatch.setattr(loop_compiler, "_monthly", careless)
    assert "deliveries instead of" in prove(few())


def test_renewals_that_come_too_late_are_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(due_deliveries, "_renewal_margin", lambda context: -3 * DAY)
    assert "deliveries instead of" in prove(few())
