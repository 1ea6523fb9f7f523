"""The facts as types. Read once, from the file beside this one."""

from __future__ import annotations

import datetime as dt
import tomllib
from collections.abc import Mapping
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import Any

from msgspec import Struct, field

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


class Hours(Struct, frozen=True):
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

    `title`, `body` and `banner` are lengths in `unit`s, `body_of_style` those of other styles.
    `pictures` tells whether a picture is shown, `marketing_per_day` how many marketing messages a
    device gets, `first_of_day_only` that of those without a notification channel only the first of
    a day arrives, `quiet` when it suppresses them, `operational_hours` when it takes them at all,
    `keeps` for how long it holds a message for a phone that is off.
    """

    channel: Channel
    name: str
    title: int | None
    body: int | None
    banner: int | None
    unit: Unit
    overflow: Overflow
    pictures: bool | None
    marketing_per_day: int | None
    quiet: Hours | None
    operational_hours: Hours | None
    keeps: str | None
    source: str
    read: dt.date
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
    """Return what is known."""
    data = tomllib.loads(Path(__file__).with_name("facts.toml").read_text("utf-8"))
    sms, huawei = data["sms"], data["huawei"]
    return Facts(
        channels={Channel(key): _channel(key, item) for key, item in data["channel"].items()},
        reaches={key: tuple(map(Channel, names)) for key, names in data["reaches"].items()},
        own_instead_of=frozenset(map(Channel, data["own"]["instead_of"])),
        message_bytes=data["message"]["bytes"],
        sms=SmsFacts(sms["single"], sms["part"], frozenset(sms["regions"])),
        activity_stays=data["activity"]["stays"],
        huawei_marketing=frozenset(huawei["marketing"]),
        huawei_transparent_only=frozenset(huawei["transparent_only"]),
        vendor_zone=zone(data["hours"]["zone"]),
    )


def _channel(key: str, item: Mapping[str, Any]) -> ChannelFacts:
    return ChannelFacts(
        channel=Channel(key),
        name=item["name"],
        title=item.get("title"),
        body=item.get("body"),
        banner=item.get("banner"),
        unit=Unit(item.get("unit", Unit.CHARACTERS)),
        overflow=Overflow(item.get("overflow", Overflow.UNKNOWN)),
        pictures=item.get("pictures"),
        marketing_per_day=item.get("marketing_per_day"),
        quiet=_hours(item.get("quiet")),
        operational_hours=_hours(item.get("operational_hours")),
        keeps=item.get("keeps"),
        source=item["source"],
        read=item["read"],
        first_of_day_only=item.get("first_of_day_only", False),
        body_of_style=item.get("body_of_style", {}),
    )


def _hours(item: Mapping[str, str] | None) -> Hours | None:
    if item is None:
        return None
    return Hours(dt.time.fromisoformat(item["from"]), dt.time.fromisoformat(item["to"]))
