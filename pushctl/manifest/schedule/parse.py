"""From what a schedule says to what it declares; the one way for manifests and typed phrases. Pure.

Nothing here knows what time it is; `timing.py` says whether a schedule makes sense today.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from pushctl.manifest.schedule.every import Every, missing_day, rule_of
from pushctl.manifest.schedule.every_suggestions import WEEKDAYS, cron_instead, is_cron, meant
from pushctl.manifest.schedule.timezones import TimeError, instant_of, zone
from pushctl.manifest.schema.absent import MISSING
from pushctl.manifest.schema.messages import COMBINATION, FORMAT
from pushctl.manifest.schema.suggest import closest
from pushctl.schedule import rrule
from pushctl.schedule.recurrence import Declared, Recurrence
from pushctl.schedule.rule import Rule, Short
from pushctl.schedule.service_schedule import Immediate, OneShot
from pushctl.schedule.zone_offsets import Fold, Gap
from pushctl.text.quote import quoted

Days = tuple[dt.date, dt.date]
"""A first and a last day, both included."""

Calendars = Mapping[str, Sequence[Days]]

_WEEKDAYS = re.compile(
    "(mon|tues?|wed(nes)?|thu(rs)?|fri|sat(ur)?|sun)(day)?s?|weekends?", re.IGNORECASE
)

RULE = "The recurrence rule cannot be read"
NO_CALENDAR = "The calendar does not exist"


@dataclass(frozen=True, slots=True)
class Said:
    """A schedule as it is written: the keys of `schedule`, texts not yet looked at.

    `at` is one moment, or times of day beside `every` or `rrule`. An item of `skip` is a day, two
    days, alone or with `..` between them, or the name of a calendar.
    """

    now: bool = False
    at: tuple[str, ...] = ()
    every: Every | None = None
    rrule: str | None = None
    first: str | None = None
    last: str | None = None
    timezone: str | None = None
    skip: tuple[str | tuple[str, str], ...] = ()
    gap: str | None = None
    fold: str | None = None
    short_months: str | None = None


def declared(said: Said, default: dt.tzinfo, calendars: Calendars) -> Declared:
    """Return what a schedule declares; raises `TimeError`, whose path begins at the schedule.

    `default` is the zone of a schedule that names none.
    """
    if said.now:
        return Immediate()
    local = default if said.timezone is None else zone(said.timezone)
    gap = None if said.gap is None else Gap(said.gap)
    fold = None if said.fold is None else Fold(said.fold)
    if said.every is None and said.rrule is None:
        (at,) = said.at
        if gap is Gap.SKIP:
            detail = "`gap: skip` leaves out one delivery of many, and this push has only one."
            fix = "write `gap: next` or `gap: shift`"
            raise TimeError("PSH115", COMBINATION, detail, fix, ("gap",))
        return OneShot(instant_of(at, local, gap=gap, fold=fold))
    first, last = _day(said.first, "from"), _day(said.last, "until")
    return Recurrence(
        rule=_rule(said, first),
        times=tuple(sorted({dt.time.fromisoformat(time) for time in said.at})),
        zone=local,
        first=first,
        last=last,
        skip=_skip(said.skip, calendars) if said.skip else (),
        gap=gap,
        fold=fold,
    )


def _rule(said: Said, first: dt.date | None) -> Rule:
    rule = rule_of(said.every) if said.every is not None else _read(str(said.rrule))
    key = "rrule" if said.every is None else "every"
    if rule.anchored and first is None:
        what = said.rrule if said.every is None else said.every
        detail = f"`{key}: {what}` counts from its first day, so `from` is needed."
        raise TimeError("PSH111", MISSING, detail, "add `from: 2026-12-07`, or another day", ())
    if said.short_months is None:
        return rule
    if missing_day(rule, first) is None:
        detail = (
            "`short_months` is about the days 29 to 31 of a month, and this schedule names none "
            "that a month could lack."
        )
        fix = "delete `short_months`"
        raise TimeError("PSH115", COMBINATION, detail, fix, ("short_months",))
    return replace(rule, short=Short(said.short_months))


@lru_cache(maxsize=1024)
def _read(text: str) -> Rule:
    try:
        return rrule.parse(text)
    except rrule.RuleError as error:
        detail = f"The rule {quoted(text)} cannot be used: {error}."
        raise TimeError("PSH118", RULE, detail, _rule_instead(text), ("rrule",)) from error


def _rule_instead(text: str) -> str:
    """Say what to write instead of a rule that cannot be read."""
    if is_cron(text):
        return f"cron is not read here; {cron_instead(text)}"
    better = re.sub(r"\s*([;,=:])\s*", r"\1", text.upper()).removeprefix("RRULE:")
    better = re.sub(r"(?<=BYDAY=|.WKST=)[^;]*", _two_letters, better)
    try:
        rrule.parse(better)
    except rrule.RuleError:
        return "write it like FREQ=MONTHLY;BYDAY=-1FR, or say it with `every`"
    return f"write {better}"


def _two_letters(names: re.Match[str]) -> str:
    return re.sub(r"(MO|TU|WE|TH|FR|SA|SU)[A-Z]*", r"\1", names[0])


def _day(text: str | None, *path: str | int) -> dt.date | None:
    return None if text is None else _existing(text, *path)


def _existing(text: str, *path: str | int) -> dt.date:
    try:
        return dt.date.fromisoformat(text)
    except ValueError as error:
        detail = f"{quoted(text)} is not in the calendar."
        raise TimeError("PSH113", FORMAT, detail, "write a day that exists", path) from error


# --- days that are left out -----------------------------------------------------------------------


def _skip(items: Sequence[str | tuple[str, str]], calendars: Calendars) -> tuple[Days, ...]:
    found: list[Days] = []
    for at, item in enumerate(items):
        if isinstance(item, tuple):
            found.append(_stretch(item, at))
        elif not item[0].isdigit():
            found += _calendar(item, at, calendars)
        elif ".." in item:
            first, _, last = item.partition("..")
            found.append(_stretch((first.strip(), last.strip()), at))
        else:
            day = _existing(item, "skip", at)
            found.append((day, day))
    return joined(found)


def _stretch(item: tuple[str, str], at: int) -> Days:
    first = _existing(item[0], "skip", at, "from")
    last = _existing(item[1], "skip", at, "until")
    if last < first:
        detail = f"The days to skip end on {last}, before they begin on {first}."
        path = ("skip", at, "until")
        raise TimeError("PSH115", COMBINATION, detail, "exchange the two days", path)
    return first, last


def _calendar(name: str, at: int, calendars: Calendars) -> Sequence[Days]:
    if name in calendars:
        return calendars[name]
    detail = f"There is no calendar {quoted(name)}."
    if _WEEKDAYS.fullmatch(name):
        named = meant([name]) or ()
        detail += " Weekdays are not skipped by name; `every` says on which of them it delivers."
        rest = ", ".join(day for day in WEEKDAYS if day not in named)
        fix = "be weekday" if {*named} <= {"sat", "sun"} else f"name those that remain of {rest}"
        raise TimeError("PSH120", NO_CALENDAR, detail, f"let `every` {fix}", ("skip", at))
    guess = closest(name, calendars)
    fix = (
        f"did you mean {guess}?" if guess else f"add `calendars: {{{name}: calendars/{name}.txt}}`"
    )
    raise TimeError("PSH120", NO_CALENDAR, detail, fix, ("skip", at))


def joined(found: Sequence[Days]) -> tuple[Days, ...]:
    """Return stretches of days in order, those that touch or overlap as one."""
    whole: list[Days] = []
    for first, last in sorted(found):
        if whole and (first - whole[-1][1]).days <= 1:
            whole[-1] = (whole[-1][0], max(last, whole[-1][1]))
        else:
            whole.append((first, last))
    return tuple(whole)
