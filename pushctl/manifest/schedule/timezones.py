"""Wall-clock times and time zones: from what people write to instants.

A wall time that a zone skips does not exist, one that it repeats is ambiguous. Where nobody says
what is meant then, both are findings, never a silent choice.
"""

from __future__ import annotations

import datetime as dt
import functools
from dataclasses import dataclass

from pushctl import time_zones
from pushctl.manifest.rules import diagnostic
from pushctl.manifest.words import WORDS
from pushctl.schedule.day_mask import days
from pushctl.schedule.zone_offsets import Fold, Gap, WallTime, wall_time
from pushctl.text.regex import regex
from pushctl.text.suggest import closest
from pushctl.text.timestamps import zone_name

_CITIES: dict[str, str] = WORDS["cities"]
ABBREVIATIONS: dict[str, str] = WORDS["zone_letters"]
"""Zones that people mean by some letters; other people mean other zones by the same."""
_NO_NAME = regex(r"[A-Z]{2,5}|(?i:utc|gmt|z)? ?[+-] ?[0-9:]+")
"""Abbreviations, of which several zones share one, and offsets, which are no zones."""
_TIME = regex(r"(?: (?:standard|daylight|summer))? time")


@dataclass(eq=False)
class TimeError(ValueError):
    """A time that means nothing or more than one thing; `code` is that of its finding.

    `path` leads to the wrong value from the schedule that it stands in, as far as that is known;
    `zone` is the name of a time zone that does not exist, if that is what is wrong.
    """

    code: str
    detail: str
    fix: str | None = None
    path: tuple[str | int, ...] = ()
    zone: str | None = None

    def __str__(self) -> str:
        return self.detail

    @property
    def summary(self) -> str:
        """What is wrong, without names and values."""
        return diagnostic(self.code, self.detail).summary


def zone(name: str) -> dt.tzinfo:
    """Return a zone of the IANA database; raises `TimeError` if there is none of that name."""
    try:
        return time_zones.zone(name)
    except (KeyError, ValueError, OSError) as error:
        detail = f"There is no time zone called {name!r}."
        raise TimeError("PSH203", detail, fix_for(name), ("timezone",), name) from error


@functools.lru_cache(maxsize=256)
def correction(name: str) -> str | None:
    """Return the zone that a name surely means: written in another case, or with one slip."""
    plain, known = "_".join(name.casefold().split()), time_zones.names()
    near = closest(plain, known, 0.92) if "/" in plain else None
    return known.get(plain) or known.get(near or "")


@functools.lru_cache(maxsize=256)
def suggestion(name: str) -> str | None:
    """Return the zone, or the zones, that may be meant: only a person can tell."""
    from icalendar.timezone.windows_to_olson import WINDOWS_TO_OLSON  # noqa: PLC0415  (heavy)

    short = "".join(name.upper().split()).removesuffix(":00").replace("+0", "+")
    city = "_".join(name.casefold().split()).rsplit("/", 1)[-1]
    if better := correction(name) or ABBREVIATIONS.get(short) or _CITIES.get(city):
        return better
    if _NO_NAME.fullmatch(name.strip()):
        return None
    spoken = _TIME.sub("", " ".join(name.casefold().split()))
    windows = {_TIME.sub("", key.casefold()): zone for key, zone in WINDOWS_TO_OLSON.items()}
    if spoken in windows:
        return windows[spoken]
    plain, zones = spoken.replace(" ", "_"), time_zones.names()
    known = {**{key.rsplit("/", 1)[-1]: zone for key, zone in zones.items()}, **_CITIES, **zones}
    near = closest(plain, zones, 0.8) or closest(plain.rsplit("/", 1)[-1], known, 0.8)
    return known.get(near or "")


def named(local: dt.tzinfo | None) -> dt.tzinfo:
    """Return a zone that has to be known; raises `TimeError` if nobody named one."""
    if local is None:
        detail = "Nobody says in which time zone this is."
        raise TimeError("PSH203", detail, "name it, such as Asia/Shanghai", ("timezone",))
    return local


