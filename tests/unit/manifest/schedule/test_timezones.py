"""Wall clocks, offsets, gaps and folds."""

from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo

import pytest
from icalendar.timezone.windows_to_olson import WINDOWS_TO_OLSON

from pushctl import time_zones
from pushctl.manifest.schedule.timezones import (
    TimeError,
    correction,
    fix_for,
    instant_of,
    suggestion,
    zone,
)
from pushctl.schedule.zone_offsets import Fold, Gap

SHANGHAI = ZoneInfo("Asia/Shanghai")
BERLIN = ZoneInfo("Europe/Berlin")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2026-12-24T20:00", "2026-12-24T12:00:00+00:00"),
        ("2026-12-24T20:00:11", "2026-12-24T12:00:11+00:00"),
        ("2026-12-24T20:00:00+08:00", "2026-12-24T12:00:00+00:00"),
        ("2026-12-24T12:00:00Z", "2026-12-24T12:00:00+00:00"),
        ("2026-12-24T12:00:00+00:00", "2026-12-24T12:00:00+00:00"),
        ("2026-12-24T12:00:00-00:00", "2026-12-24T12:00:00+00:00"),
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


def test_an_offset_says_when_without_a_zone_and_a_wall_clock_does_not() -> None:
    assert instant_of("2026-12-24T20:00+09:00", None) == instant_of("2026-12-24T11:00Z", SHANGHAI)
    with pytest.raises(TimeError, match="in which time zone") as caught:
        instant_of("2026-12-24T20:00", None)
    assert (caught.value.code, caught.value.zone) == ("PSH203", None)


def test_instant_of_takes_a_folded_time_with_its_offset() -> None:
    first = instant_of("2026-10-25T02:30:00+02:00", BERLIN)
    second = instant_of("2026-10-25T02:30:00+01:00", BERLIN)
    assert second - first == 3600


@pytest.mark.parametrize(
    "name",
    [
        *("Asia/Beijing", "", "../etc/passwd", "UTC+8", "\x00", "Asia" + "/S" * 5000),
        *("localtime", "Localtime", "posixrules", "Factory", "posix/UTC", "right/UTC", "zone.tab"),
    ],
)
def test_zone_refuses_names_that_do_not_exist(name: str) -> None:
    with pytest.raises(TimeError, match="no time zone"):
        zone(name)


@pytest.mark.parametrize(
    ("gap", "expected"),
    [(Gap.NEXT, "2027-03-28T03:00:00+02:00"), (Gap.SHIFT, "2027-03-28T03:30:00+02:00")],
)
def test_a_time_that_does_not_exist_can_be_given_a_meaning(gap: Gap, expected: str) -> None:
    at = instant_of("2027-03-28T02:30", BERLIN, gap=gap)
    assert dt.datetime.fromtimestamp(at, BERLIN).isoformat() == expected


@pytest.mark.parametrize(
    ("fold", "expected"),
    [(Fold.FIRST, "2026-10-25T02:30:00+02:00"), (Fold.SECOND, "2026-10-25T02:30:00+01:00")],
)
def test_a_time_that_comes_twice_can_be_given_a_meaning(fold: Fold, expected: str) -> None:
    at = instant_of("2026-10-25T02:30", BERLIN, fold=fold)
    assert dt.datetime.fromtimestamp(at, BERLIN).isoformat() == expected


def test_a_choice_for_the_one_does_not_answer_the_other() -> None:
    with pytest.raises(TimeError, match="skip"):
        instant_of("2027-03-28T02:30", BERLIN, fold=Fold.SECOND)
    with pytest.raises(TimeError, match="twice"):
        instant_of("2026-10-25T02:30", BERLIN, gap=Gap.SHIFT)


# --- names that are none --------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "meant"),
    [
        ("China Standard Time", "Asia/Shanghai"),
        ("w. europe standard time", "Europe/Berlin"),
        ("Pacific Standard Time", "America/Los_Angeles"),
        ("Pacific Daylight Time", "America/Los_Angeles"),
        ("Romance  Standard Time", "Europe/Paris"),
        ("Eastern Time", "America/New_York"),
        ("Beijing Time", "Asia/Shanghai"),
        ("CST", "Asia/Shanghai or America/Chicago"),
        ("UTC+8", "Asia/Shanghai"),
        ("gmt+08:00", "Asia/Shanghai"),
        ("UTC +8", "Asia/Shanghai"),
        ("New York", "America/New_York"),
        ("Bern", "Europe/Berlin"),
        ("Europe/Bern", "Europe/Berlin"),
        ("Asia/Toyko", "Asia/Tokyo"),
        ("Central", "America/Chicago"),
        ("posix/Asia/Tokyo", "Asia/Tokyo"),
        ("localtime", None),
        ("LOCAL_TIME", None),
        ("Europe/Munich", "Europe/Berlin"),
        ("Beijing", "Asia/Shanghai"),
        ("北京", "Asia/Shanghai"),
        ("Factory", None),
        ("UTC+9", None),
        ("UTC-8", None),
        ("", None),
    ],
)
def test_what_is_not_certain_is_a_question(name: str, meant: str | None) -> None:
    assert suggestion(name) == meant
    assert correction(name) is None
    assert ("did you mean" in fix_for(name)) is (meant is not None)


@pytest.mark.parametrize(
    ("name", "right"),
    [
        ("asia/shanghai", "Asia/Shanghai"),
        ("America/New York", "America/New_York"),
        ("Asia/Shangai", "Asia/Shanghai"),
        ("Asia/Shanghia", "Asia/Shanghai"),
    ],
)
def test_what_is_certain_is_written(name: str, right: str) -> None:
    assert correction(name) == suggestion(name) == right


def test_every_name_of_windows_is_understood() -> None:
    spoken = {name: zone for name, zone in WINDOWS_TO_OLSON.items() if not name.startswith("UTC")}
    assert len(spoken) > 130
    assert {name: suggestion(name) for name in spoken} == spoken
    assert set(spoken.values()) <= set(time_zones.names().values())
