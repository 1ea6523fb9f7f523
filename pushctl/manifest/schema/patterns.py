"""How ids, times, addresses and other texts are written; the schema has the same patterns."""

from __future__ import annotations

MOST_SECONDS = 999_999_999
"""The largest number of seconds that can be written without a unit."""

MOST_TIMES = 100
"""The largest number of times of day of one schedule."""

_DAY = r"[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])"
_CLOCK = r"([01][0-9]|2[0-3]):[0-5][0-9](:[0-5][0-9])?"
_OFFSET = r"(Z|[+-]([01][0-9]|2[0-3]):[0-5][0-9])?"
_ID = r"[a-z0-9]([a-z0-9._-]{0,61}[a-z0-9])?"
# Addresses stand in commands that people paste into a shell, which must find nothing to obey.
_KEY = r"""[^\[\] \t\r\n"'`\$;&|<>(){}\\*?!]{1,100}"""
_WEEKDAY = r"(mon|tue|wed|thu|fri|sat|sun)"
_NTH = r"(1st|2nd|3rd|4th|5th|last)"
_CALENDAR = r"[A-Za-z][A-Za-z0-9._-]{0,62}"

ID = f"^{_ID}$"
ADDRESS = rf"^{_ID}(\[{_KEY}\])?$"
WORD = r"^[^ \t\r\n]+$"
ZONE = r"^[A-Za-z][A-Za-z0-9_+-]*(/[A-Za-z0-9_+-]+)*$"
DURATION = r"^[0-9]{1,9}[smhd]$"
LIFETIME = r"^[1-9][0-9]{0,8}[smhd]$"
DATE = f"^{_DAY}$"
TIME = f"^{_CLOCK}$"
MOMENT = f"^{_DAY}T{_CLOCK}{_OFFSET}$"
INTERVAL = r"^([2-9]|[1-9][0-9]{1,2}) (days|weeks|months)$"
NTH_WEEKDAY = f"^{_NTH} {_WEEKDAY}$"
EVERY = (
    r"^(day|weekday|last day|([2-9]|[1-9][0-9]{1,2}) (days|weeks|months)"
    rf"|({_NTH} )?{_WEEKDAY})$"
)
CALENDAR = f"^{_CALENDAR}$"
SKIPPED = rf"^{_DAY}( *\.\. *{_DAY})?$|^{_CALENDAR}$"
RAW = r"^raw:[^ \t\r\n]+$"
WEB = r"^[Hh][Tt][Tt][Pp][Ss]?://[^ \t\r\n]+$"
RULE = r"^[A-Z]{2,10}[0-9]{3}$"
KEY = f"^{_KEY}$"
NAME = r"^[A-Za-z_][A-Za-z0-9_]*$"
ENVIRONMENT = r"^[A-Za-z0-9][A-Za-z0-9._-]{0,62}$"
