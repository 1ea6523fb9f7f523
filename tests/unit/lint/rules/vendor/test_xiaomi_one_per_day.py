"""Pushes of which Xiaomi shows only the first of a day."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from tests.unit.lint.found import ENTRY, linted

IPHONE = {"to": {"ios": ["7" * 64]}}


DAILY = {"every": "day", "at": "09:00"}


def daily(at: Any = "09:00", *users: str, **more: Any) -> dict[str, Any]:
    return {
        **ENTRY,
        "schedule": {**DAILY, "at": at},
        "to": {"users": list(users or ("user1024",))},
        **more,
    }


def same_day(folder: Path, **pushes: dict[str, Any]) -> list[str]:
    return [item.detail for item in linted(folder, pushes) if item.code == "PSH325"]


def test_two_pushes_a_day_on_xiaomi(tmp_path: Path) -> None:
    (twice,) = same_day(tmp_path, a=daily("09:00", "u1", "u2"), b=daily("18:00", "u3", "u2"))
    # Today's 09:00 is the moment of looking: the first day with both is tomorrow.
    assert twice.startswith("On 2026-12-02 a and b are delivered to the same people.")
    (alone,) = same_day(tmp_path, a=daily(["10:00", "18:00"]))
    assert alone.startswith("On 2026-12-01 a is delivered more than once.")
    (three,) = same_day(tmp_path, a=daily("10:00"), b=daily("11:00"), c=daily("12:00"))
    assert "1 more push is like that." in three


def test_one_push_a_day_on_xiaomi(tmp_path: Path) -> None:
    named = {"vendors": {"xiaomi": {"channel": "1"}}}
    assert same_day(tmp_path, a=daily("09:00", "u1"), b=daily("18:00", "u2")) == []
    assert same_day(tmp_path, a=daily(), b=daily("18:00", **named)) == []
    assert same_day(tmp_path, a=daily(), b={**daily("18:00"), **IPHONE}) == []
    assert same_day(tmp_path, a=daily(), b=daily("18:00", via="mps")) == []
    once = {"schedule": {"at": "2026-12-24T20:00"}}
    other = {"schedule": {"at": "2026-12-25T20:00"}}
    assert same_day(tmp_path, a={**ENTRY, **once}, b={**ENTRY, **other}) == []


def test_days_are_those_of_china(tmp_path: Path) -> None:
    """Twelve hours apart in New York can be one day in Shanghai, or two."""
    zone = {"timezone": "America/New_York"}
    one = {**ENTRY, "schedule": {"at": "2026-12-24T12:00", **zone}}  # the 25th, 01:00
    two = {**ENTRY, "schedule": {"at": "2026-12-25T10:00", **zone}}  # the 25th, 23:00
    three = {**ENTRY, "schedule": {"at": "2026-12-25T12:00", **zone}}  # the 26th
    (found,) = same_day(tmp_path, a=one, b=two)
    assert found.startswith("On 2026-12-25 a and b")
    assert same_day(tmp_path, a=one, c=three) == []
