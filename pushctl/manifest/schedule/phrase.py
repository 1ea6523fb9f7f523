"""A schedule typed on one line, in the words of the manifest.

`every mon,wed at 20:00 from 2026-12-01 until 2027-05-29 in America/New_York`,
`every last fri at 09:00,18:00`, `FREQ=MONTHLY;BYDAY=-1FR at 09:00`, `at 2026-12-24T20:00`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any
from zoneinfo import ZoneInfo

from pushctl import schemas
from pushctl.manifest.schedule import cron
from pushctl.manifest.schedule.every import UNITS, Every
from pushctl.manifest.schedule.parse import Calendars, ScheduleSpec, declared
from pushctl.manifest.schema import suggest
from pushctl.schedule.recurrence import Recurrence
from pushctl.schedule.rule import Short
from pushctl.schedule.service_schedule import Immediate, OneShot
from pushctl.schedule.zone_offsets import Fold, Gap

EXAMPLE = "write: every mon,wed at 09:45"
EVERY_AT = "every mon,wed at 20:00"
UNDERSTOOD = (
    f"It is written like `{EVERY_AT}`, `every 2 weeks at 09:00 from 2026-12-07`, "
    "`every 1,15,last day at 09:00`, `every last fri at 09:00`, `FREQ=MONTHLY;BYDAY=-1FR at 09:00` "
    "or `at 2026-12-24T20:00`; behind that: from, until, in, skip, gap, fold, short_months."
)


class PhraseError(ValueError):
    """The phrase is not one that this language has; `fix` says what to type instead."""

    def __init__(self, detail: str, fix: str = EXAMPLE) -> None:
        super().__init__(detail)
        self.fix = fix


def parse(
    phrase: str, zone: ZoneInfo, *, calendars: Calendars | None = None
) -> OneShot | Recurrence:
    """Read a phrase as meant in a zone, unless it names one itself (`in Europe/Berlin`).

    `calendars` are the days that it may skip by name. Raises `PhraseError` or `TimeError`.
    """
    clauses = _clauses(phrase).items()
    spec = ScheduleSpec(**{FIELDS[word][0]: _read(word, text) for word, text in clauses})
    found = declared(_checked(spec, phrase), zone, calendars or {})
    if isinstance(found, Immediate):
        raise PhraseError(UNDERSTOOD)
    return found


def _clauses(phrase: str) -> dict[str, str]:
    """Cut a phrase at its keywords; a rule stands for itself."""
    found: dict[str, str] = {}
    word = ""
    for token in phrase.split():
        if "=" in token and not found:
            word = "rrule"
            found[word] = token
        elif token in FIELDS and token != "rrule" and not _is_choice(found, word, token):
            if token in found:
                fix = f"write `{token}` once; several values have commas between them"
                raise PhraseError(f"{phrase!r} says `{token}` twice.", fix)
            word = token
            found[word] = ""
        elif not word:
            raise _beginning(phrase)
        else:
            found[word] = f"{found[word]} {token}".strip()
    return found


def _beginning(phrase: str) -> PhraseError:
    if cron.is_cron(phrase):
        fix = cron.translated(phrase, phrase=True)
        return PhraseError(f"{phrase!r} looks like cron, which is not read here.", fix)
    return PhraseError(f"{phrase!r} begins with neither `every` nor `at`. {UNDERSTOOD}")


def _is_choice(found: Mapping[str, str], word: str, token: str) -> bool:
    """Tell whether `skip` is what a word before it chooses, as in `gap skip`."""
    return token == "skip" and word in ("gap", "short_months") and not found[word]


def _read(word: str, text: str) -> Any:
    if not text:
        raise PhraseError(f"Nothing follows `{word}`. {UNDERSTOOD}")
    return FIELDS[word][1](word, text)


def _checked(spec: ScheduleSpec, phrase: str) -> ScheduleSpec:
    """Refuse what does not go together, in the words of a phrase."""
    if not spec.at:
        fix = "add `at` and the time, such as: at 09:45"
        raise PhraseError(f"{phrase!r} says no time behind `at`.", fix)
    repeats = spec.every is not None or spec.rrule is not None
    kind, example = ("time", "09:45") if repeats else ("moment", "2026-12-24T20:00")
    what = "a time of day" if repeats else "a date and time"
    for text in spec.at:
        if not schemas.matches(kind, text):
            better = (suggest.repaired(kind, text) or "").strip('"')
            fix = f"write: at {better}" if better else f"write {what}, such as: at {example}"
            raise PhraseError(f"{text!r} is not {what} such as {example}.", fix)
    if spec.every is not None and spec.rrule is not None:
        detail = "A rule and `every` both say how it repeats; keep one of the two."
        raise PhraseError(detail, f"write only `every {spec.every}`, or only `{spec.rrule}`")
    if not repeats and len(spec.at) > 1:
        detail = f"A push at one moment has one; to repeat, write `{EVERY_AT}`."
        raise PhraseError(detail, f"write: at {spec.at[0]}")
    if not repeats and (spec.first or spec.last or spec.skip or spec.short_months):
        raise PhraseError(
            "`from`, `until`, `skip` and `short_months` belong to what repeats; there is no "
            f"`every`. Write `{EVERY_AT}`."
        )
    return spec


# --- what follows a word --------------------------------------------------------------------------


def _items(text: str) -> list[str]:
    items = re.split(r"\s*,\s*|\s+and\s+", text)
    if not all(items):
        fix = f"write: {', '.join(filter(None, items))}" if any(items) else EXAMPLE
        raise PhraseError(f"{text!r} has a comma with nothing beside it.", fix)
    return items


def _texts(word: str, text: str) -> tuple[str, ...]:
    return tuple(_items(text))


def _every(word: str, text: str) -> Every:
    items = [item.lower() for item in _items(text)]
    if len(items) == 1 and schemas.matches("every_word", items[0]):
        return items[0]
    for item in items:
        if item.split(" ")[-1] in UNITS or item in ("day", "weekday"):
            detail = f"{item!r} stands alone, with nothing else beside it."
            raise PhraseError(detail, f"write: every {item} at 09:45")
    return tuple(int(item) if re.fullmatch("[0-9]{1,2}", item) else item for item in items)


def _one(word: str, text: str) -> str:
    return text


def _date(word: str, text: str) -> str:
    if not schemas.matches("date", text):
        raise PhraseError(f"{text!r} is not a day of the calendar.", _day_fix(word, text))
    return text


def _day_fix(word: str, text: str) -> str:
    better = suggest.day(text)
    return f"write: {word} {better}" if better else f"write a day, such as: {word} 2026-12-24"


def _skip(word: str, text: str) -> tuple[str, ...]:
    for item in (items := _items(text)):
        if not schemas.matches("skipped_text", item):
            detail = (
                f"{item!r} cannot be skipped; what can are days such as 2026-12-25 or "
                "2027-02-05..2027-02-11, and the names of calendars."
            )
            raise PhraseError(detail, _day_fix("skip", item))
    return tuple(items)


def _choice(*words: str) -> Callable[[str, str], str]:
    def read(word: str, text: str) -> str:
        if text not in words:
            detail = f"`{word}` must be {' or '.join(words)}, here it is {text!r}."
            raise PhraseError(detail, f"write: {word} {words[0]}")
        return text

    return read


FIELDS: Mapping[str, tuple[str, Callable[[str, str], Any]]] = {
    "every": ("every", _every),
    "rrule": ("rrule", _one),
    "at": ("at", _texts),
    "from": ("first", _date),
    "until": ("last", _date),
    "in": ("timezone", _one),
    "skip": ("skip", _skip),
    "gap": ("gap", _choice(*Gap)),
    "fold": ("fold", _choice(*Fold)),
    "short_months": ("short_months", _choice(*Short)),
}
"""The words of a phrase: the field of `ScheduleSpec` they fill, and how what follows is read."""
