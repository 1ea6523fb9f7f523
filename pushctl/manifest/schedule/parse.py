"""From the fields of a schedule to what it declares, for manifests and typed phrases alike.

Nothing here knows what time it is; `checks/schedule.py` says whether a schedule makes sense today.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from functools import lru_cache

from msgspec.structs import replace

from pushctl.manifest.schedule import cron, every_suggestions
from pushctl.manifest.schedule.every import missing_day, rule_of
from pushctl.manifest.schedule.timezones import TimeError, instant_of, named, zone
from pushctl.manifest.schedule.working_days import Days, Holidays, exceptions, joined, without
from pushctl.manifest.schema.schedule import Schedule, SkippedDays
from pushctl.schedule import rrule
from pushctl.schedule.recurrence import Declared, Recurrence
from pushctl.schedule.rule import Rule, ShortMonths
from pushctl.schedule.service_schedule import Immediate, OneShot
from pushctl.schedule.zone_offsets import Fold, Gap
from pushctl.text.quote import quoted
from pushctl.text.suggest import closest

Calendars = Mapping[str, Holidays]


def declared(schedule: Schedule, default: dt.tzinfo | None, calendars: Calendars) -> Declared:
    """Return what a schedule declares; raises `TimeError`, whose path begins at the schedule.

    `default` is the zone of a schedule that names none; without it only an offset says when.
    """
    if schedule.now:
        return Immediate(schedule.again)
    local = default if schedule.timezone is None else zone(schedule.timezone)
    gap = None if schedule.gap is None else Gap(schedule.gap)
    fold = None if schedule.fold is None else Fold(schedule.fold)
    if schedule.every is None and schedule.rrule is None:
        (at,) = schedule.times
        return OneShot(instant_of(at, local, gap=gap, fold=fold))
    first = _existing(schedule.from_, "from") if schedule.from_ else None
    last = _existing(schedule.until, "until") if schedule.until else None
    rule = _rule(schedule, first)
    skip, also = _exceptions(schedule, rule, first, calendars)
    return Recurrence(
        rule=rule,
        times=_times(schedule),
        zone=named(local),
        first=first,
        last=last,
        skip=skip,
        also=also,
        gap=gap,
        fold=fold,
    )


def _rule(schedule: Schedule, first: dt.date | None) -> Rule:
    rule = rule_of(schedule.every) if schedule.every is not None else _read(str(schedule.rrule))[0]
    key = "rrule" if schedule.every is None else "every"
    if rule.anchored and first is None:
        what = schedule.rrule if schedule.every is None else schedule.every
        detail = f"`{key}: {what}` counts from its first day, so `from` is needed."
        raise TimeError("PSH111", detail, "add `from: 2026-12-07`, or another day", ())
    if schedule.short_months is None:
        return rule
    if missing_day(rule, first) is None:
        detail = (
            "`short_months` is about the days 29 to 31 of a month, and this schedule names none "
            "that a month could lack."
        )
        fix = "delete `short_months`"
        raise TimeError("PSH115", detail, fix, ("short_months",))
    return replace(rule, short=ShortMonths(schedule.short_months))


def _times(schedule: Schedule) -> tuple[dt.time, ...]:
    """Return the times of day that `at` says, or the rule itself."""
    said = tuple(sorted({dt.time.fromisoformat(time) for time in schedule.times}))
    ruled = () if schedule.rrule is None else _read(schedule.rrule)[1]
    if said and ruled and said != ruled:
        times = ", ".join(time.isoformat() for time in ruled)
        detail = f"The rule says {times} with its BYHOUR, and `at` says otherwise."
        raise TimeError("PSH115", detail, "keep one of the two", ("at",))
    return said or ruled


@lru_cache(maxsize=1024)
def _read(text: str) -> tuple[Rule, tuple[dt.time, ...]]:
    try:
        return rrule.parse_rrule(text), rrule.parse_times(text)
    except rrule.RuleError as error:
        detail = f"The rule {quoted(text)} cannot be used: {error}."
        fix = "write it like FREQ=MONTHLY;BYDAY=-1FR, or say it with `every`"
        if cron.is_cron(text):
            fix = f"cron is not read here; {cron.translated(text)}"
        raise TimeError("PSH118", detail, fix, ("rrule",)) from error


def _existing(text: str, *path: str | int) -> dt.date:
    try:
        return dt.date.fromisoformat(text)
    except ValueError as error:
        detail = f"{quoted(text)} is not in the calendar."
        raise TimeError("PSH113", detail, "write a day that exists", path) from error


# --- days that are left out -----------------------------------------------------------------------


def _exceptions(
    schedule: Schedule, rule: Rule, first: dt.date | None, calendars: Calendars
) -> tuple[tuple[Days, ...], tuple[Days, ...]]:
    """Return the days that are left out, and those that come besides."""
    workdays, moves = "workday" in str(schedule.every), schedule.on_holiday
    if workdays and calendars and not schedule.skip:
        detail = f"`every: {schedule.every}` does not say which days are no working days."
        fix = f"add `skip: [{next(iter(calendars))}]`"
        raise TimeError("PSH111", detail, fix, ("every",))
    if moves and (workdays or not schedule.skip):
        why = "is never on one" if workdays else "has no `skip` that says which days these are"
        detail = f"`on_holiday` is about deliveries on holidays, and this schedule {why}."
        raise TimeError("PSH115", detail, "delete `on_holiday`", ("on_holiday",))
    known = _skip(schedule.skip or (), calendars)
    return exceptions(rule, first, known, workdays=workdays, to=moves)


def _skip(items: Sequence[str | SkippedDays], calendars: Calendars) -> Holidays:
    """Put the days of all items together; what one of them leaves out is not worked."""
    found: list[Days] = []
    made_up: list[Days] = []
    for at, item in enumerate(items):
        if isinstance(item, SkippedDays):
            found.append(_stretch(item.from_, item.until, at))
        elif not item[0].isdigit():
            calendar = _calendar(item, at, calendars)
            found += calendar.off
            made_up += calendar.made_up
        elif ".." in item:
            first, _, last = item.partition("..")
            found.append(_stretch(first.strip(), last.strip(), at))
        else:
            day = _existing(item, "skip", at)
            found.append((day, day))
    off = joined(found)
    return Holidays(off, without(made_up, off))


def _stretch(begin: str, end: str, at: int) -> Days:
    first = _existing(begin, "skip", at, "from")
    last = _existing(end, "skip", at, "until")
    if last < first:
        detail = f"The days to skip end on {last}, before they begin on {first}."
        path = ("skip", at, "until")
        raise TimeError("PSH115", detail, "exchange the two days", path)
    return first, last


def _calendar(name: str, at: int, calendars: Calendars) -> Holidays:
    if name in calendars:
        return calendars[name]
    detail = f"There is no calendar {quoted(name)}."
    guess = closest(name, calendars)
    added = f"add `calendars: {{{name}: calendars/{name}.txt}}`"
    fix = f"did you mean {guess}?" if guess else added
    if every_suggestions.suggestion([name]):
        fix = "name no weekdays here, but the days on which it delivers in `every`"
    raise TimeError("PSH120", detail, fix, ("skip", at))
