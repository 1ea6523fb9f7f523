"""What is known about the channels, and how they count."""

from __future__ import annotations

import datetime as dt

import pytest

from pushctl.push.message import AudienceKind
from pushctl.vendors.counting import fitting, length, segments
from pushctl.vendors.facts import Channel, Hours, Unit, facts


def test_every_channel_says_who_says_so_and_since_when() -> None:
    assert set(facts().channels) == set(Channel)
    for channel in facts().channels.values():
        assert len(channel.source) > 10, channel
        assert channel.read >= dt.date(2026, 1, 1), channel


def test_every_kind_of_target_reaches_something() -> None:
    assert set(facts().reaches) == {kind.key for kind in AudienceKind}
    assert all(facts().reaches.values())


@pytest.mark.parametrize(
    ("text", "characters", "cells"),
    [("", 0, 0), ("sale", 4, 4), ("全场六折", 4, 8), ("8折", 2, 3), ("é", 1, 1), ("👨‍👩‍👧", 5, 8)],
)
def test_units(text: str, characters: int, cells: int) -> None:
    assert length(text, Unit.CHARACTERS) == characters
    assert length(text, Unit.CELLS) == cells


@pytest.mark.parametrize(
    ("text", "limit", "unit", "shown"),
    [
        ("sale", 4, Unit.CELLS, "sale"),
        ("全场六折", 5, Unit.CELLS, "全场"),
        ("全场六折", 3, Unit.CHARACTERS, "全场六"),
    ],
)
def test_what_fits(text: str, limit: int, unit: Unit, shown: str) -> None:
    assert fitting(text, limit, unit) == shown


@pytest.mark.parametrize(("characters", "parts"), [(1, 1), (70, 1), (71, 2), (134, 2), (135, 3)])
def test_parts_of_a_text_message(characters: int, parts: int) -> None:
    assert segments(characters, facts().sms) == parts


def test_hours_over_midnight() -> None:
    night = Hours(dt.time(22), dt.time(8))
    assert night.holds(dt.time(22))
    assert night.holds(dt.time(3))
    assert not night.holds(dt.time(8))
    day = Hours(dt.time(7), dt.time(23))
    assert day.holds(dt.time(7))
    assert not day.holds(dt.time(23))
