"""What the owner of a phone sees of a message: title and body, what is cut, and what is refused.

Values only; a page or a table draws them. Limits are counted in the vendor's unit and are what the
vendor states. Where a text is cut on the screen is an estimate, and says so.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum

from pushctl.push.push import DesiredPush, Parameter
from pushctl.text.width import fitting
from pushctl.vendors.counting import length
from pushctl.vendors.facts import Channel, ChannelFacts, Overflow, Unit, facts
from pushctl.vendors.screens import Alert, Screen, screens

Parameters = Mapping[str, Parameter]


class Device(StrEnum):
    """A kind of phone, by the channel that reaches it."""

    IPHONE = "ios"
    HUAWEI = "huawei"
    HONOR = "honor"
    XIAOMI = "xiaomi"
    OPPO = "oppo"
    VIVO = "vivo"
    HARMONY = "harmony"

    @property
    def channel(self) -> Channel:
        """The way to it."""
        return Channel(self.value)

    @property
    def label(self) -> str:
        """What people call it."""
        return facts().channels[self.channel].name


class State(StrEnum):
    """How much of itself a notification shows: as it arrives, or after it was opened."""

    COLLAPSED = "collapsed"
    EXPANDED = "expanded"


DIMENSIONS = {
    1: "android",
    2: "ios",
    3: "users",
    5: "activity_tokens",
    6: "activity_ids",
    7: "harmony",
}
"""The kinds of targets, by PushSimple's DeliveryType."""

STYLES = {0: "default", 1: "big-text", 2: "image"}
"""The styles, by PushSimple's PushStyle."""

PICTURE_KEYS = {
    Device.IPHONE: "iosUrl",
    Device.HUAWEI: "hmsUrl",
    Device.XIAOMI: "miuiUrl",
    Device.OPPO: "oppoUrl",
}
"""The names of single channels in ImageUrls; every other one has `defaultUrl` only."""


@dataclass(frozen=True, slots=True)
class Cut:
    """A text on a screen: what is shown, and what is cut off. `exact` if a vendor states where."""

    shown: str
    rest: str
    exact: bool

    @property
    def whole(self) -> bool:
        """Whether all of it is shown."""
        return not self.rest


@dataclass(frozen=True, slots=True)
class Picture:
    """The large picture of a message. `shown` is None where nobody states it.

    `url` is None if there is none for this phone. `why` says it in words.
    """

    shown: bool | None
    url: str | None
    why: str


@dataclass(frozen=True, slots=True)
class Seen:
    """One message on one phone.

    `rejected` says why the vendor refuses it; then nothing arrives, though the service says that
    all is well. `doubts` are reasons for which it might not arrive. `alert_why` says where the
    alert comes from.
    """

    device: Device
    state: State
    title: Cut
    body: Cut
    picture: Picture
    alert: Alert
    alert_why: str
    rejected: tuple[str, ...] = ()
    doubts: tuple[str, ...] = ()

    @property
    def arrives(self) -> bool:
        """Whether its owner sees anything at all."""
        return not self.rejected and self.alert is not Alert.HIDDEN


def devices_of(push: DesiredPush) -> tuple[Device, ...]:
    """Return the phones that a push may reach, by its kind of targets; a user may have any."""
    kind = DIMENSIONS.get(_number(push.parameters, "DeliveryType"), "users")
    reached = facts().reaches[kind]
    return tuple(device for device in Device if device.channel in reached)


def seen(parameters: Parameters, device: Device, state: State) -> Seen:
    """Say what one phone shows of a message, given PushSimple's parameters."""
    channel = facts().channels[device.channel]
    picture = _picture(parameters, device, channel)
    alert, why = _alert(parameters, device.channel)
    room = _room(screens().by_channel[device.channel], state, picture)
    exact = device is Device.IPHONE and state is State.COLLAPSED
    title, body = _text(parameters, "Title"), _text(parameters, "Content")
    own = _by_app(parameters, device)
    return Seen(
        device=device,
        state=state,
        title=_cut(title, room[0], exact=exact),
        body=_cut(body, room[1], exact=exact),
        picture=picture,
        alert=alert,
        alert_why=why,
        rejected=() if own else tuple(_rejections(parameters, channel)),
        doubts=tuple(_doubts(parameters, channel)),
    )


def style_of(parameters: Parameters) -> str:
    """Return the name of a message's style."""
    return STYLES.get(_number(parameters, "PushStyle"), "default")


# --- how much is shown ----------------------------------------------------------------------------


def _room(screen: Screen, state: State, picture: Picture) -> tuple[int | None, int | None]:
    """Return the cells for title and body; None means as many as it takes."""
    if state is State.COLLAPSED:
        return screen.title, screen.body
    beside = screen.with_picture if picture.shown else None
    return screen.expanded_title, beside or screen.expanded_body