def fix_for(name: str) -> str:
    """Say what to write instead of a zone that does not exist."""
    if sure := correction(name):
        return f"write {sure}"
    usual = "write a name from the IANA database, such as Asia/Shanghai or Europe/Berlin"
    return f"did you mean {better}?" if (better := suggestion(name)) else usual


def instant_of(
    text: str, default: dt.tzinfo | None, *, gap: Gap | None = None, fold: Fold | None = None
) -> int:
    """Turn `2026-12-24T20:00` or `2026-12-24T20:00:00+08:00` into epoch seconds.

    Without an offset it is wall time in `default`; `gap` and `fold` say what is meant if it does
    not exist or happens twice. With one it is exact, but must agree with the offset that `default`
    has at that wall time, unless it is written as UTC: `Z`, `+00:00` or `-00:00` (RFC 9557, 2.2).
    Raises `TimeError`.
    """
    try:
        moment = dt.datetime.fromisoformat(text)
    except ValueError as error:
        detail = f"{text!r} is no date and time that exists."
        fix = "write it like 2026-12-24T20:00, with a day that exists"
        raise TimeError("PSH113", detail, fix, ("at",)) from error
    if moment.tzinfo is None:
        return _of_wall(moment, named(default), gap, fold)
    try:
        exact = int(moment.timestamp())
    except (OverflowError, ValueError) as error:
        raise _out_of_range(text) from error
    if default is None or not moment.utcoffset():
        return exact
    there = dt.datetime.fromtimestamp(exact, default)
    if there.utcoffset() != moment.utcoffset():
        name = zone_name(default)
        detail = (
            f"{text} has the offset {moment.strftime('%z')}, but {name} has "
            f"{there.strftime('%z')} at that moment."
        )
        fix = (
            f"write {there.replace(tzinfo=None).isoformat()} without an offset if you mean {name}, "
            "or end it with Z for UTC"
        )
        raise TimeError("PSH204", detail, fix, ("at",))
    return exact


def _of_wall(moment: dt.datetime, zone: dt.tzinfo, gap: Gap | None, fold: Fold | None) -> int:
    try:
        found = _clock(moment, zone, gap or Gap.NEXT, fold or Fold.FIRST)
        if found.gaps and gap is None:
            raise _skipped(moment, zone)
        if found.folds and fold is None:
            raise _twice(moment, zone)
    except (OverflowError, ValueError, OSError) as error:
        if isinstance(error, TimeError):
            raise
        raise _out_of_range(moment.isoformat()) from error
    return found.instants(1)[0]


def _clock(moment: dt.datetime, zone: dt.tzinfo, gap: Gap, fold: Fold) -> WallTime:
    return wall_time(days(moment.date(), 1), moment.time(), zone, gap, fold)


def _skipped(moment: dt.datetime, zone: dt.tzinfo) -> TimeError:
    (at,) = _clock(moment, zone, Gap.SHIFT, Fold.FIRST).instants(1)
    after = dt.datetime.fromtimestamp(at, zone).replace(tzinfo=None).isoformat()
    shown = moment.isoformat(" ")
    detail = f"In {zone_name(zone)} the clocks skip {shown}: they go forward that day."
    fix = f"write a time that exists, such as {after}, or `gap: next` or `gap: shift`"
    return TimeError("PSH205", detail, fix, ("at",))


def _twice(moment: dt.datetime, zone: dt.tzinfo) -> TimeError:
    both = [_clock(moment, zone, Gap.NEXT, fold).instants(1)[0] for fold in Fold]
    first, second = (dt.datetime.fromtimestamp(at, zone).isoformat() for at in both)
    shown = moment.isoformat(" ")
    detail = f"In {zone_name(zone)} the clocks go back that day, so {shown} comes twice."
    fix = f"say which one you mean: {first} or {second}; or `fold: first` or `fold: second`"
    return TimeError("PSH206", detail, fix, ("at",))


def _out_of_range(text: str) -> TimeError:
    detail = f"{text!r} is too far away from today."
    return TimeError("PSH113", detail, "write it like 2026-12-24T20:00", ("at",))
