"""Hours of the day, such as 08:00-23:00."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime, timedelta, tzinfo

_HOURS = re.compile(r"([01]\d|2[0-3]):([0-5]\d)-(?:([01]\d|2[0-3]):([0-5]\d)|24:00)", re.ASCII)
_DAY = 24 * 60


@dataclass(frozen=True, slots=True)
class Hours:
    """From minute `start` of a day up to minute `end`, which may be of the next day."""

    start: int
    end: int

    def __str__(self) -> str:
        end = self.end if self.end == _DAY else self.end % _DAY
        return f"{self.start // 60:02}:{self.start % 60:02}-{end // 60:02}:{end % 60:02}"

    def next(self, ms: int, zone: tzinfo) -> int | None:
        """Returns the first moment within these hours from `ms` on, None if there is none.

        Moments are epoch milliseconds.
        """
        if self.start == self.end:
            return None
        now = datetime.fromtimestamp(ms / 1000, zone)
        minute = now.hour * 60 + now.minute
        if (minute - self.start) % _DAY < self.end - self.start:
            return ms
        begin = now.replace(hour=self.start // 60, minute=self.start % 60, second=0, microsecond=0)
        if minute >= self.start:
            begin += timedelta(days=1)
        return round(begin.timestamp() * 1000)


ALWAYS, NEVER = Hours(0, _DAY), Hours(0, 0)


def parse_hours(text: str) -> Hours:
    """Returns hours from HH:MM-HH:MM, `always` or `never`; raises ValueError."""
    if text in ("always", "never"):
        return ALWAYS if text == "always" else NEVER
    found = _HOURS.fullmatch(text)
    if found is None:
        raise ValueError("write hours as 08:00-23:00, or always, or never")
    start = int(found[1]) * 60 + int(found[2])
    end = _DAY if found[3] is None else int(found[3]) * 60 + int(found[4])
    if start == end:
        raise ValueError("the hours end when they begin; write always or never")
    return Hours(start, end if end > start else end + _DAY)
