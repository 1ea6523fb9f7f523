"""What to type instead of a phrase that cannot be read. Pure."""

from __future__ import annotations

import re

from pushctl.manifest.schedule.every_suggestions import cron_instead, is_cron, listed, meant
from pushctl.manifest.schema import suggest

EXAMPLE = "write: every mon,wed at 09:45"

_CLOCK = re.compile(
    r"(?P<hour>[0-9]{1,2})(?:[:.](?P<minute>[0-9]{2})(?::(?P<second>[0-9]{2}))?)?"
    r" ?(?P<half>[ap]\.?m\.?)?(?: ?o'?clock)?",
    re.IGNORECASE,
)
_NAMED = {"noon": "12:00", "midnight": "00:00"}
_ZONE = re.compile(r"[A-Za-z]+(?:/[A-Za-z0-9_+-]+)+|UTC")
_WORDS = {
    "starting": "from",
    "start": "from",
    "beginning": "from",
    "since": "from",
    "on": "from",
    "till": "until",
    "til": "until",
    "to": "until",
    "through": "until",
    "ending": "until",
    "except": "skip",
    "without": "skip",
    "excluding": "skip",
    "tz": "in",
    "zone": "in",
    "timezone": "in",
}
"""Words of others, and those that a phrase has for them."""

_PERIODS = {"weekly": "mon", "monthly": "1"}
_SENTENCE = re.compile(
    r"(?:every\s+)?(?P<days>.*?)\s*(?:\bat\s+|@\s*)?(?P<time>[0-9]{1,2}(?:[:.][0-9]{2}){0,2}"
    r"\s?(?:[ap]m)?)(?P<rest>\s+(?:from|until|in|skip|gap|fold|short_months)\s.*)?",
    re.IGNORECASE,
)


def clock(text: str) -> str | None:
    """Return a time of day as it has to be written: `9`, `9am` and `9.00` are `09:00`."""
    found = _CLOCK.fullmatch(_NAMED.get(text.strip().lower(), text.strip()))
    if found is None:
        return None
    hour, minute, second = (int(found[name] or 0) for name in ("hour", "minute", "second"))
    if found["half"] is not None:
        if not 1 <= hour <= 12:
            return None
        hour = hour % 12 + (12 if found["half"][0] in "pP" else 0)
    if hour > 23 or minute > 59 or second > 59:
        return None
    return f"{hour:02}:{minute:02}" + (f":{second:02}" if second else "")


def time(text: str, *, repeats: bool) -> str:
    """Say what to type instead of a wrong time behind `at`."""
    words = text.split()
    strange = next((word for word in words if word.lower() in _WORDS), None)
    if strange is not None:
        return f"write `{_WORDS[strange.lower()]}` instead of `{strange}`"
    if len(words) > 1 and _ZONE.fullmatch(words[-1]):
        before = " ".join(words[:-1])
        at = (clock(before) if repeats else suggest.repaired("moment", before)) or before
        return f"write: at {at} in {words[-1]}"
    if len(words) > 1 and words[-1].isalpha() and clock(text) is None:
        alone = clock(" ".join(words[:-1]))
        if repeats and alone is not None:
            return f"write the zone behind `in`, such as: at {alone} in Asia/Shanghai"
    return _time_of_day(text) if repeats else _moment(text)


def _time_of_day(text: str) -> str:
    at = clock(text)
    several = [clock(word) for word in text.split()]
    if at is None and all(several):
        at = ",".join(filter(None, several))
    day = suggest.day(text)
    if at is None and day is not None:
        at = f"{clock(text[-5:]) or '09:45'} from {day}"
    return f"write: at {at}" if at else "write a time of day, such as: at 09:45"


def _moment(text: str) -> str:
    day, at = suggest.day(text), clock(text)
    moment = suggest.repaired("moment", text) or (f"{day}T09:45" if day else None)
    if moment is not None:
        return f"write: at {moment}"
    if at is not None:
        return f"write the day as well: at 2026-12-24T{at}; or, to repeat it: every day at {at}"
    return "write a date and time, such as: at 2026-12-24T20:00"


def day(word: str, text: str) -> str:
    """Say what to type instead of a wrong day behind a word such as `from`."""
    european = re.fullmatch(r"([0-9]{1,2})\.([0-9]{1,2})\.([0-9]{4})", text)
    better = suggest.day(f"{european[3]}-{european[2]}-{european[1]}" if european else text)
    return f"write: {word} {better}" if better else f"write a day, such as: {word} 2026-12-24"


def whole(phrase: str) -> str:
    """Say what to type instead of a phrase without `every` and `at`."""
    if is_cron(phrase):
        return cron_instead(phrase, phrase=True)
    if "=" in phrase.partition(" ")[0]:
        return f"write: {phrase.split()[0]} at 09:45"
    moment = suggest.repaired("moment", phrase.removeprefix("once ").removeprefix("on "))
    if moment is not None:
        return f"write: at {moment}"
    found = _SENTENCE.fullmatch(phrase.strip())
    at = clock(found["time"]) if found else None
    if found is None or at is None:
        days = _days(phrase)
        return f"write: every {days} at 09:45" if days else EXAMPLE
    if found["days"].lower() in ("today", "tomorrow"):
        return f"write the day: at 2026-12-24T{at}"
    days = _days(found["days"])
    rest = " ".join((found["rest"] or "").split())
    if days is None:
        return f"write it in these words: every day at {at}"
    return f"write: every {days} at {at} {rest}".rstrip()


def _days(text: str) -> str | None:
    """Return the days that were most likely meant, as they are typed."""
    plain = re.sub(r"^(?:every|each)\s+", "", text.strip().lower())
    found = meant([plain]) if plain else ("day",)
    return listed(found, phrase=True) if found else _PERIODS.get(plain)
