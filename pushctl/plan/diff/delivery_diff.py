"""Which deliveries a change makes appear, disappear or move, by date. Pure."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from itertools import zip_longest

from msgspec import Struct

from pushctl.schedule.service_schedule import local_day


class DeliveryDiff(Struct, frozen=True):
    """Instants in epoch seconds, rising.

    A delivery moves if the same day has another time, and if it is the only one there is: a
    one-time push on another day is the same delivery later.
    """

    gone: tuple[int, ...] = ()
    new: tuple[int, ...] = ()
    moved: tuple[tuple[int, int], ...] = ()


def delivery_diff(before: Iterable[int], after: Iterable[int], zone: dt.tzinfo) -> DeliveryDiff:
    """Compare two sets of deliveries; what a day is goes by `zone`.

    Both are epoch seconds, rising.
    """
    was, becomes = frozenset(before), frozenset(after)
    if len(was) == len(becomes) == 1 and was != becomes:
        return DeliveryDiff(moved=((min(was), min(becomes)),))
    lost, won = _by_day(was - becomes, zone), _by_day(becomes - was, zone)
    gone: list[int] = []
    new: list[int] = []
    moved: list[tuple[int, int]] = []
    for day in sorted(lost.keys() | won.keys()):
        for one, other in zip_longest(lost.get(day, ()), won.get(day, ())):
            if one is None:
                new.append(other)
            elif other is None:
                gone.append(one)
            else:
                moved.append((one, other))
    return DeliveryDiff(tuple(gone), tuple(new), tuple(moved))


def _by_day(moments: Iterable[int], zone: dt.tzinfo) -> Mapping[dt.date, Sequence[int]]:
    found: dict[dt.date, list[int]] = defaultdict(list)
    for at in sorted(moments):
        found[local_day(at, zone)].append(at)
    return found
