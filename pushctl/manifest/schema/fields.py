"""Types that several fields of a manifest share; the schema says how their texts are written."""

from __future__ import annotations

from typing import Annotated

from pydantic import BaseModel, BeforeValidator, ConfigDict

from pushctl.text.duration import seconds

Date = str
"""A day, such as `2026-12-24`."""

Time = str
"""A time of day, such as `09:45` or `09:45:11`."""

Moment = str
"""A date and time, such as `2026-12-24T20:00`, with or without an offset."""

Scalar = str | bool | int | float
Targets = tuple[str, ...]


def _seconds(value: object) -> object:
    return seconds(value) if isinstance(value, str) else value


Duration = Annotated[int, BeforeValidator(_seconds)]
"""Seconds; written `90s`, `10m`, `12h`, `3d`, or as a number of seconds."""


Word = Annotated[str, BeforeValidator(str)]
"""A text or a number, which mean the same: `2` and `"2"`."""


class Model(BaseModel):
    """A part of the manifest, decoded from data that the schema has accepted."""

    model_config = ConfigDict(frozen=True, defer_build=True)


class AudienceFile(Model):
    """A file with targets, and the column to take from it."""

    file: str
    column: str | None = None


AudienceSource = str | AudienceFile
"""The name of a file with targets, alone or with its column."""
