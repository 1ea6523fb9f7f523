"""The manifest as typed values, decoded after everything in it is put together and validated.

`schemas/manifest.schema.json` says what is valid; a test holds the fields and words of both equal.
"""

from __future__ import annotations

from typing import Any, Literal

from msgspec import field

from pushctl.manifest.schema.fields import (
    AudienceSource,
    Date,
    Duration,
    Integer,
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


class Quota(Model, frozen=True):
    """How many unexecuted tasks the service allows, and what to do beyond that."""

    limit: Integer = 100
    overflow: Literal["refuse", "soonest"] = "refuse"
    counts: Literal["tasks", "deliveries"] = "tasks"


class Sandbox(Model, frozen=True):
    """The embedded emulator; a new one is born with its clock standing still at `now`."""

    now: Moment | None = None


class Behaviour(Model, frozen=True):
    """Answers to what the vendor does not document. `list_slack` in seconds."""

    horizon_days: Integer = 180
    cancel_type: Integer | None = None
    list_slack: Duration = 86400
    gone_statuses: tuple[str, ...] = ()


class App(Model, frozen=True):
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


class Policy(Model, frozen=True):
    """Thresholds, and what a team wants to be warned of. Durations in seconds.

    `max_cancels` is a share of the scheduled entries, `max_audience_change` one of the targets that
    a push had; `max_creates` and `max_audience` are numbers, None for no limit. `rules` say how
    much each finding counts; what follows are the numbers that findings go by.
    """

    danger_window: Duration = 600
    max_cancels: float = 0.3
    max_creates: Integer | None = None
    max_audience: Integer | None = None
    max_audience_change: float = 0.5
    renew_before: Duration = 30 * 86400
    allow_immediate: bool = False
    rules: dict[str, Level] = field(default_factory=dict)
    min_lead: Duration = 600
    quiet_hours: Hours = NIGHT
    marketing: dict[str, str] = field(default_factory=lambda: {"class": "marketing"})
    links: Links = Links()
    freezes: tuple[Freeze, ...] = ()
    min_gap: Duration = 3600
    max_per_day: Integer = 2
    sms: SmsPolicy = SmsPolicy()
    targets: TargetFormats = TargetFormats()
    suppressed: AudienceSource | None = None
    language: Literal["en", "zh"] = "en"


class Moved(Model, frozen=True):
    """An entry that got another id."""

    from_: str
    to: str


class Removed(Model, frozen=True):
    """An entry that is gone; without `cancel` its tasks run out."""

    id: str
    cancel: bool = True


class Adopt(Model, frozen=True):
    """A task made elsewhere that belongs to an entry from now on."""

    id: str
    task: str


class Manifest(Model, frozen=True):
    """Everything about the manifest except its entries. `calendars` are files, by name."""

    version: Integer
    timezone: str
    app: App
    state: str | None = None
    policy: Policy = Policy()
    calendars: dict[str, str] = field(default_factory=dict)
    moved: tuple[Moved, ...] = ()
    removed: tuple[Removed, ...] = ()
    adopt: tuple[Adopt, ...] = ()


class To(Model, frozen=True):
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
        return next(name for name in self.__struct_fields__ if getattr(self, name) is not None)


class Images(Model, frozen=True):
    """A picture for each channel."""

    default: str | None = None
    oppo: str | None = None
    xiaomi: str | None = None
    fcm: str | None = None
    ios: str | None = None
    huawei: str | None = None


class Icons(Model, frozen=True):
    """An icon for each channel."""

    default: str | None = None
    huawei: str | None = None
    oppo: str | None = None
    xiaomi: str | None = None


class Open(Model, frozen=True):
    """What a tap does: a web page, or an intent of the app."""

    url: str | None = None
    intent: str | None = None


class Message(Model, frozen=True):
    """What people see."""

    title: str
    body: str
    style: Literal["default", "big-text", "image"] = "default"
    image: str | Images | None = None
    icon: str | Icons | None = None
    open: str | Open | None = None
    silent: bool | None = None
    extras: dict[str, Scalar] | None = None
    transparent_payload: Any = None
    transparent_urgency: str | None = None


HuaweiCategory = Literal[
    "im", "voip", "subscription", "travel", "health", "work", "account", "express", "finance",
    "device-reminder", "system-reminder", "mail", "play-voice", "marketing",
]  # fmt: skip


class Android(Model, frozen=True):
    """All Android channels."""

    channel: str | None = None


class Huawei(Model, frozen=True):
    """Huawei (HMS)."""

    category: HuaweiCategory | str | None = None
    level: Literal["low", "normal"] | str | None = None


class Harmony(Model, frozen=True):
    """HarmonyOS."""

    category: str | None = None


class Honor(Model, frozen=True):
    """Honor."""

    category: str | None = None
    level: str | None = None


class Oppo(Model, frozen=True):
    """OPPO."""

    category: str | None = None
    level: Literal["bar", "lock-screen", "full"] | str | None = None


class Vivo(Model, frozen=True):
    """vivo; `class_` decides which of its daily limits count."""

    class_: Literal["operational", "system"] | None = None
    category: Literal["im"] | str | None = None


class Xiaomi(Model, frozen=True):
    """Xiaomi."""

    channel: str | None = None
    category: str | None = None


class Vendors(Model, frozen=True):
    """What single vendors want to know."""

    android: Android = Android()
    huawei: Huawei = Huawei()
    harmony: Harmony = Harmony()
    honor: Honor = Honor()
    oppo: Oppo = Oppo()
    vivo: Vivo = Vivo()
    xiaomi: Xiaomi = Xiaomi()
    template: str | None = None


class Sms(Model, frozen=True):
    """A text message, instead of the push or beside it."""

    mode: Literal["fallback", "concurrent"]
    sign: str
    template: str
    params: dict[str, Scalar]


class LiveActivity(Model, frozen=True):
    """An update or the end of a Live Activity."""

    event: Literal["update", "end"]
    state: dict[str, Any]
    dismiss_at: Moment | None = None


class Allow(Model, frozen=True):
    """A finding that somebody accepts, why, and until which day."""

    rule: str
    reason: str
    until: Date | None = None


class PushEntry(Model, frozen=True, kw_only=True):
    """One entry, resolved. `expires_after` in seconds, None if the manifest does not say."""

    name: str | None = None
    owner: str | None = None
    description: str | None = None
    labels: dict[str, str] = field(default_factory=dict)
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
    raw: dict[str, Any] = field(default_factory=dict)
