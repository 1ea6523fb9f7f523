"""Random rules in the words of RFC 5545, of all the parts that are supported."""

from __future__ import annotations

from random import Random

WEEKDAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")


def rrule(rng: Random) -> str:
    """Make up a rule; some are forbidden by RFC 5545, and some never fall on any day.

    `BYDAY=MO,2TU`, plain and counted weekdays in one rule, is left out: `dateutil` takes both for
    conditions, RFC 5545 for alternatives.
    """
    freq = rng.choice(["DAILY", "WEEKLY", "MONTHLY", "YEARLY"])
    parts = [f"FREQ={freq}"]
    if rng.random() < 0.5:
        parts.append(f"INTERVAL={rng.choice([1, 2, 2, 3, 4, 5, 7, 10, 13, 30])}")
    if rng.random() < 0.3:
        parts.append(f"COUNT={rng.choice([1, 2, 3, 5, 10, 50, 200])}")
    by_month = rng.random() < 0.3
    if by_month:
        parts.append(_some(rng, "BYMONTH", range(1, 13), 4))
    if freq != "WEEKLY" and rng.random() < 0.35:
        parts.append(_some(rng, "BYMONTHDAY", _signed(31), 4))
    if freq == "YEARLY" and rng.random() < 0.2:
        parts.append(_some(rng, "BYYEARDAY", _signed(366), 5))
    if rng.random() < 0.5:
        of_year = freq == "YEARLY" and not by_month
        counted = freq in ("MONTHLY", "YEARLY") and rng.random() < 0.5
        parts.append(_by_day(rng, (53 if of_year else 5) if counted else 0))
    if freq != "DAILY" and rng.random() < 0.2:
        parts.append(_some(rng, "BYSETPOS", _signed(8), 3))
    if rng.random() < 0.4:
        parts.append(f"WKST={rng.choice(WEEKDAYS)}")
    return ";".join(parts)


def _signed(most: int) -> list[int]:
    return [number for number in range(-most, most + 1) if number]


def _some(rng: Random, name: str, numbers: range | list[int], most: int) -> str:
    chosen = rng.sample(numbers, rng.randint(1, most))
    return f"{name}={','.join(map(str, chosen))}"


def _by_day(rng: Random, most: int) -> str:
    days = rng.sample(WEEKDAYS, rng.randint(1, 4))
    if most:
        days = [f"{rng.choice(_signed(most))}{day}" for day in days]
    return f"BYDAY={','.join(days)}"
