"""What a push says and how channels are to treat it, in the manifest's words."""

from __future__ import annotations

from collections.abc import Mapping
from enum import IntEnum
from typing import Any

from msgspec import Struct, field

Scalar = str | int | float | bool


class AudienceKind(IntEnum):
    """What targets are. The values are the vendor's `DeliveryType`, which states record too."""

    ANDROID = 1
    IOS = 2
    USERS = 3
    ACTIVITY_TOKENS = 5
    ACTIVITY_IDS = 6
    HARMONY = 7

    @property
    def key(self) -> str:
        """Its key below `to:` in a manifest, such as `users`."""
        return self.name.lower()

    @classmethod
    def of(cls, key: str) -> AudienceKind:
        """Return the kind of a key below `to:`; raises `KeyError`."""
        return cls[key.upper()]


class Audience(Struct, frozen=True):
    """Who gets a push: ids of one kind, each once, in the order of the manifest."""

    kind: AudienceKind
    targets: tuple[str, ...]


class Message(Struct, frozen=True):
    """What people see. `image` and `icon` map a channel (or `default`) to an address.

    `style` is `default`, `big-text` or `image`. A tap opens `url` or `intent`, never both.
    `extras` go to the app beside the text; `transparent_payload` is any JSON value.
    """

    title: str
    body: str
    style: str = "default"
    image: Mapping[str, str] = field(default_factory=dict)
    icon: Mapping[str, str] = field(default_factory=dict)
    url: str | None = None
    intent: str | None = None
    silent: bool | None = None
    extras: Mapping[str, Scalar] = field(default_factory=dict)
    transparent_payload: Any = None
    transparent_urgency: str | None = None

    @property
    def link(self) -> str | None:
        """What a tap opens, whether `url` or `intent`."""
        return self.intent if self.url is None else self.url


class VendorOptions(Struct, frozen=True):
    """What single channels want to know; `categories` and `levels` by the manifest's name of one.

    Their values are words of the manifest, or `raw:` and the channel's own.
    """

    categories: Mapping[str, str] = field(default_factory=dict)
    levels: Mapping[str, str] = field(default_factory=dict)
    vivo_class: str | None = None
    xiaomi_channel: str | None = None
    android_channel: str | None = None
    template: str | None = None


class Sms(Struct, frozen=True):
    """A text message, `mode` `fallback` (instead of the push) or `concurrent` (beside it)."""

    mode: str
    sign: str
    template: str
    params: Mapping[str, Scalar]


class LiveActivity(Struct, frozen=True):
    """An `update` or the `end` of a Live Activity; `dismiss_at` in epoch seconds."""

    event: str
    state: Mapping[str, Any]
    dismiss_at: int | None = None
