"""What is known about the channels, and how they count."""

from __future__ import annotations

import datetime as dt

from pushctl.push.message import AudienceKind
from pushctl.vendors.facts import Channel, Hours, facts


def test_every_channel_says_who_says_so_and_since_when() -> None:
    assert set(facts().channels) == set(Channel)
    for channel in facts().channels.values():
        assert len(channel.source) > 10, channel
        assert channel.read >= dt.date(2026, 1, 1), channel


def test_every_kind_of_target_reaches_something() -> None:
    assert set(facts().reaches) == {kind.key for kind in AudienceKind}
    assert all(facts().reaches.values())


def test_hours_over_midnight() -> None:
    night = Hours(dt.time(22), dt.time(8))
    assert night.holds(dt.time(22))
    assert night.holds(dt.time(3))
    assert not night.holds(dt.time(8))
    day = Hours(dt.time(7), dt.time(23))
    assert day.holds(dt.time(7))
    assert not day.holds(dt.time(23))
