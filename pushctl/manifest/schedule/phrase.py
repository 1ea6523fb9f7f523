"""A schedule typed on one line, in the words of the manifest.

`every mon,wed at 20:00 from 2026-12-01 until 2027-05-29 in America/New_York`,
`every last fri at 09:00,18:00`, `FREQ=MONTHLY;BYDAY=-1FR at 09:00`, `at 2026-12-24T20:00`.
"""

from __future__ import annotations

import datetime as dt
import re
from typing import Any

from pushctl.diagnostics import Position, Range
from pushctl.manifest.schedule import cron, written_time
from pushctl.manifest.schedule.parse import Calendars, declared
from pushctl.manifest.schedule.timezones import zone
from pushctl.manifest.schema import validate
from pushctl.manifest.schema.fields import decode
from pushctl.manifest.schema.schedule import Schedule
from pushctl.manifest.schema.suggest import asked
from pushctl.manifest.schema.validate import Kind
from pushctl.manifest.yaml.positions import Provenance
from pushctl.schedule.recurrence import Recurrence
from pushctl.schedule.service_schedule import Immediate, OneShot

EXAMPLE = "write: every mon,wed at 09:45"
UNDERSTOOD = (
    "It is written like `every mon,wed at 20:00`, `every 2 weeks at 09:00 from 2026-12-07`, "
    "`every 1,15,last day at 09:00`, `every last fri at 09:00`, `FREQ=MONTHLY;BYDAY=-1FR at 09:00` "
    "or `at 2026-12-24T20:00`; behind that: from, until, in, skip, on_holiday, gap, fold, "
    "short_months."
)

_FIELDS = (
    "every", "at", "from", "until", "in", "skip", "on_holiday", "gap", "fold", "short_months",
)  # fmt: skip
_COMMAND_LINE = Provenance((), Range("", Position(1, 1), Position(1, 1)))


class PhraseError(ValueError):
    """The phrase is not one that this language has; `fix` says what to type instead."""

    def __init__(self, detail: str, fix: str | None = EXAMPLE) -> None:
        super().__init__(detail)
        self.fix = fix


def parse(
    phrase: str, local: dt.tzinfo | None, *, calendars: Calendars | None = None
) -> OneShot | Recurrence:
    """Read a phrase as meant in a zone, unless it names one itself (`in Europe/Berlin`).

    `calendars` are the days that it may skip by name. Raises `PhraseError` or `TimeError`.
    """
    data = {
        "timezone" if word == "in" else word: _value(word, text)
        for word, text in _clauses(phrase).items()
    }
    if not validate.accepts(Kind.SCHEDULE, data):
        first = validate.findings(Kind.SCHEDULE, data, _COMMAND_LINE)[0]
        raise PhraseError(first.detail, first.fix)
    found = declared(decode(Schedule, data), local, calendars or {})
    if isinstance(found, Immediate):
        raise PhraseError(UNDERSTOOD)
    return found


def zone_in(phrase: str) -> dt.tzinfo | None:
    """Return the zone that a phrase, which `parse` can read, names; a moment does not remember."""
    name = _clauses(phrase).get("in")
    return None if name is None else zone(_value("in", name))


def _clauses(phrase: str) -> dict[str, str]:
    """Cut a phrase at its keywords; a rule stands for itself."""
    found: dict[str, str] = {}
    word = ""
    for token in phrase.split():
        key = token.rstrip(":")
        if "=" in token and not found:
            word = "rrule"
            found[word] = token
        elif key in _FIELDS and not _is_choice(found, word, key):
            if key in found:
                fix = f"write `{key}` once; several values have commas between them"
                raise PhraseError(f"{phrase!r} says `{key}` twice.", fix)
            word = key
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
    said = written_time.read(phrase)
    fix = EXAMPLE
    if said.moments:
        fix = asked(f"at {moment}" for moment in said.moments)
    elif said.times:
        fix = f"write the days, too, such as: every mon,wed at {said.times[0]}"
    return PhraseError(f"{phrase!r} begins with neither `every` nor `at`. {UNDERSTOOD}", fix)


def _is_choice(found: dict[str, str], word: str, token: str) -> bool:
    """Tell whether `skip` is what a word before it chooses, as in `gap skip`."""
    return token == "skip" and word in ("gap", "short_months", "on_holiday") and not found[word]


def _value(word: str, text: str) -> Any:
    """Return what follows a word as a manifest has it; brackets and quotes may be there, too."""
    parts = re.split(",|(?<= )and ", re.sub(r'[\[\]"]', "", text))
    items = [item for part in parts if (item := part.strip())]
    if not items:
        raise PhraseError(f"Nothing follows `{word}`. {UNDERSTOOD}")
    match word:
        case "rrule":
            return text
        case "every":
            return _days([item.lower() for item in items])
        case "skip":
            return items
        case "at" if written_time.read(text).moments:
            return text
        case _:
            return items[0] if len(items) == 1 else items


def _days(items: list[str]) -> Any:
    if len(items) == 1 and not items[0].isdigit():
        return items[0]
    return [int(item) if re.fullmatch("[0-9]{1,2}", item) else item for item in items]
