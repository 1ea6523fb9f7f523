"""Random schedules as people write them in a manifest, and random edits of them.

Texts and numbers only, as they stand in YAML. What is made up here is always allowed; that it also
delivers something has to be looked at afterwards.
"""

from __future__ import annotations

import calendar
import datetime as dt
from random import Random
from typing import Any

from pushctl.schedule.rrule import RuleError, parse
from tests.property.schedules.rules import rrule
from tests.property.schedules.zones import names

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
PLACES = ("1st", "2nd", "3rd", "4th", "5th", "last")
CALENDARS = ("holidays", "closing-days")

Schedule = dict[str, Any]


def schedule(rng: Random, today: dt.date) -> Schedule:
    """Make up a recurrence that begins around some day."""
    form = rng.choices([_every, _counted, _rule], [60, 22, 18])[0]
    written = {**form(rng, today), **_at(rng)}
    if rng.random() < 0.85:
        written["timezone"] = rng.choice(names())
    if rng.random() < 0.25:
        written["until"] = _near(rng, today, 20, 900)
    if rng.random() < 0.3:
        written["skip"] = _skip(rng, today)
    if rng.random() < 0.5:
        written["gap"] = rng.choice(["next", "shift", "skip"])
    if rng.random() < 0.5:
        written["fold"] = rng.choice(["first", "second"])
    return written


def _near(rng: Random, day: dt.date, low: int, high: int) -> str:
    return (day + dt.timedelta(days=rng.randint(low, high))).isoformat()


# --- days -----------------------------------------------------------------------------------------


def _every(rng: Random, today: dt.date) -> Schedule:
    every: Any = rng.choice(
        [
            "day",
            "weekday",
            rng.choice(WEEKDAYS),
            _some(rng, WEEKDAYS, 5),
            _some(rng, [*range(1, 32), "last day"], 6),
            _some(rng, [29, 30, 31, "last day"], 3),
            "last day",
            _nth(rng),
            sorted({_nth(rng) for _ in range(3)}),
        ]
    )
    written: Schedule = {"every": every}
    if rng.random() < 0.3:
        written["from"] = _near(rng, today, -300, 300)
    numbers = every if isinstance(every, list) else []
    if any(isinstance(item, int) and item > 28 for item in numbers) and rng.random() < 0.7:
        written["short_months"] = rng.choice(["skip", "last-day"])
    return written


def _some(rng: Random, items: Any, most: int) -> list[Any]:
    return rng.sample(items, rng.randint(1, min(most, len(items))))


def _nth(rng: Random) -> str:
    return f"{rng.choice(PLACES)} {rng.choice(WEEKDAYS)}"


def _counted(rng: Random, today: dt.date) -> Schedule:
    unit = rng.choice(["days", "weeks", "months"])
    number = rng.choice([2, 2, 3, 4, 5, 6, 10, 14, 30])
    first = today + dt.timedelta(days=rng.randint(-400, 200))
    if unit == "months" and rng.random() < 0.6:
        first = first.replace(day=calendar.monthrange(first.year, first.month)[1])
    written = {"every": f"{number} {unit}", "from": first.isoformat()}
    if unit == "months" and _lacks(first, number) and rng.random() < 0.7:
        written["short_months"] = rng.choice(["skip", "last-day"])
    return written


def _lacks(first: dt.date, step: int) -> bool:
    """Tell whether some month of every so many lacks the day of the first; 2023 has no leap day."""
    months = ((first.month - 1 + step * number) % 12 + 1 for number in range(12))
    return any(calendar.monthrange(2023, month)[1] < first.day for month in months)


def _rule(rng: Random, today: dt.date) -> Schedule:
    if rng.random() < 0.2:
        numbers = sorted({31, *rng.sample(range(27, 32), rng.randint(1, 3))})
        text = f"FREQ=MONTHLY;BYMONTHDAY={','.join(map(str, numbers))}"
        return {"rrule": text, "short_months": rng.choice(["skip", "last-day"])}
    while True:
        text = rrule(rng)
        try:
            rule = parse(text)
        except RuleError:
            continue
        if "FREQ=WEEKLY" in text and "BYSETPOS" in text:
            continue  # `dateutil` counts a first week that is cut off otherwise than RFC 5545 does
        if rule.anchored or rng.random() < 0.3:
            return {"rrule": text, "from": _near(rng, today, -400, 100)}
        return {"rrule": text}


