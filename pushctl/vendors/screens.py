"""Estimates of what screens show, as types. Read once, from the file beside this one."""

from __future__ import annotations

import datetime as dt
import tomllib
from collections.abc import Mapping
from enum import StrEnum
from functools import cache
from pathlib import Path

from msgspec import Struct, convert

from pushctl.vendors.facts import Channel


class Alert(StrEnum):
    """How a message calls for attention; `OPEN` leaves it to the settings of the phone."""

    LOUD = "loud"
    QUIET = "quiet"
    HIDDEN = "hidden"
    OPEN = "open"


class Screen(Struct, frozen=True):
    """How many cells of a title and of a body a screen shows; None means all of it.

    A wide (Chinese) character takes two cells. `with_picture` is what is left of an opened body
    beside a large picture.
    """

    title: int
    body: int
    source: str
    read: dt.date
    expanded_title: int | None = None
    expanded_body: int | None = None
    with_picture: int | None = None


class Alerts(Struct, frozen=True):
    """What a channel makes of each of its codes for a level.

    `marketing` is what it makes of a marketing message, None where that is not stated.
    """

    levels: Mapping[str, Alert]
    source: str
    marketing: Alert | None = None


class Screens(Struct, frozen=True):
    """All of it, by channel; only some channels have levels."""

    by_channel: Mapping[Channel, Screen]
    alerts: Mapping[Channel, Alerts]


@cache
def screens() -> Screens:
    """Return what is known about screens."""
    data = tomllib.loads(Path(__file__).with_name("screens.toml").read_text("utf-8"))
    by_channel = {channel: data["screen"][kind] for channel, kind in data["channels"].items()}
    return convert({**data, "by_channel": by_channel}, Screens)
