"""What a team wants to be warned of, as types."""

from __future__ import annotations

from typing import Literal

from pushctl.manifest.schema.fields import Date, Integer, Model, Time

Level = Literal["off", "info", "warning", "error"]


class Hours(Model, frozen=True):
    """A stretch of every day; over midnight if `until` is before `from_`."""

    from_: Time
    until: Time


NIGHT = Hours(from_="22:00", until="08:00")


class Links(Model, frozen=True):
    """Where a tap may lead; None for everywhere."""

    schemes: tuple[str, ...] | None = None
    hosts: tuple[str, ...] | None = None


class Freeze(Model, frozen=True):
    """Days, both included, on which nothing may be delivered."""

    from_: Date
    until: Date
    reason: str


class SmsPolicy(Model, frozen=True):
    """What text messages cost; `price` is that of one part, None if nobody says."""

    price: float | None = None
    currency: str = "CNY"
    budget: float | None = None
    max_people: Integer = 100


class TargetFormats(Model, frozen=True):
    """What targets of each kind look like, as regular expressions."""

    users: str | None = None
    android: str | None = None
    ios: str | None = None
    harmony: str | None = None
    activity_tokens: str | None = None
    activity_ids: str | None = None
