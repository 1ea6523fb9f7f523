"""Which days are worked, and where deliveries on holidays go."""

from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo

import pytest

from pushctl.manifest.schedule.parse import Calendars, declared
from pushctl.manifest.schedule.timezones import TimeError
from pushctl.manifest.schedule.working_days import Days, Holidays, without
from pushctl.manifest.schema.fields import decode
from pushctl.manifest.schema.schedule import Schedule
from pushctl.schedule.day_mask import bits, days
from pushctl.schedule.recurrence import Recurrence, as_data, on_days

ZONE = ZoneInfo("Asia/Shanghai")


def stretch(*texts: str) -> Days:
    first, last = texts[0], texts[-1]
    return dt.date.fromisoformat(first), dt.date.fromisoformat(last)


SPRING: Calendars = {
    # The Saturday before and the one after are worked for a week off.
    "cn": Holidays(
        (
            stretch("2027-01-01"),
            stretch("2027-02-05", "2027-02-11"),
            stretch("2027-04-29", "2027-05-05"),
        ),
        (stretch("2027-01-30"), stretch("2027-02-13")),
    ),
    "us": Holidays((stretch("2027-02-13", "2027-02-15"),)),
}


def recurrence(**written: object) -> Recurrence:
    found = declared(decode(Schedule, {"at": "09:00", **written}), ZONE, SPRING)
    assert isinstance(found, Recurrence)
    return found


def delivered(first: str, last: str, **written: object) -> list[str]:
    begin, end = stretch(first, last)
    span = days(begin, (end - begin).days + 1)
    return [f"{span.date(at):%m-%d}" for at in bits(on_days(recurrence(**written), span))]


@pytest.mark.parametrize(
    ("every", "skip", "expected"),
    [
        ("workday", ["cn"], ["01-29", "01-30", "02-01", "02-02", "02-03", "02-04", "02-12", "02-13",
         "02-15"]),
        ("workday", ["cn", "us"], ["01-29", "01-30", "02-01", "02-02", "02-03", "02-04", "02-12"]),
        ("weekday", ["cn"], ["01-29", "02-01", "02-02", "02-03", "02-04", "02-12", "02-15"]),
        ("sat", ["cn"], ["01-30", "02-13"]),
        ("last workday", ["cn"], ["01-30"]),
        ("1st workday", ["cn"], ["02-01"]),
        ("5th workday", ["cn"], ["02-12"]),
        (["6th workday", "5th workday"], ["cn", "2027-02-12"], ["02-13", "02-15"]),
    ],
)  # fmt: skip
def test_working_days_are_those_of_the_calendars(
    every: object, skip: list[str], expected: list[str]
) -> None:
    assert delivered("2027-01-29", "2027-02-15", every=every, skip=skip) == expected


def test_the_last_working_day_of_each_month_and_only_that() -> None:
    found = delivered("2026-12-01", "2027-05-31", every="last workday", skip=["cn"])
    assert found == ["12-31", "01-30", "02-26", "03-31", "04-28", "05-31"]
    schedule = recurrence(every="last workday", skip=["cn"])
    assert schedule.skip == (stretch("2027-01-29"), stretch("2027-04-30"))
    assert schedule.also == (stretch("2027-01-30"), stretch("2027-04-28"))


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ({"every": "fri"}, ["01-29", "02-12"]),
        ({"every": "fri", "on_holiday": "skip"}, ["01-29", "02-12"]),
        ({"every": "fri", "on_holiday": "before"}, ["01-29", "02-04", "02-12"]),
        ({"every": "fri", "on_holiday": "after"}, ["01-29", "02-12"]),
        ({"every": "thu", "on_holiday": "after"}, ["01-28", "02-04", "02-12"]),
        ({"every": [5, 6, 7], "on_holiday": "after"}, ["02-12"]),
        ({"every": [7], "on_holiday": "after", "until": "2027-02-11"}, []),
        ({"every": [7], "on_holiday": "before", "from": "2027-02-05"}, []),
    ],
)
def test_a_delivery_on_a_holiday_is_moved_to_a_working_day_and_never_twice(
    written: dict[str, object], expected: list[str]
) -> None:
    assert delivered("2027-01-27", "2027-02-14", skip=["cn"], **written) == expected


def test_a_working_day_is_found_across_the_end_of_a_year_and_by_a_day_that_is_made_up() -> None:
    found = delivered("2026-12-25", "2027-01-10", every=[1], skip=["cn"], on_holiday="before")
    assert found == ["12-31"]
    skip = ["cn", "2027-02-12"]
    assert delivered("2027-02-01", "2027-02-28", every=[8], skip=skip, on_holiday="after") == [
        "02-13"
    ]


def test_days_without_end_are_left_out_and_moved_nowhere() -> None:
    forever = ["2027-01-04..9999-12-31"]
    for to in ("before", "after"):
        found = recurrence(every="day", skip=forever, on_holiday=to)
        assert found.also == ((stretch("2027-01-01"),) if to == "before" else ())
    assert recurrence(every="last workday", skip=["0001-01-01..9999-12-31"]).also == ()


@pytest.mark.parametrize(
    ("written", "code"),
    [
        ({"every": "last workday"}, "PSH111"),
        ({"every": "day", "on_holiday": "before"}, "PSH115"),
        ({"every": "workday", "skip": ["cn"], "on_holiday": "before"}, "PSH115"),
    ],
)
def test_what_says_too_little_is_refused(written: dict[str, object], code: str) -> None:
    with pytest.raises(TimeError) as caught:
        recurrence(**written)
    assert caught.value.code == code


def test_days_taken_from_stretches_of_days() -> None:
    found = [stretch("0001-01-01", "2027-01-05"), stretch("2027-01-07", "9999-12-31")]
    others = [stretch("2027-01-05", "2027-01-07"), stretch("0001-01-01"), stretch("9999-12-31")]
    assert without(found, others) == (
        stretch("0001-01-02", "2027-01-04"),
        stretch("2027-01-08", "9999-12-30"),
    )


def test_a_schedule_without_working_days_is_the_same_data_as_ever() -> None:
    assert "also" not in as_data(recurrence(every="fri", skip=["cn"]))
    moved = as_data(recurrence(every="fri", skip=["cn"], on_holiday="before"))
    assert moved["also"] == [
        ["2026-12-31", "2026-12-31"],
        ["2027-02-04", "2027-02-04"],
        ["2027-04-28", "2027-04-28"],
    ]
