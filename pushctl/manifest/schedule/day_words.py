"""Words by which calendars tell days that are worked from days off."""

from __future__ import annotations

import re
import unicodedata

WORKED = (
    "补班", "補班", "上班", "工作日", "(?<![一-鿿])班(?![一-鿿])",
    "work(?:ing)?[ -]?days?", "working (?:saturday|sunday)",
)  # fmt: skip
OFF = (
    "[不免停](?:用|需|必|要)?[上补補]?班", "[无無]需上班", "非工作日", "放假", "休息", "休假",
    "[补補][休假]", "(?<![一-鿿])休(?![一-鿿])", "days? off",
    "(?:non|not an?|no)[ -]?work(?:ing)?[ -]?days?",
)  # fmt: skip
EITHER = ("调休", "調休")
"""What is said of both: 调休上班 is worked, 调休放假 is not."""


def is_worked(text: str) -> bool | None:
    """Tell whether words say that a day is worked; None if they may say so and the opposite."""
    plain = unicodedata.normalize("NFKC", text).casefold()
    rest, either = re.subn("|".join(EITHER), " ", plain)
    rest, off = re.subn("|".join(OFF), " ", rest)
    worked = re.search(rf"(?<![a-z])(?:{'|'.join(WORKED)})(?![a-z])", rest) is not None
    if (worked and off) or (either and not worked and not off and "假" not in rest):
        return None
    return worked
