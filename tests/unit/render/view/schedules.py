"""Schedules for the tests of upcoming deliveries."""

from __future__ import annotations

import datetime as dt
from typing import Any
from zoneinfo import ZoneInfo

from pushctl.render.view.upcoming import Outlook, outlook
from pushctl.schedule.recurrence import Declared, Recurrence
from pushctl.schedule.rrule import parse_rrule
from pushctl.schedule.service_schedule import Horizon

SHANGHAI = ZoneInfo("Asia/Shanghai")
NEW_YORK = ZoneInfo("America/New_York")
BERLIN = ZoneInfo("Europe/Berlin")
NIGHTLY = Recurrence(parse_rrule("FREQ=DAILY"), (dt.time(2, 30),), NEW_YORK)


def at(*moment: int, zone: dt.tzinfo = NEW_YORK) -> int:
    return int(dt.datetime(*moment, tzinfo=zone).timestamp())  # type: ignore[arg-type]


def seen(schedule: Declared, now: int, *zones: dt.tzinfo, **more: Any) -> Outlook:
    own = schedule.zone if isinstance(schedule, Recurrence) else SHANGHAI
    options = {"count": 3, **more}
    horizon = Horizon(SHANGHAI)
    return outlook(
        schedule, now=now, horizon=horizon, zones=(own, *zones, SHANGHAI, dt.UTC), **options
    )
