"""The schedule of an entry as typed values: what may stand together, not what it means."""

from __future__ import annotations

import re
from typing import Annotated, Literal, Self

import pydantic
from pydantic import AfterValidator, Field

from pushctl.manifest.schema import patterns
from pushctl.manifest.schema.fields import Date, Model, Text, Time, Zone, distinct

Weekday = Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
NthWeekday = Annotated[str, Field(pattern=patterns.NTH_WEEKDAY)]
MonthDay = Annotated[int, Field(ge=1, le=31)] | Literal["last day"]
Weekdays = Annotated[
    tuple[Weekday, ...], Field(min_length=1, strict=False), AfterValidator(distinct)
]
NthWeekdays = Annotated[
    tuple[NthWeekday, ...], Field(min_length=1, strict=False), AfterValidator(distinct)
]
MonthDays = Annotated[
    tuple[MonthDay, ...], Field(min_length=1, strict=False), AfterValidator(distinct)
]
Every = Annotated[str, Field(pattern=patterns.EVERY)] | Weekdays | NthWeekdays | MonthDays
Times = Annotated[
    tuple[Time, ...],
    Field(min_length=1, max_length=patterns.MOST_TIMES, strict=False),
    AfterValidator(distinct),
]


class SkippedDays(Model):
    """Days that a recurrence leaves out, from the first to the last, both included."""

    from_: Date = Field(alias="from")
    until: Date


Skipped = Annotated[str, Field(pattern=patterns.SKIPPED)] | SkippedDays


class Schedule(Model):
    """When: `now`, a one-time `at`, or `every` or `rrule` with times of day in `at`."""

    now: Literal[True] | None = None
    at: str | Times | None = None
    every: Every | None = None
    rrule: Text | None = None
    from_: Date | None = Field(default=None, alias="from")
    until: Date | None = None
    timezone: Zone | None = None
    skip: Annotated[tuple[Skipped, ...], Field(min_length=1, strict=False)] | None = None
    gap: Literal["next", "shift", "skip"] | None = None
    fold: Literal["first", "second"] | None = None
    short_months: Literal["skip", "last-day"] | None = None

    @pydantic.model_validator(mode="after")
    def _one_shape(self) -> Self:
        given = self.model_fields_set
        if given & {"every", "rrule"}:
            fits, pattern = not {"every", "rrule"} <= given and "now" not in given, patterns.TIME
        elif "now" in given:
            fits, pattern = given == {"now"}, ""
        else:
            fits, pattern = given <= {"at", "timezone", "gap", "fold"}, patterns.MOMENT
            fits = fits and self.gap != "skip" and not isinstance(self.at, tuple)
        text = "" if self.at is None else self.at
        wrong = isinstance(text, str) and pattern and re.fullmatch(pattern, text) is None
        if not fits or wrong:
            raise ValueError("none of the shapes")
        return self

    @property
    def times(self) -> tuple[str, ...]:
        """Return what `at` says, as a list."""
        if self.at is None:
            return ()
        return self.at if isinstance(self.at, tuple) else (self.at,)