# --- times and exceptions -------------------------------------------------------------------------


def _at(rng: Random) -> Schedule:
    if rng.random() < 0.7:
        return {"at": _time(rng)}
    return {"at": sorted({_time(rng) for _ in range(rng.randint(2, 4))})}


def _time(rng: Random) -> str:
    """Make up a time of day; many are at night, when clocks change."""
    hour = rng.randrange(4) if rng.random() < 0.4 else rng.randrange(24)
    text = f"{hour:02d}:{rng.choice([0, 0, 15, 30, 45, rng.randrange(60)]):02d}"
    return f"{text}:{rng.randrange(60):02d}" if rng.random() < 0.1 else text


def _skip(rng: Random, today: dt.date) -> list[Any]:
    items: list[Any] = []
    for _ in range(rng.randint(1, 3)):
        day = _near(rng, today, -20, 700)
        until = _near(rng, dt.date.fromisoformat(day), 0, 40)
        items.append(rng.choice([day, {"from": day, "until": until}, rng.choice(CALENDARS)]))
    return items


def skipped(rng: Random, today: dt.date) -> list[tuple[dt.date, dt.date]]:
    """Make up the days of a calendar."""
    starts = [today + dt.timedelta(days=rng.randrange(-30, 760)) for _ in range(15)]
    return [(day, day + dt.timedelta(days=rng.choice([0, 0, 1, 6]))) for day in sorted(starts)]


# --- edits ----------------------------------------------------------------------------------------


def edited(rng: Random, written: Schedule, now: dt.datetime) -> Schedule:
    """Return a schedule as somebody leaves it who changes one thing about it.

    `now` is the moment in the schedule's zone. Often a time is chosen that comes later that day:
    then it matters who has had something that day already.
    """
    if rng.random() < 0.4:
        return _later_today(rng, written, now)
    edit = rng.choice([_move, _another_time, _end, _elsewhere, _leave_out, _other_days])
    return edit(rng, written, now.date())


def _later_today(rng: Random, written: Schedule, now: dt.datetime) -> Schedule:
    clock = now.replace(second=0) + dt.timedelta(minutes=rng.randrange(15, 600))
    times = [time for time in _times(written) if rng.random() < 0.6]
    return {**written, "at": sorted({*times, f"{clock:%H:%M}"})}


def _times(written: Schedule) -> list[str]:
    at = written["at"]
    return [at] if isinstance(at, str) else at


def _move(rng: Random, written: Schedule, today: dt.date) -> Schedule:
    return {**written, **_at(rng)}


def _another_time(rng: Random, written: Schedule, today: dt.date) -> Schedule:
    return {**written, "at": sorted({*_times(written), _time(rng)})}


def _end(rng: Random, written: Schedule, today: dt.date) -> Schedule:
    return {**written, "until": _near(rng, today, 1, 200)}


def _elsewhere(rng: Random, written: Schedule, today: dt.date) -> Schedule:
    return {**written, "timezone": rng.choice(names())}


def _leave_out(rng: Random, written: Schedule, today: dt.date) -> Schedule:
    return {**written, "skip": [*written.get("skip", []), *_skip(rng, today)]}


def _other_days(rng: Random, written: Schedule, today: dt.date) -> Schedule:
    """Add a weekday where there are some; everything else gets other days."""
    every = written.get("every")
    if isinstance(every, list) and every[0] in WEEKDAYS:
        return {**written, "every": list(dict.fromkeys([*every, rng.choice(WEEKDAYS)]))}
    kept = {key: value for key, value in written.items() if key not in DAYS}
    return {**kept, **rng.choice([_every, _counted, _rule])(rng, today)}


DAYS = ("every", "rrule", "from", "short_months")
"""The keys that say which days are meant."""
