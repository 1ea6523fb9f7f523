"""The manifest as typed values, decoded after everything in it is put together and validated.

`schemas/manifest.schema.json` says what is valid; a test holds the fields and words of both equal.
"""

from __future__ import annotations

from typing import Literal

from pydantic import Field, JsonValue

from pushctl.manifest.schema.fields import (
    AudienceSource,
    Date,
    Duration,
    Model,
    Moment,
    Scalar,
    Targets,
)
from pushctl.manifest.schema.policy import (
    NIGHT,
    Freeze,
    Hours,
    Level,
    Links,
    SmsPolicy,
    TargetFormats,
)
from pushctl.manifest.schema.schedule import Schedule


class Quota(Model):
    """How many unexecuted tasks the service allows, and what to do beyond that."""

    limit: int = 100
    overflow: Literal["refuse", "soonest"] = "refuse"
    counts: Literal["tasks", "deliveries"] = "tasks"


class Sandbox(Model):
    """The embedded emulator; `now` is where its clock stands still."""

    now: Moment | None = None


class Behaviour(Model):
    """Answers to what the vendor does not document. `list_slack` in seconds."""

    horizon_days: int = 180
    cancel_type: int | None = None
    list_slack: Duration = 86400
    gone_statuses: tuple[str, ...] = ()


class App(Model):
    """Which app of the service, and how to reach it.

    `settle_time` in seconds; None means none for the embedded sandbox and 30 for everything else.
    """

    id: str
    workspace: str
    tenant: str | None = None
    region: str = "cn-hangzhou"
    endpoint: str = "sandbox"
    service_timezone: str = "Asia/Shanghai"
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
    max_cancels: float = 0.3
    max_creates: int | None = None
    max_audience: int | None = None
    max_audience_change: float = 0.5
    renew_before: Duration = 30 * 86400
    allow_immediate: bool = False
    rules: dict[str, Level] = Field(default_factory=dict)
    min_lead: Duration = 600
    quiet_hours: Hours = NIGHT
    marketing: dict[str, str] = Field(default_factory=lambda: {"class": "marketing"})
    links: Links = Links()
    freezes: tuple[Freeze, ...] = ()
    min_gap: Duration = 3600
    max_per_day: int = 2
    sms: SmsPolicy = SmsPolicy()
    targets: TargetFormats = TargetFormats()
    suppressed: AudienceSource | None = None


class Moved(Model):
    """An entry that got another id."""

    from_: str = Field(alias="from")
    to: str


class Removed(Model):
    """An entry that is gone; without `cancel` its tasks run out."""

    id: str
    cancel: bool = True


class Adopt(Model):
    """A task made elsewhere that belongs to an entry from now on."""

    id: str
    task: str


class Manifest(Model):
    """Everything about the manifest except its entries. `calendars` are files, by name."""

    version: int
    timezone: str
    app: App
    state: str | None = None
    policy: Policy = Policy()
    calendars: dict[str, str] = Field(default_factory=dict)
    moved: tuple[Moved, ...] = ()
    removed: tuple[Removed, ...] = ()
    adopt: tuple[Adopt, ...] = ()


class To(Model):
    """Who: exactly one kind of target, written here or in a file."""

    users: Targets | None = None
    users_from: AudienceSource | None = None
    android: Targets | None = None
    android_from: AudienceSource | None = None
    ios: Targets | None = None
    ios_from: AudienceSource | None = None
    harmony: Targets | None = None
    harmony_from: AudienceSource | None = None
    activity_tokens: Targets | None = None
    activity_tokens_from: AudienceSource | None = None
    activity_ids: Targets | None = None
    activity_ids_from: AudienceSource | None = None

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

    default: str | None = None
    oppo: str | None = None
    xiaomi: str | None = None
    fcm: str | None = None
    ios: str | None = None
    huawei: str | None = None


class Icons(Model):
    """An icon for each channel."""

    default: str | None = None
    huawei: str | None = None
    oppo: str | None = None
    xiaomi: str | None = None


class Open(Model):
    """What a tap does: a web page, or an intent of the app."""

    url: str | None = None
    intent: str | None = None


class Message(Model):
    """What people see."""

    title: str
    body: str
    style: Literal["default", "big-text", "image"] = "default"
    image: str | Images | None = None
    icon: str | Icons | None = None
    open: str | Open | None = None
    silent: bool | None = None
    extras: dict[str, Scalar] | None = None
    transparent_payload: JsonValue = None
    transparent_urgency: str | None = None


HuaweiCategory = Literal[
    "im", "voip", "subscription", "travel", "health", "work", "account", "express", "finance",
    "device-reminder", "system-reminder", "mail", "play-voice", "marketing",
]  # fmt: skip


class Android(Model):
    """All Android channels."""

    channel: str | None = None


class Huawei(Model):
    """Huawei (HMS)."""

    category: HuaweiCategory | str | None = None
    level: Literal["low", "normal"] | str | None = None


class Harmony(Model):
    """HarmonyOS."""

    category: str | None = None


class Honor(Model):
    """Honor."""

    category: str | None = None
    level: str | None = None


class Oppo(Model):
    """OPPO."""

    category: str | None = None
    level: Literal["bar", "lock-screen", "full"] | str | None = None


class Vivo(Model):
    """vivo; `class_` decides which of its daily limits count."""

    class_: Literal["operational", "system"] | None = Field(default=None, alias="class")
    category: Literal["im"] | str | None = None


class Xiaomi(Model):
    """Xiaomi."""

    channel: str | None = None
    category: str | None = None


class Vendors(Model):
    """What single vendors want to know."""

    android: Android = Android()
    huawei: Huawei = Huawei()
    harmony: Harmony = Harmony()
    honor: Honor = Honor()
    oppo: Oppo = Oppo()
    vivo: Vivo = Vivo()
    xiaomi: Xiaomi = Xiaomi()
    template: str | None = None


class Sms(Model):
    """A text message, instead of the push or beside it."""

    mode: Literal["fallback", "concurrent"]
    sign: str
    template: str
    params: dict[str, Scalar]


class LiveActivity(Model):
    """An update or the end of a Live Activity."""

    event: Literal["update", "end"]
    state: dict[str, JsonValue]
    dismiss_at: Moment | None = None


class Allow(Model):
    """A finding that somebody accepts, why, and until which day."""

    rule: str
    reason: str
    until: Date | None = None


class PushEntry(Model):
    """One entry, resolved. `expires_after` in seconds, None if the manifest does not say."""

    name: str | None = None
    owner: str | None = None
    description: str | None = None
    labels: dict[str, str] = Field(default_factory=dict)
    enabled: bool = True
    protect: bool = False
    on_change: Literal["replace", "forbid"] = "replace"
    on_remove: Literal["cancel", "forget", "forbid"] = "cancel"
    allow: tuple[Allow, ...] = ()
    offer_ends: Moment | None = None
    schedule: Schedule
    to: To
    message: Message
    expires_after: Duration | None = None
    via: Literal["default", "mps"] | None = None
    vendors: Vendors = Vendors()
    sms: Sms | None = None
    live_activity: LiveActivity | None = None
    raw: dict[str, JsonValue] = Field(default_factory=dict)
