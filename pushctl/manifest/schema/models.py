"""The manifest as typed values, after everything in it has been resolved.

The same language as `schemas/manifest.schema.json`; a test keeps the two equal. What a person gets
to read about a mistake comes from the schema, so the messages here are never shown.
"""

from __future__ import annotations

from typing import Annotated, Any, Literal, TypeVar

import pydantic
from pydantic import BeforeValidator, Field, JsonValue

from pushctl.manifest.schema import patterns
from pushctl.manifest.schema.fields import (
    Address,
    Audience,
    Date,
    Duration,
    Lifetime,
    Model,
    Moment,
    OneOf,
    Raw,
    Scalar,
    Targets,
    Text,
    Web,
    Word,
    Zone,
    number,
)
from pushctl.manifest.schema.policy import (
    NIGHT,
    Code,
    Freeze,
    Hours,
    Level,
    Links,
    Shapes,
    SmsPolicy,
)
from pushctl.manifest.schema.schedule import Schedule

Calendar = Annotated[str, Field(pattern=patterns.CALENDAR)]


class Quota(Model):
    """How many unexecuted tasks the service allows, and what to do beyond that."""

    limit: Annotated[int, Field(ge=1)] = 100
    overflow: Literal["refuse", "soonest"] = "refuse"
    counts: Literal["tasks", "deliveries"] = "tasks"


class Sandbox(Model):
    """The embedded emulator; `now` is where its clock stands still."""

    now: Moment | None = None


class Behaviour(Model):
    """Answers to what the vendor does not document. `list_slack` in seconds."""

    horizon_days: Annotated[int, Field(ge=1, le=3650)] = 180
    cancel_type: int | None = None
    list_slack: Duration = 86400


class App(Model):
    """Which app of the service, and how to reach it.

    `settle_time` in seconds; None means none for the embedded sandbox and 30 for everything else.
    """

    id: Word
    workspace: Word
    tenant: Word | None = None
    region: Word = "cn-hangzhou"
    endpoint: Word = "sandbox"
    service_timezone: Zone = "Asia/Shanghai"
    settle_time: Duration | None = None
    chunking: bool = True
    targets: Literal["clear", "hashed"] = "clear"
    quota: Quota = Quota()
    sandbox: Sandbox = Sandbox()
    behaviour: Behaviour = Behaviour()


class Policy(Model):
    """Thresholds, and what a team wants to be warned of. Durations in seconds.

    `max_cancels` is a share of the scheduled entries, `max_audience_change` one of the targets that
    a push had; `max_creates` and `max_audience` are numbers, None for no limit. `rules` say how
    much each finding counts; what follows are the numbers that findings go by.
    """

    danger_window: Duration = 600
    max_cancels: Annotated[float, Field(ge=0, le=1)] = 0.3
    max_creates: Annotated[int, Field(ge=0)] | None = None
    max_audience: Annotated[int, Field(ge=1)] | None = None
    max_audience_change: Annotated[float, Field(ge=0, le=100)] = 0.5
    renew_before: Duration = 30 * 86400
    allow_immediate: bool = False
    rules: dict[Code, Level] = Field(default_factory=dict)
    min_lead: Duration = 600
    quiet_hours: Hours = NIGHT
    marketing: dict[str, Text] = Field(default_factory=lambda: {"class": "marketing"})
    links: Links = Links()
    freezes: Annotated[tuple[Freeze, ...], Field(strict=False)] = ()
    min_gap: Duration = 3600
    max_per_day: Annotated[int, Field(ge=1)] = 2
    sms: SmsPolicy = SmsPolicy()
    targets: Shapes = Shapes()
    suppressed: Audience | None = None


class Moved(Model):
    """An entry that got another id."""

    from_: Address = Field(alias="from")
    to: Address


class Removed(Model):
    """An entry that is gone; without `cancel` its tasks run out."""

    id: Address
    cancel: bool = True


class Adopt(Model):
    """A task made elsewhere that belongs to an entry from now on."""

    id: Address
    task: Word


class Manifest(Model):
    """Everything about the manifest except its entries. `calendars` are files, by name."""

    version: Annotated[Literal[1], BeforeValidator(number)]
    timezone: Zone
    app: App
    policy: Policy = Policy()
    calendars: dict[Calendar, Text] = Field(default_factory=dict)
    moved: Annotated[tuple[Moved, ...], Field(strict=False)] = ()
    removed: Annotated[tuple[Removed, ...], Field(strict=False)] = ()
    adopt: Annotated[tuple[Adopt, ...], Field(strict=False)] = ()


