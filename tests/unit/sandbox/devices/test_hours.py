"""Hours of the day."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest

from pushctl.sandbox.devices.hours import parse_hours

ZONE = timezone(timedelta(hours=8))


def ms(text: str) -> int:
    return round(datetime.fromisoformat(f"2026-12-{text}+08:00").timestamp() * 1000)


@pytest.mark.parametrize(
    ("hours", "at", "following"),
    [
        ("always", "01T03:00", "01T03:00"),
        ("never", "01T03:00", None),
        ("08:00-23:00", "01T07:59:59", "01T08:00"),
        ("08:00-23:00", "01T08:00", "01T08:00"),
        ("08:00-23:00", "01T22:59:59.999", "01T22:59:59.999"),
        ("08:00-23:00", "01T23:00", "02T08:00"),
        ("22:00-06:00", "01T05:59", "01T05:59"),
        ("22:00-06:00", "01T06:00", "01T22:00"),
        ("22:00-06:00", "01T23:30", "01T23:30"),
        ("06:00-24:00", "01T23:59", "01T23:59"),
        ("06:00-24:00", "02T00:00", "02T06:00"),
    ],
)
def test_the_next_moment_within(hours: str, at: str, following: str | None) -> None:
    found = parse_hours(hours).next(ms(at), ZONE)

    assert found == (None if following is None else ms(following))


def test_hours_are_those_of_the_zone() -> None:
    assert parse_hours("08:00-23:00").next(ms("01T08:00"), UTC) == ms("01T16:00")


@pytest.mark.parametrize("text", ["", "8-23", "08:00-08:00", "08:00-24:30", "25:00-26:00", "08:00"])
def test_other_texts_are_refused(text: str) -> None:
    with pytest.raises(ValueError, match="always"):
        parse_hours(text)


@pytest.mark.parametrize("text", ["08:00-23:00", "22:00-06:00", "06:00-24:00"])
def test_hours_are_shown_as_they_are_written(text: str) -> None:
    assert str(parse_hours(text)) == text
