"""What each phone shows of a message: where it is cut, and why a vendor refuses it."""

from __future__ import annotations

from collections.abc import Iterator
from enum import StrEnum

from msgspec import Struct

from pushctl.mpaas import encode
from pushctl.push.identity import canonical_json
from pushctl.push.message import Message
from pushctl.push.push import Push
from pushctl.text.messages import _
from pushctl.text.width import fitting
from pushctl.vendors.counting import length
from pushctl.vendors.facts import Channel, ChannelFacts, Overflow, Unit, facts
from pushctl.vendors.screens import Alert, Screen, screens


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
        return _(facts().channels[self.channel].name)


class State(StrEnum):
    """How much of itself a notification shows: as it arrives, or after it was opened."""

    COLLAPSED = "collapsed"
    EXPANDED = "expanded"


class ShownText(Struct, frozen=True):
    """A text on a screen: what is shown, and what is cut off. `exact` if a vendor states where."""

    shown: str
    rest: str
    exact: bool

    @property
    def whole(self) -> bool:
        """Whether all of it is shown."""
        return not self.rest


class Picture(Struct, frozen=True):
    """The large picture of a message. `shown` is None where nobody states it.

    `url` is None if there is none for this phone. `why` says it in words.
    """

    shown: bool | None
    url: str | None
    why: str


class Preview(Struct, frozen=True):
    """One message on one phone.

    `rejected` says why the vendor refuses it; then nothing arrives, though the service says that
    all is well. `doubts` are reasons for which it might not arrive. `alert_why` says where the
    alert comes from.
    """

    device: Device
    state: State
    title: ShownText
    body: ShownText
    picture: Picture
    alert: Alert
    alert_why: str
    rejected: tuple[str, ...] = ()
    doubts: tuple[str, ...] = ()

    @property
    def arrives(self) -> bool:
        """Whether its owner sees anything at all."""
        return not self.rejected and self.alert is not Alert.HIDDEN


def devices_of(push: Push) -> tuple[Device, ...]:
    """Return the phones that a push may reach, by its kind of targets; a user may have any."""
    reached = facts().reaches[push.audience.kind.key]
    return tuple(device for device in Device if device.channel in reached)


def preview(push: Push, device: Device, state: State) -> Preview:
    """Say what one phone shows of a message. Parameters in `raw` are not looked at."""
    channel = facts().channels[device.channel]
    picture = _picture(push.message, device, channel)
    alert, why = _alert(push, device.channel)
    room = _room(screens().by_channel[device.channel], state, picture)
    exact = device is Device.IPHONE and state is State.COLLAPSED
    return Preview(
        device=device,
        state=state,
        title=_cut(push.message.title, room[0], exact=exact),
        body=_cut(push.message.body, room[1], exact=exact),
        picture=picture,
        alert=alert,
        alert_why=why,
        rejected=() if _by_app(push, device) else tuple(_rejections(push.message, channel)),
        doubts=tuple(_doubts(push.message, channel)),
    )


# --- how much is shown ----------------------------------------------------------------------------


def _room(screen: Screen, state: State, picture: Picture) -> tuple[int | None, int | None]:
    """Return the cells for title and body; None means as many as it takes."""
    if state is State.COLLAPSED:
        return screen.title, screen.body
    beside = screen.with_picture if picture.shown else None
    return screen.expanded_title, beside or screen.expanded_body


def _cut(text: str, cells: int | None, *, exact: bool) -> ShownText:
    if cells is None:
        return ShownText(text, "", exact)
    at = fitting(text, cells)
    return ShownText(text[:at], text[at:], exact)


# --- what the vendor refuses ----------------------------------------------------------------------


def _by_app(push: Push, device: Device) -> bool:
    """Tell whether the app itself shows the message, by mPaaS's own channel on Android."""
    return push.via == "mps" and device not in (Device.IPHONE, Device.HARMONY)


def _over(message: Message, channel: ChannelFacts) -> Iterator[str]:
    """Yield what is longer than a channel takes."""
    limits = (
        (_("title"), message.title, channel.title),
        (_("body"), message.body, channel.body_in(message.style)),
    )
    for name, text, limit in limits:
        size = length(text, channel.unit)
        if limit is not None and size > limit:
            counted = (
                _("characters long")
                if channel.unit is Unit.CHARACTERS
                else _("long, where a Chinese character counts 2")
            )
            yield _("the {name} is {size} of {limit} {counted}", name, size, limit, counted)


def _rejections(message: Message, channel: ChannelFacts) -> Iterator[str]:
    for name, text in ((_("title"), message.title), (_("body"), message.body)):
        if not text.strip() and not message.silent:
            yield _("the {name} is empty", name)
    if channel.overflow is Overflow.REJECTED:
        yield from _over(message, channel)
    size = _bytes(message)
    if size > facts().message_bytes:
        most = facts().message_bytes
        yield _("title, body, extras and link are {size} of {message_bytes} bytes long", size, most)


def _doubts(message: Message, channel: ChannelFacts) -> Iterator[str]:
    if channel.overflow is Overflow.UNKNOWN:
        for reason in _over(message, channel):
            yield _("{reason}; nobody states what happens then", reason)


def _bytes(message: Message) -> int:
    extras = canonical_json(dict(message.extras)) if message.extras else ""
    parts = (message.title, message.body, extras, message.link or "")
    return sum(len(part.encode("utf-8", "surrogatepass")) for part in parts)


# --- picture and sound ----------------------------------------------------------------------------


def _picture(message: Message, device: Device, channel: ChannelFacts) -> Picture:
    url = message.image.get(device.value, message.image.get("default"))
    if url is None:
        return Picture(False, None, _("no picture"))
    if message.style != "image":
        return Picture(False, url, _("no picture: the style is not image"))
    if channel.pictures is None:
        return Picture(
            None, url, _("{name} does not state whether it shows pictures", _(channel.name))
        )
    if not channel.pictures:
        return Picture(False, url, _("{name} shows no pictures", _(channel.name)))
    if device is Device.IPHONE:
        return Picture(True, url, _("picture, if the app has a notification service extension"))
    return Picture(True, url, _("picture"))


def _alert(push: Push, channel: Channel) -> tuple[Alert, str]:
    if push.message.silent:
        return Alert.HIDDEN, _("silent: handed to the app, nothing is displayed")
    known = screens().alerts.get(channel)
    name = _(facts().channels[channel].name)
    if known is None:
        return Alert.OPEN, _("sound as set on the phone")
    level = encode.level(push.vendors, channel.value) or ""
    if level in known.levels:
        alert = known.levels[level]
        word = _("with sound") if alert is Alert.LOUD else _("without sound")
        return alert, _("{word}: level {level}", word, level)
    if known.marketing is not None and _is_marketing(push, channel):
        return known.marketing, _("without sound: {name} shows marketing quietly", name)
    return Alert.OPEN, _("sound as set on the phone")


def _is_marketing(push: Push, channel: Channel) -> bool:
    codes = encode.CATEGORIES.get(channel.value, {})
    said = encode.category(push.vendors, channel.value)
    return said is not None and said == codes.get("marketing")
