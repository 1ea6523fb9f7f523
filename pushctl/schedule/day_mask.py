"""A run of calendar days as bits of whole numbers, so that calendars are combined with `&` and `|`.

Bit 0 stands for the first day. Half a year of days fits into three machine words, which makes
"every Monday that is not a holiday, in every second month" three operations instead of a loop.
"""

from __future__ import annotations

import datetime as dt
from calendar import monthrange
from collections.abc import Iterable
from functools import cached_property, lru_cache, reduce
from itertools import compress, count
from operator import or_

from msgspec import Struct

WEEK = 7
DECEMBER = 12


class Month(Struct, frozen=True):
    """One calendar month, whole or cut off by the ends of a run of days.

    `start` is the (perhaps negative) index of its first day, `length` its number of days.
    """

    year: int
    number: int
    start: int
    length: int

    @property
    def count(self) -> int:
        """Months since the year 0, to tell how many lie between two."""
        return self.year * 12 + self.number - 1


class Days:
    """The days from `first` on, `size` of them. Get one from `days`, which remembers its masks."""

    def __init__(self, first: dt.date, size: int) -> None:
        self.first = first
        self.size = size
        self.origin = first.toordinal()
        self.all = (1 << size) - 1
        self._month_days: dict[int, int] = {}
        self._shorter_ends: dict[int, int] = {}

    def date(self, index: int) -> dt.date:
        """Return the day that a bit stands for."""
        return dt.date.fromordinal(self.origin + index)

    def index(self, day: dt.date) -> int:
        """Return the bit of a day; negative, or beyond `size`, for days outside."""
        return day.toordinal() - self.origin

    def between(self, first: int, last: int) -> int:
        """Return the mask of the bits from `first` to `last`, both included, as far as inside."""
        first, last = max(first, 0), min(last, self.size - 1)
        return ((1 << (last - first + 1)) - 1) << first if first <= last else 0

    def range(self, first: dt.date | None, last: dt.date | None) -> int:
        """Return the mask of the days from `first` to `last`, both included; None is no bound."""
        return self.between(
            0 if first is None else self.index(first),
            self.size - 1 if last is None else self.index(last),
        )

    def every(self, step: int, at: int) -> int:
        """Return the mask of every `step`-th bit of which one is (or would be) bit `at`."""
        return repeated(step, self.size) << at % step & self.all

    @cached_property
    def month_numbers(self) -> tuple[int, ...]:
        """The day of the month of each day."""
        return tuple(self.date(index).day for index in range(self.size))

    @cached_property
    def weekdays(self) -> tuple[int, ...]:
        """The masks of Monday to Sunday."""
        monday = -self.first.weekday()
        return tuple(self.every(WEEK, monday + number) for number in range(WEEK))

    @cached_property
    def months(self) -> tuple[Month, ...]:
        """The months that the run touches."""
        found = []
        year, number, start = self.first.year, self.first.month, 1 - self.first.day
        while start < self.size:
            length = monthrange(year, number)[1]
            found.append(Month(year, number, start, length))
            start += length
            year, number = (year, number + 1) if number < DECEMBER else (year + 1, 1)
        return tuple(found)

    def month_day(self, number: int) -> int:
        """Return the mask of a day of the month; -1 is its last day."""
        if number not in self._month_days:
            mask = 0
            for month in self.months:
                day = number - 1 if number > 0 else month.length + number
                if 0 <= day < month.length:
                    mask |= self.between(month.start + day, month.start + day)
            self._month_days[number] = mask
        return self._month_days[number]

    def shorter_ends(self, number: int) -> int:
        """Return the mask of the last days of the months that have no day `number`."""
        if number not in self._shorter_ends:
            short = (month for month in self.months if month.length < number)
            ends = (month.start + month.length - 1 for month in short)
            self._shorter_ends[number] = sum(self.between(end, end) for end in ends)
        return self._shorter_ends[number]


@lru_cache(maxsize=256)
def days(first: dt.date, size: int) -> Days:
    """Return a run of days; runs that many schedules share are made once."""
    return Days(first, size)


def union(masks: Iterable[int]) -> int:
    """Return the mask of what is in any of several."""
    return reduce(or_, masks, 0)


@lru_cache(maxsize=1024)
def repeated(step: int, size: int) -> int:
    """Return a mask of at least `size` bits in which bit 0 and every `step`-th after it are one."""
    count = size // step + 1
    return ((1 << step * count) - 1) // ((1 << step) - 1)


def bits(mask: int) -> list[int]:
    """Return the positions of a mask's ones, rising."""
    digits = bin(mask)[:1:-1].encode().translate(TRUTH)
    return list(compress(count(), digits))


TRUTH = bytes(byte == ord("1") for byte in range(256))
"""Turns the digits of a binary number into what is false or true."""


def lowest(mask: int) -> int:
    """Return the position of the lowest one of a mask that has any."""
    return (mask & -mask).bit_length() - 1
