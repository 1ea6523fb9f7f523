"""Rules as RFC 5545 writes them (section 3.3.10): `FREQ=MONTHLY;BYDAY=-1FR`, both ways."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Iterable
from itertools import product
from typing import Any

from pushctl.schedule.rule import Freq, Rule, Weekday

WEEKDAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
MOST = 10_000
"""The largest interval and count that is taken for meant."""

OF_HOURS = {"BYHOUR": 23, "BYMINUTE": 59, "BYSECOND": 59}
"""The parts that say times of day, and their largest number."""
OF_ENDS = {"UNTIL": "`until`", "DTSTART": "`from`"}


class RuleError(ValueError):
    """A rule that cannot be read, or that pushctl does not know; the text says which part."""


def parse_rrule(text: str) -> Rule:
    """Read a recurrence rule without its times of day; raises `RuleError`."""
    parts = {name: value for name, value in _parts(text).items() if name not in OF_HOURS}
    freq = parts.pop("FREQ", None)
    if freq is None:
        raise RuleError("it does not begin with FREQ=, such as FREQ=MONTHLY;BYDAY=-1FR")
    if freq not in Freq.__members__:
        raise RuleError(f"FREQ={freq} is none of DAILY, WEEKLY, MONTHLY and YEARLY")
    rule = Rule(Freq(freq), **dict(_field(*part) for part in parts.items()))
    _check(rule)
    return rule


def parse_times(text: str) -> tuple[dt.time, ...]:
    """Read the times of day of a rule that has some; raises `RuleError`."""
    parts = _parts(text)
    found = {name: parts[name].split(",") for name in OF_HOURS if name in parts}
    if not found:
        return ()
    if not {"BYHOUR", "BYMINUTE"} <= set(found):
        raise RuleError("BYHOUR and BYMINUTE go together: BYHOUR=9;BYMINUTE=0 is 09:00")
    found.setdefault("BYSECOND", ["0"])
    numbers = ([_number(key, item, 0, OF_HOURS[key]) for item in found[key]] for key in OF_HOURS)
    times = tuple(
        sorted({dt.time(hour, minute, second) for hour, minute, second in product(*numbers)})
    )
    if len(times) > 1 and {"COUNT", "BYSETPOS"} & set(parts):
        raise RuleError("COUNT and BYSETPOS count each of several times of day: say those in `at`")
    return times


def _field(name: str, value: str) -> tuple[str, Any]:
    field, read = PARTS[name]
    return field, read(name, value)


def _parts(text: str) -> dict[str, str]:
    found: dict[str, str] = {}
    for part in text.upper().strip().removeprefix("RRULE:").strip(";").split(";"):
        name, sign, value = part.strip().partition("=")
        if not sign or not value:
            raise RuleError(f"{part!r} is not NAME=VALUE")
        if name in OF_ENDS:
            raise RuleError(f"{name} is not for here: write it as {OF_ENDS[name]}")
        if name != "FREQ" and name not in PARTS and name not in OF_HOURS:
            raise RuleError(f"{name} is not supported")
        if name in found:
            raise RuleError(f"{name} stands twice")
        found[name] = value
    return found


def _positive(name: str, value: str) -> int:
    return _number(name, value, 1, MOST)


def _many(most: int, *, signed: bool) -> Callable[[str, str], tuple[int, ...]]:
    def read(name: str, value: str) -> tuple[int, ...]:
        low = -most if signed else 1
        numbers = {_number(name, item, low, most) for item in value.split(",")}
        if 0 in numbers:
            raise RuleError(f"{name} counts from 1, or from -1 backwards")
        return tuple(sorted(numbers))

    return read


def _number(name: str, value: str, low: int, high: int) -> int:
    if re.fullmatch(r"[+-]?[0-9]{1,6}", value) is None or not low <= int(value) <= high:
        raise RuleError(f"{name}={value} is not a number from {low} to {high}")
    return int(value)


def _weekdays(name: str, value: str) -> tuple[Weekday, ...]:
    found = set()
    for item in value.split(","):
        match = re.fullmatch(r"([+-]?[0-9]{1,2})?(MO|TU|WE|TH|FR|SA|SU)", item)
        if match is None or match[1] in ("0", "+0", "-0", "00"):
            raise RuleError(f"{name}: {item} is not a weekday such as MO, 2TU or -1FR")
        found.add(Weekday(WEEKDAYS.index(match[2]) + 1, int(match[1] or 0)))
    return tuple(sorted(found))


def _week_start(name: str, value: str) -> int:
    if value not in WEEKDAYS:
        raise RuleError(f"{name}={value} is not a weekday such as MO")
    return WEEKDAYS.index(value) + 1


PARTS: dict[str, tuple[str, Callable[[str, str], Any]]] = {
    "INTERVAL": ("interval", _positive),
    "COUNT": ("count", _positive),
    "BYMONTH": ("by_month", _many(12, signed=False)),
    "BYMONTHDAY": ("by_month_day", _many(31, signed=True)),
    "BYYEARDAY": ("by_year_day", _many(366, signed=True)),
    "BYDAY": ("by_day", _weekdays),
    "BYSETPOS": ("by_set_pos", _many(366, signed=True)),
    "WKST": ("week_start", _week_start),
}
"""The parts that are known -> the field of a rule, and what reads the value."""


def _check(rule: Rule) -> None:
    """Refuse the combinations that RFC 5545 forbids, and those that mean nothing."""
    ordinals = [item for item in rule.by_day if item.nth]
    if ordinals and rule.freq in (Freq.DAILY, Freq.WEEKLY):
        raise RuleError(f"BYDAY with a number, such as 2TU, does not go with FREQ={rule.freq}")
    if any(abs(item.nth) > 5 for item in ordinals) and (rule.freq is Freq.MONTHLY or rule.by_month):
        raise RuleError("no month has more than five of a weekday")
    if any(abs(item.nth) > 53 for item in ordinals):
        raise RuleError("no year has more than 53 of a weekday")
    if rule.by_month_day and rule.freq is Freq.WEEKLY:
        raise RuleError("BYMONTHDAY does not go with FREQ=WEEKLY")
    if rule.by_year_day and rule.freq is not Freq.YEARLY:
        raise RuleError(f"BYYEARDAY does not go with FREQ={rule.freq}")
    if rule.by_set_pos and rule.freq is Freq.DAILY:
        raise RuleError("BYSETPOS does not go with FREQ=DAILY: a day has one place")
    if rule.by_set_pos and not (rule.by_day or rule.by_month_day or rule.by_year_day):
        raise RuleError("BYSETPOS needs another BY... to choose from")


def format_rrule(rule: Rule) -> str:
    """Write a rule; what `short` adds is not part of it (RFC 5545 has no word for it)."""
    parts = [f"FREQ={rule.freq}"]
    if rule.interval > 1:
        parts.append(f"INTERVAL={rule.interval}")
    if rule.count is not None:
        parts.append(f"COUNT={rule.count}")
    for name in ("BYMONTH", "BYMONTHDAY", "BYYEARDAY"):
        if numbers := getattr(rule, PARTS[name][0]):
            parts.append(f"{name}={_listed(numbers)}")
    if rule.by_day:
        days = (f"{item.nth or ''}{WEEKDAYS[item.day - 1]}" for item in rule.by_day)
        parts.append(f"BYDAY={_listed(days)}")
    if rule.by_set_pos:
        parts.append(f"BYSETPOS={_listed(rule.by_set_pos)}")
    if rule.week_start != 1:
        parts.append(f"WKST={WEEKDAYS[rule.week_start - 1]}")
    return ";".join(parts)


def _listed(items: Iterable[object]) -> str:
    return ",".join(map(str, items))
