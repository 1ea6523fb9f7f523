"""What `every` says, as a rule: `weekday`, `2 weeks`, `[1, 15, last day]`, `last fri`. Pure."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from pushctl.schedule.rule import SHORTEST, Freq, Rule, Weekday
from pushctl.text.regex import regex

Every = str | tuple[str | int, ...]
"""One word, or a list of words and days of the month."""

WEEKDAYS = {"mon": 1, "tue": 2, "wed": 3, "thu": 4, "fri": 5, "sat": 6, "sun": 7}
PLACES = {"1st": 1, "2nd": 2, "3rd": 3, "4th": 4, "5th": 5, "last": -1}
UNITS = {"days": Freq.DAILY, "weeks": Freq.WEEKLY, "months": Freq.MONTHLY}
LAST_DAY = "last day"
WEEK = tuple(Weekday(day) for day in range(1, 6))

_INTERVAL = regex(r"([0-9]+) (days|weeks|months)")


def rule_of(every: Every) -> Rule:
    """Return the rule that a valid `every` means.

    `2 weeks` has no weekday of its own: it is that of the first day, and so is the day of the month
    of `3 months`.
    """
    if every == "day":
        return Rule(Freq.DAILY)
    if every in ("weekday", "workday"):
        return Rule(Freq.WEEKLY, by_day=WEEK)
    interval = _INTERVAL.fullmatch(every) if isinstance(every, str) else None
    if interval is not None:
        return Rule(UNITS[interval[2]], interval=int(interval[1]))
    return _of_list((every,) if isinstance(every, str) else every)


def _of_list(items: tuple[str | int, ...]) -> Rule:
    if all(isinstance(item, int) or item == LAST_DAY for item in items):
        days = {item if isinstance(item, int) else -1 for item in items}
        return Rule(Freq.MONTHLY, by_month_day=tuple(sorted(days)))
    words = [str(item) for item in items]
    if all(word in WEEKDAYS for word in words):
        return Rule(Freq.WEEKLY, by_day=_sorted(Weekday(WEEKDAYS[word]) for word in words))
    if all(word.endswith(" workday") for word in words):
        places = {-1 if word.startswith("last") else int(word.split(" ")[0][:-2]) for word in words}
        return Rule(Freq.MONTHLY, by_day=WEEK, by_set_pos=tuple(sorted(places)))
    return Rule(Freq.MONTHLY, by_day=_sorted(_nth_weekday(word) for word in words))


def _nth_weekday(word: str) -> Weekday:
    place, _, weekday = word.partition(" ")
    return Weekday(WEEKDAYS[weekday], PLACES[place])


def _sorted(days: Iterable[Weekday]) -> tuple[Weekday, ...]:
    return tuple(sorted(set(days)))


def missing_day(rule: Rule, first: dt.date | None) -> int | None:
    """Return a day of the month that the rule names and some of its months do not have.

    The last one, if there are several. A day that `first` decides counts as named.
    """
    if rule.freq not in (Freq.MONTHLY, Freq.YEARLY) or rule.by_set_pos:
        return None
    numbers = rule.by_month_day
    months = set(rule.by_month or range(1, 13))
    if first is not None:
        if not (numbers or rule.by_day or rule.by_year_day):
            numbers = (first.day,)
            months &= set(rule.by_month or ((first.month,) if rule.freq is Freq.YEARLY else months))
        if rule.freq is Freq.MONTHLY:
            months &= {(first.month - 1 + at * rule.interval) % 12 + 1 for at in range(12)}
    absent = (day for day in numbers if any(SHORTEST.get(month, 31) < day for month in months))
    return max(absent, default=None)
