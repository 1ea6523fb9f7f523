"""Messages of which a vendor delivers only the first of a day."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from itertools import pairwise

from msgspec import Struct

from pushctl.lint.check import Finding, LintTarget, Project
from pushctl.schedule.day_mask import lowest
from pushctl.schedule.zone_offsets import DAY_SECONDS, EPOCH
from pushctl.vendors.facts import Channel, ChannelFacts

CHINA = 8 * 3600
"""The vendors' days are those of China, which changes no clocks; in seconds ahead of UTC."""


class _Dated(Struct, frozen=True):
    """A push and the days on which it is delivered, as bits: day N of the epoch is bit N - base."""

    subject: LintTarget
    days: int


class _Clash(Struct, frozen=True):
    """The first day on which somebody would get a push and had another one before."""

    day: int
    dated: _Dated
    target: str | None


def check_project(project: Project) -> Iterator[tuple[LintTarget | None, Finding]]:
    """Yield that people would lose pushes, once for the whole manifest: the mend is one line."""
    xiaomi = project.context.facts.channels[Channel.XIAOMI]
    if not xiaomi.first_of_day_only:
        return
    base = _day(project.context.now)
    dated = [
        _Dated(subject, _bits(subject.upcoming, base))
        for subject in project.subjects
        if subject.upcoming and _unnamed(subject)
    ]
    clashes = [*_alone(dated, base), *_together(dated)]
    if clashes:
        first = min(clashes, key=lambda item: item.day)
        others = len({item.dated.subject.id for item in clashes}) - 1
        yield None, _found(first, _pushes(first, dated), others, base, xiaomi)


def _unnamed(subject: LintTarget) -> bool:
    return subject.entry.vendors.xiaomi.channel is None and any(
        item.channel is Channel.XIAOMI for item in subject.channels
    )


def _day(at: int) -> int:
    return (at + CHINA) // DAY_SECONDS


def _bits(moments: Sequence[int], base: int) -> int:
    return sum(1 << day for day in {_day(at) - base for at in moments})


def _alone(dated: Sequence[_Dated], base: int) -> Iterator[_Clash]:
    """Yield pushes that are delivered more than once on a day."""
    for item in dated:
        moments = item.subject.upcoming
        if len(moments) > item.days.bit_count():
            days = [_day(at) - base for at in moments]
            twice = next(day for day, next_ in pairwise(days) if day == next_)
            yield _Clash(twice, item, None)


def _together(dated: Sequence[_Dated]) -> Iterator[_Clash]:
    """Yield pushes to people who get another one on the same day."""
    had: dict[str, int] = {}
    for item in dated:
        both, who = 0, None
        for target in item.subject.push.targets:
            before = had.get(target, 0)
            had[target] = before | item.days
            shared = before & item.days
            if shared and (not both or lowest(shared) < lowest(both)):
                both, who = shared, target
        if both:
            yield _Clash(lowest(both), item, who)


def _pushes(clash: _Clash, dated: Sequence[_Dated]) -> str:
    if clash.target is None:
        return f"{clash.dated.subject.id} is delivered more than once"
    other = next(
        item.subject.id
        for item in dated
        if item.days >> clash.day & 1 and clash.target in item.subject.push.targets
    )
    return f"{other} and {clash.dated.subject.id} are delivered to the same people"


def _found(clash: _Clash, pushes: str, others: int, base: int, channel: ChannelFacts) -> Finding:
    day = dt.date.fromordinal(EPOCH + base + clash.day)
    more = f" {others} more pushes are like that." if others > 1 else ""
    more = " 1 more push is like that." if others == 1 else more
    return Finding(
        "PSH325",
        ("defaults",),
        f"On {day} {pushes}. Of messages without a channel of {channel.name}'s, its phones show "
        f"only the first of a day.{more}",
        fix="name the channel that you were granted: `vendors: {xiaomi: {channel: ...}}`",
    )