def _cut(text: str, cells: int | None, *, exact: bool) -> Cut:
    if cells is None:
        return Cut(text, "", exact)
    at = fitting(text, cells)
    return Cut(text[:at], text[at:], exact)


# --- what the vendor refuses ----------------------------------------------------------------------


def _by_app(parameters: Parameters, device: Device) -> bool:
    """Tell whether the app itself shows the message, by mPaaS's own channel on Android."""
    other = device in (Device.IPHONE, Device.HARMONY)
    return parameters.get("NotifyType") == "transparent" and not other


def _over(parameters: Parameters, channel: ChannelFacts) -> Iterator[str]:
    """Yield what is longer than a channel takes."""
    limits = (
        ("title", "Title", channel.title),
        ("body", "Content", channel.body_in(style_of(parameters))),
    )
    for name, key, limit in limits:
        size = length(_text(parameters, key), channel.unit)
        if limit is not None and size > limit:
            counted = (
                "characters long"
                if channel.unit is Unit.CHARACTERS
                else "long, where a Chinese character counts 2"
            )
            yield f"the {name} is {size} of {limit} {counted}"


def _rejections(parameters: Parameters, channel: ChannelFacts) -> Iterator[str]:
    for name, key in (("title", "Title"), ("body", "Content")):
        if not _text(parameters, key).strip() and not _is_hidden(parameters):
            yield f"the {name} is empty"
    if channel.overflow is Overflow.REJECTED:
        yield from _over(parameters, channel)
    size = _bytes(parameters)
    if size > facts().message_bytes:
        yield f"title, body, extras and link are {size} of {facts().message_bytes} bytes long"


def _doubts(parameters: Parameters, channel: ChannelFacts) -> Iterator[str]:
    if channel.overflow is Overflow.UNKNOWN:
        for reason in _over(parameters, channel):
            yield f"{reason}; nobody states what happens then"


def _bytes(parameters: Parameters) -> int:
    parts = ("Title", "Content", "ExtendedParams", "Uri")
    return sum(len(_text(parameters, key).encode("utf-8", "surrogatepass")) for key in parts)


# --- picture and sound ----------------------------------------------------------------------------


def _picture(parameters: Parameters, device: Device, channel: ChannelFacts) -> Picture:
    urls = _map(parameters, "ImageUrls")
    url = urls.get(PICTURE_KEYS.get(device, ""), urls.get("defaultUrl"))
    if url is None:
        return Picture(False, None, "no picture")
    if style_of(parameters) != "image":
        return Picture(False, url, "no picture: the style is not image")
    if channel.pictures is None:
        return Picture(None, url, f"{channel.name} does not state whether it shows pictures")
    if not channel.pictures:
        return Picture(False, url, f"{channel.name} shows no pictures")
    if device is Device.IPHONE:
        return Picture(True, url, "picture, if the app has a notification service extension")
    return Picture(True, url, "picture")


def _alert(parameters: Parameters, channel: Channel) -> tuple[Alert, str]:
    if _is_hidden(parameters):
        return Alert.HIDDEN, "silent: handed to the app, nothing is displayed"
    known = screens().alerts.get(channel)
    name = facts().channels[channel].name
    if known is None:
        return Alert.OPEN, "sound as set on the phone"
    level = _map(parameters, "NotifyLevel").get(known.key, "")
    if level in known.levels:
        alert = known.levels[level]
        word = "with sound" if alert is Alert.LOUD else "without sound"
        return alert, f"{word}: level {level}"
    if known.marketing is not None and _is_marketing(parameters, known.key):
        return known.marketing, f"without sound: {name} shows marketing quietly"
    return Alert.OPEN, "sound as set on the phone"


HUAWEI_MARKETING = "14"
"""The number of the category `marketing` in ThirdChannelCategory's `hms`; the vendor's page."""


def _is_marketing(parameters: Parameters, key: str) -> bool:
    return _map(parameters, "ThirdChannelCategory").get(key) == HUAWEI_MARKETING


def _is_hidden(parameters: Parameters) -> bool:
    return _number(parameters, "Silent") == 1


# --- reading parameters ---------------------------------------------------------------------------


def _text(parameters: Parameters, name: str) -> str:
    return str(parameters.get(name, ""))


def _number(parameters: Parameters, name: str) -> int:
    """Read a number; `raw` parameters can hold anything."""
    text = _text(parameters, name)
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0


def _map(parameters: Parameters, name: str) -> Mapping[str, str]:
    """Read a parameter that is a map of texts in JSON; empty if it is anything else."""
    try:
        found = json.loads(_text(parameters, name) or "{}")
    except (ValueError, RecursionError):
        return {}
    if not isinstance(found, dict):
        return {}
    return {key: value for key, value in found.items() if isinstance(value, str)}
