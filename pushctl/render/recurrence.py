"""A schedule in words, as cron, and as an RFC 5545 rule, where those exist."""

from __future__ import annotations

import datetime as dt

from pushctl.core.recurrence import Declared, Recurrence
from pushctl.core.rrule import spell
from pushctl.core.schedule import Every, Immediate, Loop, OneShot, Schedule
from pushctl.render import moments

LONG_WEEKDAYS = (
    "Monday",
    "Tuesday",
    "Wednesday",
    "Thursday",
    "Friday",
    "Saturday",
    "Sunday",
)
RULE_WEEKDAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")


def english(schedule: Schedule | Declared, zone: dt.tzinfo) -> str:
    """Say when a schedule delivers, in a sentence."""
    match schedule:
        case Immediate():
            return "at once, when it is applied"
        case OneShot(at=at):
            return f"once, {moments.moment(at, zone)}"
        case Recurrence():
            times = " and ".join(_time(time) for time in schedule.times)
            text = f"{spell(schedule.rule)} at {times} {moments.zone_name(schedule.zone)}"
            if schedule.last is not None:
                return f"{text}, until {moments.day(schedule.last)}"
            return f"{text}, until further notice"
        case Loop():
            time = _time(schedule.time)
            text = f"{_days(schedule)} at {time} {moments.zone_name(zone)}"
            return f"{text}, from {moments.day(schedule.first)}, until {moments.day(schedule.last)}"


def _days(loop: Loop) -> str:
    match loop.every:
        case Every.DAY:
            return "every day"
        case Every.WEEK:
            if loop.on == (1, 2, 3, 4, 5):
                return "every weekday"
            return f"every {_listed([LONG_WEEKDAYS[day - 1] for day in loop.on])}"
        case Every.MONTH:
            return f"on the {_listed([_ordinal(day) for day in loop.on])} of every month"


def _listed(words: list[str]) -> str:
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} and {words[-1]}"


def _ordinal(number: int) -> str:
    ending = "th" if 10 < number < 14 else {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")
    return f"{number}{ending}"


def _time(time: dt.time) -> str:
    return time.strftime("%H:%M:%S" if time.second else "%H:%M")


def cron(schedule: Schedule | Declared) -> str | None:
    """Return the five cron fields; None where cron cannot say it (one-time, seconds)."""
    if not isinstance(schedule, Loop) or schedule.time.second:
        return None
    days = ",".join(str(day % 7 if schedule.every is Every.WEEK else day) for day in schedule.on)
    fields = {
        Every.DAY: ("*", "*"),
        Every.WEEK: ("*", days),
        Every.MONTH: (days, "*"),
    }
    month_days, weekdays = fields[schedule.every]
    return f"{schedule.time.minute} {schedule.time.hour} {month_days} * {weekdays}"


def rrule(schedule: Schedule | Declared) -> str | None:
    """Return the recurrence rule of RFC 5545, without its start; None for one-time pushes."""
    if not isinstance(schedule, Loop):
        return None
    time = f"BYHOUR={schedule.time.hour};BYMINUTE={schedule.time.minute}"
    time += f";BYSECOND={schedule.time.second}"
    match schedule.every:
        case Every.DAY:
            rule = "FREQ=DAILY"
        case Every.WEEK:
            days = ",".join(RULE_WEEKDAYS[day - 1] for day in schedule.on)
            rule = f"FREQ=WEEKLY;BYDAY={days}"
        case Every.MONTH:
            rule = f"FREQ=MONTHLY;BYMONTHDAY={','.join(map(str, schedule.on))}"
    until = f";UNTIL={schedule.last:%Y%m%d}T235959"
    return f"{rule};{time}{until}"
