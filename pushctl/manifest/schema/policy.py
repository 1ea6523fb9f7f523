"""What a team wants to be warned of, as types."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from pushctl.manifest.schema import patterns
from pushctl.manifest.schema.fields import Date, Model, Text, Time, Word

Code = Annotated[str, Field(pattern=patterns.RULE)]
Level = Literal["off", "info", "warning", "error"]


class Hours(Model):
    """A stretch of every day; over midnight if `until` is before `from_`."""

    from_: Time = Field(alias="from")
    until: Time


NIGHT = Hours.model_validate({"from": "22:00", "until": "08:00"})


class Links(Model):
    """Where a tap may lead; None for everywhere."""

    schemes: Annotated[tuple[Word, ...], Field(min_length=1, strict=False)] | None = None
    hosts: Annotated[tuple[Word, ...], Field(min_length=1, strict=False)] | None = None


class Freeze(Model):
    """Days, both included, on which nothing may be delivered."""

    from_: Date = Field(alias="from")
    until: Date
    reason: Text


class SmsPolicy(Model):
    """What text messages cost; `price` is that of one part, None if nobody says."""

    price: Annotated[float, Field(ge=0)] | None = None
    currency: Word = "CNY"
    budget: Annotated[float, Field(ge=0)] | None = None
    max_people: Annotated[int, Field(ge=0)] = 100


class Shapes(Model):
    """What targets of each kind look like, as regular expressions."""

    users: Text | None = None
    android: Text | None = None
    ios: Text | None = None
    harmony: Text | None = None
    activity_tokens: Text | None = None
    activity_ids: Text | None = None
