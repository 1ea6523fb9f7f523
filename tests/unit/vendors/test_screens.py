"""What is estimated of screens: complete, in order, and with a source."""

from __future__ import annotations

import datetime as dt

import pytest

from pushctl.vendors.facts import Channel
from pushctl.vendors.screens import Alert, screens


def test_every_channel_has_a_screen_with_a_source_and_a_day() -> None:
    assert set(screens().by_channel) == set(Channel)
    for screen in screens().by_channel.values():
        assert len(screen.source) > 20
        assert screen.read >= dt.date(2026, 1, 1)


@pytest.mark.parametrize("channel", Channel)
def test_an_opened_notification_shows_no_less_than_a_collapsed_one(channel: Channel) -> None:
    screen = screens().by_channel[channel]
    assert screen.title > 0
    assert screen.body > 0
    assert screen.expanded_title is None or screen.expanded_title >= screen.title
    assert screen.expanded_body is None or screen.expanded_body >= screen.body
    beside = screen.with_picture
    assert beside is None or screen.expanded_body is None or beside <= screen.expanded_body


def test_the_levels_of_huawei_are_the_documented_ones() -> None:
    found = screens().alerts[Channel.HUAWEI]
    assert found.levels == {"1": Alert.QUIET, "2": Alert.LOUD}
    assert found.marketing is Alert.QUIET


def test_what_a_channel_makes_of_marketing_is_none_where_nobody_states_it() -> None:
    assert screens().alerts[Channel.OPPO].marketing is None
