"""Dates and times in words, always with weekday and zone. Instants are epoch seconds."""

from __future__ import annotations

import datetime as dt

from pushctl.text.duration import span

WEEKDAY_NAMES = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
MONTH_NAMES = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September",
    "October", "November", "December",
)  # fmt: skip
WEEKDAYS = tuple(name[:3] for name in WEEKDAY_NAMES)
MONTHS = tuple(name[:3] for name in MONTH_NAMES)


def moment(at: int, zone: dt.tzinfo, *, with_zone: bool = True) -> str:
    """Write an instant as `Thu 24 Dec 2026 20:00 Asia/Shanghai`, seconds only if there are any.

    The names are English whatever the locale, so that output does not depend on the machine.
    """
    text = f"{day(dt.datetime.fromtimestamp(at, zone).date())} {time(at, zone)}"
    return f"{text} {zone_name(zone)}" if with_zone else text


def recorded(text: str, zone: dt.tzinfo) -> str:
    """Write an ISO 8601 instant as `moment` does; what is none, or has no offset, stays."""
    try:
        at = dt.datetime.fromisoformat(text)
        return text if at.tzinfo is None else moment(int(at.timestamp()), zone)
    except (ValueError, OverflowError):
        return text


def time(at: int, zone: dt.tzinfo) -> str:
    """Write the time of day as `20:00`, seconds only if there are any."""
    return clock(dt.datetime.fromtimestamp(at, zone).time())


def clock(time: dt.time) -> str:
    """Write a time of day, seconds only if there are any."""
    return time.strftime("%H:%M:%S" if time.second else "%H:%M")


def day(date: dt.date) -> str:
    """Write a day as `Thu 24 Dec 2026`."""
    return f"{WEEKDAYS[date.weekday()]} {date.day} {MONTHS[date.month - 1]} {date.year:04d}"


def zone_name(zone: dt.tzinfo) -> str:
    """Return the name that people know a zone by."""
    return str(getattr(zone, "key", None) or zone)


def iso(at: int, zone: dt.tzinfo) -> str:
    """Write an instant as ISO 8601 with the offset of a zone."""
    return dt.datetime.fromtimestamp(at, zone).isoformat()


def ahead(at: int, now: int) -> str:
    """Say how far away an instant is: `in 3 h 20 min` or `2 d ago`."""
    return f"in {span(at - now)}" if at >= now else f"{span(now - at)} ago"
