"""The manifest as people edit it, and what it asks for: written down apart from the product.

All values are plain (text, numbers, tuples), so that what `repr` shows of them is code.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

SHANGHAI = dt.timezone(dt.timedelta(hours=8))
DAY = dt.timedelta(days=1)
WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
HEAD = (
    "version: 1\napp: {id: ONEX0000000000000, workspace: test}\ntimezone: Asia/Shanghai\n"
    "defaults: {expires_after: 4h}\npolicy: {max_cancels: 1, max_audience_change: 100}\n"
)

When = tuple[str, ...]
"""("once", "2026-12-03T20:00"), ("day", "12:00", UNTIL) or ("mon wed", "12:00", UNTIL).

UNTIL is a day, or empty for a recurrence until further notice.
"""


@dataclass(frozen=True)
class Push:
    """One entry of the manifest. `people` is the first of the crowd that gets it, and how many."""

    when: When
    people: tuple[int, int]
    text: str
    enabled: bool = True
    protect: bool = False

    @property
    def names(self) -> tuple[str, ...]:
        first, size = self.people
        return tuple(f"p{number:02d}" for number in range(first, first + size))

    @property
    def loop(self) -> bool:
        return self.when[0] != "once"

    @property
    def content(self) -> tuple[object, ...]:
        """Return what an edit has to change so that it is another message."""
        return (self.when, self.text)


def manifest(
    pushes: Mapping[str, Push], moved: Sequence[tuple[str, str]], *, hashed: bool = False
) -> str:
    """Write the YAML."""
    moves = "".join(f"  - {{from: {before}, to: {after}}}\n" for before, after in moved)
    head = HEAD.replace("test}", "test, targets: hashed}") if hashed else HEAD
    head += f"moved:\n{moves}" if moved else ""
    if not pushes:
        return f"{head}pushes: {{}}\n"
    return f"{head}pushes:\n" + "".join(_entry(id, push) for id, push in pushes.items())


def _entry(id: str, push: Push) -> str:
    lines = [
        f"  {id}:",
        f"    schedule: {_schedule(push.when)}",
        f"    to: {{users: [{', '.join(push.names)}]}}",
        f"    message: {{title: Same, body: {push.text}}}",
        *([] if push.enabled else ["    enabled: false"]),
        *(["    protect: true"] if push.protect else []),
    ]
    return "".join(f"{line}\n" for line in lines)


def _schedule(when: When) -> str:
    if when[0] == "once":
        return f"{{at: {when[1]}}}"
    days, time, until = when
    every = days if days == "day" else f"[{', '.join(days.split())}]"
    end = f", until: {until}" if until else ""
    return f'{{every: {every}, at: "{time}"{end}}}'


def moment(text: str) -> int:
    """Turn local time such as 2026-12-03T20:00 into epoch seconds."""
    return int(dt.datetime.fromisoformat(text).replace(tzinfo=SHANGHAI).timestamp())


def local(at: float) -> str:
    """Turn epoch seconds into local time to the minute."""
    return dt.datetime.fromtimestamp(at, SHANGHAI).strftime("%Y-%m-%dT%H:%M")


def day_of(at: float) -> dt.date:
    """Return the calendar day of the service at a moment."""
    return dt.datetime.fromtimestamp(at, SHANGHAI).date()


def moments(push: Push, *, since: float, until: float) -> tuple[int, ...]:
    """Return when a push is due after one moment and up to another, whatever limits the service."""
    if not push.loop:
        at = moment(push.when[1])
        return (at,) if since < at <= until else ()
    days, time, end = push.when
    found = []
    day = day_of(since)
    while day <= day_of(until) and (not end or day.isoformat() <= end):
        at = moment(f"{day.isoformat()}T{time}")
        if since < at <= until and (days == "day" or WEEKDAYS[day.weekday()] in days.split()):
            found.append(at)
        day += DAY
    return tuple(found)
