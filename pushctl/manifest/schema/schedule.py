"""The schedule of an entry as typed values."""

from __future__ import annotations

from typing import Literal

from pushctl.manifest.schema.fields import Date, Model, Time, Word


class SkippedDays(Model, frozen=True):
    """Days that a recurrence leaves out, from the first to the last, both included."""

    from_: Date
    until: Date


class Schedule(Model, frozen=True):
    """When: `now`, a one-time `at`, or `every` or `rrule` with times of day in `at`.

    An item of `skip` is a day, two days with `..` between them, or the name of a calendar.
    """

    now: Literal[True] | None = None
    again: Word | None = None
    at: str | tuple[Time, ...] | None = None
    every: str | tuple[int | str, ...] | None = None
    rrule: str | None = None
    from_: Date | None = None
    until: Date | None = None
    timezone: str | None = None
    skip: tuple[str | SkippedDays, ...] | None = None
    gap: Literal["next", "shift", "skip"] | None = None
    fold: Literal["first", "second"] | None = None
    on_holiday: Literal["skip", "before", "after"] | None = None
    short_months: Literal["skip", "last-day"] | None = None

    @property
    def times(self) -> tuple[str, ...]:
        """Return what `at` says, as a list."""
        if self.at is None:
            return ()
        return self.at if isinstance(self.at, tuple) else (self.at,)
