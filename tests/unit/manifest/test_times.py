"""Wall clocks, offsets, gaps and folds."""

from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo

import pytest

from pushctl.core.schedule import Every, Loop
from pushctl.manifest.times import Span, TimeError, in_service_zone, instant_of, zone

SHANGHAI = ZoneInfo("Asia/Shanghai")
BERLIN = ZoneInfo("Europe/Berlin")
TOKYO = ZoneInfo("Asia/Tokyo")
YEAR = Span(dt.date(2026, 12, 1), dt.date(2027, 5, 29))
WINTER = Span(dt.date(2026, 12, 1), dt.date(2027, 2, 1))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2026-12-24T20:00", "2026-12-24T12:00:00+00:00"),
        ("2026-12-24T20:00:11", "2026-12-24T12:00:11+00:00"),
        ("2026-12-24T20:00:00+08:00", "2026-12-24T12:00:00+00:00"),
        ("2026-12-24T12:00:00Z", "2026-12-24T12:00:00+00:00"),
    ],
)
def test_instant_of_reads_every_spelling(text: str, expected: str) -> None:
    assert dt.datetime.fromtimestamp(instant_of(text, SHANGHAI), dt.UTC).isoformat() == expected


@pytest.mark.parametrize(
    ("text", "where", "code"),
    [
        ("2027-03-28T02:30", BERLIN, "PSH205"),
        ("2026-10-25T02:30", BERLIN, "PSH206"),
        ("2026-12-24T20:00:00+09:00", SHANGHAI, "PSH204"),
        ("2026-13-01T00:00", SHANGHAI, "PSH113"),
        ("0001-01-01T00:00", SHANGHAI, "PSH113"),
        ("nonsense", SHANGHAI, "PSH113"),
    ],
)
def test_instant_of_refuses_what_means_nothing_or_two_things(
    text: str, where: ZoneInfo, code: str
) -> None:
    with pytest.raises(TimeError) as caught:
        instant_of(text, where)
    assert caught.value.code == code
    assert caught.value.fix


def test_instant_of_takes_a_folded_time_with_its_offset() -> None:
    first = instant_of("2026-10-25T02:30:00+02:00", BERLIN)
    second = instant_of("2026-10-25T02:30:00+01:00", BERLIN)
    assert second - first == 3600


@pytest.mark.parametrize("name", ["Asia/Beijing", "", "../etc/passwd", "UTC+8", "\x00"])
def test_zone_refuses_names_that_do_not_exist(name: str) -> None:
    with pytest.raises(TimeError, match="no time zone"):
        zone(name)


def test_in_service_zone_keeps_what_is_meant_there() -> None:
    loop = Loop(Every.DAY, (), dt.time(9, 45))
    assert in_service_zone(loop, SHANGHAI, SHANGHAI, YEAR) == loop


def test_in_service_zone_shifts_time_and_weekday() -> None:
    monday = Loop(Every.WEEK, (1,), dt.time(0, 30), first=dt.date(2026, 12, 7))
    shifted = in_service_zone(monday, TOKYO, SHANGHAI, YEAR)
    assert shifted == Loop(Every.WEEK, (7,), dt.time(23, 30), first=dt.date(2026, 12, 6))


def test_in_service_zone_follows_a_zone_between_its_clock_changes() -> None:
    loop = Loop(Every.DAY, (), dt.time(9, 45))
    assert in_service_zone(loop, BERLIN, SHANGHAI, WINTER).time == dt.time(16, 45)


def test_in_service_zone_refuses_a_clock_change() -> None:
    with pytest.raises(TimeError) as caught:
        in_service_zone(Loop(Every.DAY, (), dt.time(9, 45)), BERLIN, SHANGHAI, YEAR)
    assert caught.value.code == "PSH211"


def test_in_service_zone_refuses_month_days_that_move() -> None:
    loop = Loop(Every.MONTH, (1,), dt.time(0, 30))
    with pytest.raises(TimeError) as caught:
        in_service_zone(loop, TOKYO, SHANGHAI, YEAR)
    assert caught.value.code == "PSH211"
