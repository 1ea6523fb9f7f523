"""The facts as types. Read once, from the file beside this one."""

from __future__ import annotations

import datetime as dt
import tomllib
from collections.abc import Mapping
from enum import StrEnum
from functools import cache
from pathlib import Path

from msgspec import Struct, convert, field

from pushctl.time_zones import zone


class Channel(StrEnum):
    """A way to a phone."""

    HUAWEI = "huawei"
    HONOR = "honor"
    XIAOMI = "xiaomi"
    OPPO = "oppo"
    VIVO = "vivo"
    HARMONY = "harmony"
    IOS = "ios"
    FCM = "fcm"
    MPS = "mps"


class Unit(StrEnum):
    """How a vendor counts; see `counting.length`."""

    CHARACTERS = "characters"
    CELLS = "cells"


class Overflow(StrEnum):
    """What becomes of a message that is too long."""

    REJECTED = "rejected"
    CUT = "cut"
    UNKNOWN = "unknown"


class Hours(Struct, frozen=True, rename={"since": "from", "until": "to"}):
    """A stretch of every day; `until` before `since` means over midnight."""

    since: dt.time
    until: dt.time

    def holds(self, time: dt.time) -> bool:
        """Tell whether a time of day lies within; `until` itself does not."""
        if self.since <= self.until:
            return self.since <= time < self.until
        return time >= self.since or time < self.until


class ChannelFacts(Struct, frozen=True):
    """What is known about one channel; None where nobody states it.

    `title` and `body` are lengths in `unit`s, `body_of_style` those of bodies in other styles.
    `pictures` tells whether a picture is shown, `marketing_per_day` how many marketing messages a
    device gets, `first_of_day_only` that of those without a notification channel only the first of
    a day arrives, `quiet` when it suppresses them, `operational_hours` when it takes them at all,
    `keeps` for how long it holds a message for a phone that is off.
    """

    channel: Channel
    name: str
    source: str
    read: dt.date
    title: int | None = None
    body: int | None = None
    unit: Unit = Unit.CHARACTERS
    overflow: Overflow = Overflow.UNKNOWN
    pictures: bool | None = None
    marketing_per_day: int | None = None
    quiet: Hours | None = None
    operational_hours: Hours | None = None
    keeps: str | None = None
    first_of_day_only: bool = False
    body_of_style: Mapping[str, int] = field(default_factory=dict)

    def body_in(self, style: str) -> int | None:
        """Return the length of a body in a style: `default`, `big-text` or `image`."""
        return self.body_of_style.get(style, self.body)


class SmsFacts(Struct, frozen=True):
    """Lengths in characters: of a single text message, and of each part of a longer one."""

    single: int
    part: int
    regions: frozenset[str]


class Facts(Struct, frozen=True):
    """All of it. `reaches` says which channels a kind of target can reach; sizes in bytes.

    `own_instead_of` are the channels that the service's own takes the place of with `via: mps`.
    The hours of vendors are those of `vendor_zone`.
    """

    channels: Mapping[Channel, ChannelFacts]
    reaches: Mapping[str, tuple[Channel, ...]]
    own_instead_of: frozenset[Channel]
    message_bytes: int
    sms: SmsFacts
    activity_stays: str
    huawei_marketing: frozenset[str]
    huawei_transparent_only: frozenset[str]
    vendor_zone: dt.tzinfo


@cache
def facts() -> Facts:
    """Return what is known: the tables of the file, and their single values by `table_name`."""
    data = tomllib.loads(Path(__file__).with_name("facts.toml").read_text("utf-8"))
    single = {f"{table}_{name}": data[table][name] for table in data for name in data[table]}
    channels = {name: {**item, "channel": name} for name, item in data["channel"].items()}
    vendor_zone = zone(data["vendor"]["zone"])
    return convert({**data, **single, "channels": channels, "vendor_zone": vendor_zone}, Facts)
