"""A schedule as an English sentence; a rule that has no words is shown as it is."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from itertools import zip_longest

from pushctl.render.schedule_notation import ALWAYS, explicit, moves
from pushctl.render.words import WORDS
from pushctl.schedule.day_mask import bits, days
from pushctl.schedule.recurrence import Declared, Recurrence, on_days
from pushctl.schedule.rrule import format_rrule
from pushctl.schedule.rule import SHORTEST, Freq, Rule, ShortMonths, Weekday
from pushctl.schedule.service_schedule import Every, Immediate, Loop, OneShot
from pushctl.schedule.zone_offsets import DAY_SECONDS, offset_runs
from pushctl.text import local_times, timestamps
from pushctl.text.messages import ENGLISH, _, chosen, clauses, listed
from pushctl.text.timestamps import MONTH_NAMES, WEEKDAY_NAMES, clock

PLACES = {1: "first", 2: "second", 3: "third", 4: "fourth", 5: "fifth", -1: "last"}

MOST_SKIPPED = 8
"""How many exceptions a sentence lists before it only counts them."""

MOST_DATES = 6
"""How many deliveries of a monthly loop are named one by one."""


def english(schedule: Declared | Loop, zone: dt.tzinfo) -> str:
    """Say when something is delivered, in a sentence.

    A one-time moment is shown in `zone`; a loop as sent to the service is wall clock of `zone`. A
    recurrence has a zone of its own.
    """
    match schedule:
        case Immediate():
            return _("at once, when it is applied")
        case OneShot(at=at):
            return _("once, {when}", local_times.moment(at, zone))
        case Loop():
            return _dates(schedule, zone) or _sentence(of_loop(schedule, zone))
        case Recurrence():
            return _sentence(schedule)


def _dates(loop: Loop, zone: dt.tzinfo) -> str | None:
    """Name the days of a monthly loop that has only a few: nobody counts months for those."""
    if loop.every is not Every.MONTH:
        return None
    span = days(loop.first, max((loop.last - loop.first).days + 1, 0))
    found = [span.date(index) for index in bits(on_days(of_loop(loop, zone), span))]
    if not 1 <= len(found) <= MOST_DATES:
        return None
    named = [
        local_times.day(day)
        if after is None or after.year != day.year
        else local_times.day(day).removesuffix(f" {day.year:04d}")
        for day, after in zip_longest(found, found[1:])
    ]
    return _at(listed(named), clock(loop.time), zone)


def _at(days: str, times: str, zone: dt.tzinfo) -> str:
    return _("{days} at {times} {zone}", days, times, timestamps.zone_name(zone))


def of_loop(loop: Loop, zone: dt.tzinfo) -> Recurrence:
    """Return a loop of the service, whose zone is `zone`, as a recurrence at the same moments."""
    match loop.every:
        case Every.DAY:
            rule = Rule(Freq.DAILY)
        case Every.WEEK:
            rule = Rule(Freq.WEEKLY, by_day=tuple(Weekday(day) for day in loop.on))
        case Every.MONTH:
            rule = Rule(Freq.MONTHLY, by_month_day=loop.on)
    return Recurrence(rule, (loop.time,), zone, loop.first, loop.last)


def _sentence(schedule: Recurrence) -> str:
    times = listed([clock(time) for time in schedule.times])
    text = _at(_days(schedule), times, schedule.zone)
    return clauses([text, *_bounds(schedule), *_exceptions(schedule), *_choices(schedule)])


def _bounds(schedule: Recurrence) -> Iterator[str]:
    count = schedule.rule.count
    if schedule.first is not None:
        yield _("from {day}", local_times.day(schedule.first))
    if count is not None:
        counted = _("one day") if count == 1 else _("{count} days", count)
        yield _("for {counted} in all", counted) + (
            _(" (counting those left out)") if schedule.skip else ""
        )
    if schedule.last is not None:
        yield _("until {day}", local_times.day(schedule.last))
    elif count is None:
        yield _("until further notice")


def _exceptions(schedule: Recurrence) -> Iterator[str]:
    for word, found in (("not", schedule.skip), ("also", schedule.also)):
        if found:
            yield _("{word} on {ranges}", _(word), _ranges(found))


def _ranges(found: Sequence[tuple[dt.date, dt.date]]) -> str:
    if len(found) <= MOST_SKIPPED:
        return listed([_range(first, last) for first, last in sorted(found)])
    ordinals = {
        ordinal
        for first, last in found
        for ordinal in range(first.toordinal(), last.toordinal() + 1)
    }
    start, end = (dt.date.fromordinal(choose(ordinals)) for choose in (min, max))
    first, last = local_times.day(start), local_times.day(end)
    return _("{number} days from {first} to {last}", len(ordinals), first, last)


def _range(first: dt.date, last: dt.date) -> str:
    """Write a range of days as shortly as it is clear: `5 to 11 Feb 2027`."""
    if first == last:
        return local_times.day(first)
    if chosen() != ENGLISH:
        return _("{start} to {end}", local_times.day(first), local_times.day(last))
    end = f"{last.day} {timestamps.MONTHS[last.month - 1]} {last.year:04d}"
    start = str(first.day)
    if (first.year, first.month) != (last.year, last.month):
        start += f" {timestamps.MONTHS[first.month - 1]}"
    if first.year != last.year:
        start += f" {first.year:04d}"
    return f"{start} to {end}"


def _choices(schedule: Recurrence) -> Iterator[str]:
    """Say what was chosen about clock changes, where there are any."""
    if (schedule.gap or schedule.fold) and changes_clocks(schedule.zone):
        if schedule.gap is not None:
            yield _(WORDS["gaps"][schedule.gap])
        if schedule.fold is not None:
            yield _(WORDS["folds"][schedule.fold])


@lru_cache(maxsize=64)
def changes_clocks(zone: dt.tzinfo) -> bool:
    """Tell whether a zone changes its clocks in our time (the years 2020 to 2037)."""
    start = int(dt.datetime(2020, 1, 1, tzinfo=dt.UTC).timestamp())
    return len(offset_runs(zone, start, start + 18 * 365 * DAY_SECONDS)) > 1


# --- days -----------------------------------------------------------------------------------------


def _days(schedule: Recurrence) -> str:
    rule = explicit(schedule.rule, schedule.first)
    words = _in_words(rule)
    text = words or _("by the rule {rule}", format_rrule(rule))
    if not _is_asked(rule, schedule.first, schedule.last):
        return text
    if rule.short is ShortMonths.LAST and moves(rule):
        return _("{text} (the last day of shorter months)", text)
    # A rule of RFC 5545 means that by itself.
    return _("{text} (not in shorter months)", text) if words else text


def _is_asked(rule: Rule, first: dt.date | None, last: dt.date | None) -> bool:
    """Tell whether a day is meant that some month, as far as the rule goes, does not have."""
    shortest = min(SHORTEST.get(month, 31) for month in rule.by_month or SHORTEST)
    missing = [number for number in rule.by_month_day if number > shortest]
    if first is None or last is None:
        return bool(missing)
    span = days(first, max((last - first).days + 1, 0))
    return any(span.shorter_ends(number) for number in missing)


def _in_words(rule: Rule) -> str | None:
    """Say on which days a rule falls; None if that has no words here."""
    if rule.by_year_day:
        return None
    if _only_weekdays(rule):
        return _every_weekday(rule.by_day) + _in_months(rule)
    match rule.freq:
        case Freq.DAILY:
            return _daily(rule)
        case Freq.WEEKLY:
            return _weekly(rule)
        case Freq.MONTHLY:
            return _monthly(rule)
        case Freq.YEARLY:
            return _yearly(rule)


def _daily(rule: Rule) -> str | None:
    if rule.by_month_day or rule.by_set_pos or rule.by_day:
        return None
    return (
        _("every day") if rule.interval == 1 else _("every {interval} days", rule.interval)
    ) + _in_months(rule)


def _weekly(rule: Rule) -> str | None:
    if rule.by_set_pos or not rule.by_day:
        return None
    days, months = _weekdays(rule.by_day), _in_months(rule)
    text = _("every {interval} weeks on {weekdays}{in_months}", rule.interval, days, months)
    if rule.week_start != 1:
        return _("{text} (weeks begin on {weekday})", text, _(WEEKDAY_NAMES[rule.week_start - 1]))
    return text


def _monthly(rule: Rule) -> str | None:
    which = _of_month(rule)
    if which is None or (rule.interval > 1 and rule.by_month):
        return None
    if rule.interval > 1:
        return _("every {interval} months {which}", rule.interval, which)
    return _("{which} of {months}", which, _months(rule) if rule.by_month else _("every month"))


def _yearly(rule: Rule) -> str | None:
    counts_in_years = any(item.nth for item in rule.by_day) and not rule.by_month
    if rule.by_set_pos or counts_in_years:
        return None
    which = _of_month(rule)
    if which is None or (rule.interval > 1 and not rule.by_month):
        return None
    if rule.interval > 1:
        return _("every {interval} years {which} of {months}", rule.interval, which, _months(rule))
    months = _("{months} every year", _months(rule)) if rule.by_month else _("every month")
    return _("{which} of {months}", which, months)


def _only_weekdays(rule: Rule) -> bool:
    """Tell whether every such weekday is meant, whatever the frequency."""
    counted = rule.by_month_day or rule.by_set_pos or any(item.nth for item in rule.by_day)
    return bool(rule.by_day) and rule.interval == 1 and not counted


def _of_month(rule: Rule) -> str | None:
    """Say which days of a month are meant, without the month; None if that has no words here."""
    if rule.by_month_day and not rule.by_day and not rule.by_set_pos:
        if min(rule.by_month_day) < -ALWAYS:
            return None
        return _("on the {days}", _month_days(rule.by_month_day))
    if rule.by_day and not rule.by_month_day:
        plain = all(item.nth == 0 for item in rule.by_day)
        if plain and rule.by_set_pos:
            return _placed(rule.by_set_pos, _kind(rule.by_day))
        if all(item.nth in PLACES or item.nth < -1 for item in rule.by_day) and not rule.by_set_pos:
            named = sorted(rule.by_day, key=lambda item: (item.nth < 0, item.nth, item.day))
            words = (
                _("{place} {weekday}", _place(item.nth), _(WEEKDAY_NAMES[item.day - 1]))
                for item in named
            )
            return _("on the {days}", listed(list(words)))
        if plain and not rule.by_set_pos:
            return _("on each {weekdays}", _weekdays(rule.by_day))
    return None


def _month_days(numbers: Iterable[int]) -> str:
    """Say days of a month, more than three that follow one another by the first and the last."""
    runs: list[list[int]] = []
    for number in sorted(numbers, key=lambda number: (number < 0, number)):
        if runs and number == runs[-1][-1] + 1:
            runs[-1].append(number)
        else:
            runs.append([number])
    return listed([word for run in runs for word in _run(run)])


def _run(numbers: Sequence[int]) -> list[str]:
    if len(numbers) > 3 and numbers[0] > 0:
        return [_("{first} to {last}", ordinal(numbers[0]), ordinal(numbers[-1]))]
    return [
        _("{ordinal}", ordinal(number)) if number > 0 else _("{place} day", _place(number))
        for number in numbers
    ]


def _place(number: int) -> str:
    if number < -1:
        return _("{ordinal}-to-last", ordinal(-number))
    return _(PLACES[number]) if number in PLACES else ordinal(number)


def _placed(places: Iterable[int], kind: str) -> str:
    words = [_place(place) for place in sorted(places, key=lambda place: (place < 0, place))]
    return _("on the {places} {kind}", listed(words), _(kind))


def _kind(weekdays: Iterable[Weekday]) -> str:
    """Name a choice of weekdays to count in: `weekday`, `Friday or Saturday`."""
    numbers = sorted({item.day for item in weekdays})
    known = {(1, 2, 3, 4, 5): "weekday", (6, 7): "weekend day", (1, 2, 3, 4, 5, 6, 7): "day"}
    return known.get(tuple(numbers)) or listed([_(WEEKDAY_NAMES[day - 1]) for day in numbers], "or")


def _every_weekday(weekdays: Iterable[Weekday]) -> str:
    kind = _kind(weekdays)
    if kind in ("weekday", "day"):
        return _("every weekday") if kind == "weekday" else _("every day")
    return _("every {weekdays}", _weekdays(weekdays))


def _weekdays(weekdays: Iterable[Weekday]) -> str:
    return listed([_(WEEKDAY_NAMES[day - 1]) for day in sorted({item.day for item in weekdays})])


def _months(rule: Rule) -> str:
    return listed([_(MONTH_NAMES[number - 1]) for number in rule.by_month])


def _in_months(rule: Rule) -> str:
    return _(" in {months}", _months(rule)) if rule.by_month else ""


# --- words ----------------------------------------------------------------------------------------


def ordinal(number: int) -> str:
    """Write a place as people do: `1st`, `12th`, `23rd`; outside English only its number."""
    if chosen() != ENGLISH:
        return str(number)
    tail = number % 100
    ending = "th" if 10 < tail < 14 else {1: "st", 2: "nd", 3: "rd"}.get(tail % 10, "th")
    return f"{number}{ending}"
