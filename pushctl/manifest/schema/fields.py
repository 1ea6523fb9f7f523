"""What the fields of a manifest can be, as types: texts of a pattern, durations, closed maps."""

from __future__ import annotations

import re
from typing import Annotated, Any, Self

import pydantic
from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field

from pushctl.manifest.schema import patterns
from pushctl.text.duration import seconds


def _seconds(value: object) -> object:
    if (
        isinstance(value, int)
        and not isinstance(value, bool)
        and 0 <= value <= patterns.MOST_SECONDS
    ):
        return value
    if isinstance(value, str) and re.fullmatch(patterns.DURATION, value):
        return seconds(value)
    raise ValueError("not a duration")


def number(value: object) -> object:
    """Refuse true, which equals 1; raises ValueError."""
    if isinstance(value, bool):
        raise ValueError("true and false are no numbers")
    return value


def _positive(value: int) -> int:
    if value < 1:
        raise ValueError("not a positive duration")
    return value


def distinct(value: tuple[Any, ...]) -> tuple[Any, ...]:
    """Refuse a list that says something twice; raises ValueError."""
    if len(set(value)) != len(value):
        raise ValueError("something is written twice")
    return value


Word = Annotated[str, Field(pattern=patterns.WORD)]
Id = Annotated[str, Field(pattern=patterns.ID)]
Address = Annotated[str, Field(pattern=patterns.ADDRESS)]
Zone = Annotated[str, Field(pattern=patterns.ZONE)]
Date = Annotated[str, Field(pattern=patterns.DATE)]
Time = Annotated[str, Field(pattern=patterns.TIME)]
Moment = Annotated[str, Field(pattern=patterns.MOMENT)]
Raw = Annotated[str, Field(pattern=patterns.RAW)]
Web = Annotated[str, Field(pattern=patterns.WEB)]
Duration = Annotated[int, BeforeValidator(_seconds)]
Lifetime = Annotated[Duration, AfterValidator(_positive)]
Text = Annotated[str, Field(min_length=1)]
Scalar = str | bool | int | float
Targets = Annotated[tuple[Text, ...], Field(min_length=1, strict=False)]


class Model(BaseModel):
    """What all of them share: nothing unknown, nothing guessed, nothing changed later."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)


class OneOf(Model):
    """Exactly one of the fields."""

    @pydantic.model_validator(mode="after")
    def _exactly_one(self) -> Self:
        if len(self.model_fields_set) != 1:
            raise ValueError("exactly one field")
        return self


class AudienceFile(Model):
    """A file with targets, and the column to take from it."""

    file: Text
    column: Text | None = None


Audience = Text | AudienceFile