class To(OneOf):
    """Who: exactly one kind of target, written here or in a file."""

    users: Targets | None = None
    users_from: Audience | None = None
    android: Targets | None = None
    android_from: Audience | None = None
    ios: Targets | None = None
    ios_from: Audience | None = None
    harmony: Targets | None = None
    harmony_from: Audience | None = None
    activity_tokens: Targets | None = None
    activity_tokens_from: Audience | None = None
    activity_ids: Targets | None = None
    activity_ids_from: Audience | None = None

    @property
    def dimension(self) -> str:
        """Return the kind of target, such as `users`."""
        return self.field.removesuffix("_from")

    @property
    def field(self) -> str:
        """Return the key that is set, such as `users` or `users_from`."""
        return next(iter(self.model_fields_set))


class Images(Model):
    """A picture for each channel."""

    default: Web | None = None
    oppo: Web | None = None
    xiaomi: Web | None = None
    fcm: Web | None = None
    ios: Web | None = None
    huawei: Web | None = None


class Icons(Model):
    """An icon for each channel."""

    default: Web | None = None
    huawei: Web | None = None
    oppo: Web | None = None
    xiaomi: Web | None = None


class Open(OneOf):
    """What a tap does: a web page, or an intent of the app."""

    url: Word | None = None
    intent: Word | None = None


class Message(Model):
    """What people see."""

    title: str
    body: str
    style: Literal["default", "big-text", "image"] = "default"
    image: Web | Images | None = None
    icon: Web | Icons | None = None
    open: Word | Open | None = None
    silent: bool | None = None
    extras: dict[str, Scalar] | None = None
    transparent_payload: JsonValue = None
    transparent_urgency: Text | None = None


HuaweiCategory = Literal[
    "im", "voip", "subscription", "travel", "health", "work", "account", "express", "finance",
    "device-reminder", "system-reminder", "mail", "play-voice", "marketing",
]  # fmt: skip


class Android(Model):
    """All Android channels."""

    channel: Text | None = None


class Huawei(Model):
    """Huawei (HMS)."""

    category: HuaweiCategory | Raw | None = None
    level: Literal["low", "normal"] | Raw | None = None


class Harmony(Model):
    """HarmonyOS."""

    category: Raw | None = None


class Honor(Model):
    """Honor."""

    category: Raw | None = None
    level: Raw | None = None


class Oppo(Model):
    """OPPO."""

    category: Raw | None = None
    level: Literal["bar", "lock-screen", "full"] | Raw | None = None


class Vivo(Model):
    """vivo; `class_` decides which of its daily limits count."""

    class_: Literal["operational", "system"] | None = Field(default=None, alias="class")
    category: Literal["im"] | Raw | None = None


class Xiaomi(Model):
    """Xiaomi."""

    channel: Text | None = None
    category: Raw | None = None


class Vendors(Model):
    """What single vendors want to know."""

    android: Android = Android()
    huawei: Huawei = Huawei()
    harmony: Harmony = Harmony()
    honor: Honor = Honor()
    oppo: Oppo = Oppo()
    vivo: Vivo = Vivo()
    xiaomi: Xiaomi = Xiaomi()
    template: Text | None = None


class Sms(Model):
    """A text message, instead of the push or beside it."""

    mode: Literal["fallback", "concurrent"]
    sign: Text
    template: Text
    params: dict[str, Scalar]


class LiveActivity(Model):
    """An update or the end of a Live Activity."""

    event: Literal["update", "end"]
    state: dict[str, JsonValue]
    dismiss_at: Moment | None = None


class Allow(Model):
    """A finding that somebody accepts, why, and until which day."""

    rule: Code
    reason: Text
    until: Date | None = None


class PushEntry(Model):
    """One entry, resolved. `expires_after` in seconds, None if the manifest does not say."""

    name: Text | None = None
    owner: Text | None = None
    description: str | None = None
    labels: dict[str, str] = Field(default_factory=dict)
    enabled: bool = True
    protect: bool = False
    on_change: Literal["replace", "forbid"] = "replace"
    on_remove: Literal["cancel", "forget", "forbid"] = "cancel"
    allow: Annotated[tuple[Allow, ...], Field(strict=False)] = ()
    offer_ends: Moment | None = None
    schedule: Schedule
    to: To
    message: Message
    expires_after: Lifetime | None = None
    via: Literal["default", "mps"] | None = None
    vendors: Vendors = Vendors()
    sms: Sms | None = None
    live_activity: LiveActivity | None = None
    raw: dict[str, JsonValue] = Field(default_factory=dict)


_M = TypeVar("_M", bound=Model)


def parsed(kind: type[_M], data: Any) -> _M | None:
    """Return the typed value, or None if the schema has something to say about the data."""
    try:
        return kind.model_validate(data)
    except (pydantic.ValidationError, RecursionError):
        return None
