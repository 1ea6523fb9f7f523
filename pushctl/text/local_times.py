"""Dates, times and durations as the reader writes them. Instants are epoch seconds."""

from __future__ import annotations

import datetime as dt
from datetime import tzinfo

from pushctl.text import timestamps
from pushctl.text.duration import span
from pushctl.text.messages import _, date
from pushctl.text.timestamps import MONTHS, WEEKDAYS


def moment(at: int, zone: tzinfo, *, with_zone: bool = True) -> str:
    """Write an instant with its day, and with its zone unless that is not wanted."""
    text = f"{day(dt.datetime.fromtimestamp(at, zone).date())} {timestamps.time(at, zone)}"
    return f"{text} {timestamps.zone_name(zone)}" if with_zone else text


def day(date_: dt.date) -> str:
    """Write a day with its weekday."""
    return date(
        WEEKDAYS[date_.weekday()], str(date_.day), MONTHS[date_.month - 1], f"{date_.year:04d}"
    )


def ahead(at: int, now: int) -> str:
    """Say how far away an instant is: `in 3 h 20 min` or `2 d ago`."""
    far = length(abs(at - now))
    return _("in {span}", far) if at >= now else _("{span} ago", far)


def length(seconds: float) -> str:
    """Write a duration by its two largest units."""
    return " ".join(map(_, span(seconds).split(" ")))
