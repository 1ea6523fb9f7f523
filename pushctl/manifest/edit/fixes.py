"""Which findings about values have one right answer, and the edits that write it. Pure.

Where a person has to choose, or a guess may be wrong, there are none: names of pushes, for example,
are often alike and all of them exist.
"""

from __future__ import annotations

import json
import re
from typing import Any

from pushctl.diagnostics import Edit
from pushctl.manifest.edit import edits
from pushctl.manifest.schedule import every_suggestions, timezones
from pushctl.manifest.schedule.cron import Item
from pushctl.manifest.schema.models import Open, PushEntry
from pushctl.manifest.schema.suggest import certain, closest, repaired
from pushctl.manifest.schema.validation_error import DAYS, ValidationError
from pushctl.manifest.yaml.narrow import narrow
from pushctl.manifest.yaml.positions import Path, Provenance

NEVER_OPENED = frozenset(
    {"about", "blob", "content", "data", "file", "filesystem", "javascript", "vbscript"}
)
"""Schemes that are no place to lead people to, neither as a page nor as a screen of the app."""
_SWITCH = {
    "true": True, "yes": True, "on": True, "y": True,
    "false": False, "no": False, "off": False, "n": False,
}  # fmt: skip
_INTEGER = re.compile(r"-?(?:0|[1-9][0-9]{0,8})")
_SCHEME = re.compile(r"([A-Za-z][A-Za-z0-9+.-]*):")


def of_key(place: Provenance, path: Path, name: str, guess: str | None) -> tuple[Edit, ...]:
    """Rename a field that does not exist to the one that was surely meant."""
    if guess is None or not certain(name, guess):
        return ()
    return edits.rename_key(place, (*path, name), guess)


def of_value(misfit: ValidationError, place: Provenance) -> tuple[Edit, ...]:
    """Write what was surely meant by a value that does not fit the schema."""
    if misfit.rule == DAYS:
        days = every_suggestions.suggestion(misfit.value)
        path = misfit.path[:-1]
        return () if days is None else edits.replace_value(place, path, misfit.value, _days(days))
    better = _better(misfit)
    return () if better is None else edits.replace_value(place, misfit.path, misfit.value, better)


def of_zone(place: Provenance, path: Path, name: str) -> tuple[Edit, ...]:
    """Write the time zone that was meant by one that does not exist."""
    better = timezones.suggestion(name)
    return () if better is None else edits.replace_value(place, path, name, better)


def of_check(code: str, path: Path, entry: PushEntry, place: Provenance) -> tuple[Edit, ...]:
    """Mend what `checks.py` found at a path of an entry."""
    match code:
        case "PSH314":
            return _link(path, entry.message.open, place)
        case "PSH503":
            return edits.remove(place, path)
        case "PSH514":
            target = getattr(entry.to, str(path[1]))[path[2]]
            clean = target.strip()
            return edits.replace_value(place, path, target, clean) if clean else ()
    return ()


def _link(path: Path, link: Any, place: Provenance) -> tuple[Edit, ...]:
    """Give a link the kind that its beginning says, if it is one that phones should open."""
    address = (link.url or link.intent) if isinstance(link, Open) else link
    found = _SCHEME.match(str(address).lstrip())
    if found is not None and found[1].lower() in NEVER_OPENED:
        return ()
    if not isinstance(link, Open):
        scheme = _SCHEME.match(str(link))
        return edits.replace_value(place, path, link, {"intent": link}) if scheme else ()
    other = "intent" if path[-1] == "url" else "url"
    known = other == "url" or _SCHEME.match(link.url or "") is not None
    return edits.rename_key(place, path, other) if known else ()


def _better(misfit: ValidationError) -> Any:
    match misfit.rule:
        case "type" if misfit.schema.get("x-kind") != "every":
            expected = misfit.expected
            return _typed(expected[0] if isinstance(expected, list) else expected, misfit.value)
        case "enum" | "const":
            return _chosen(misfit.expected, misfit.value)
        case "pattern" if isinstance(misfit.value, str):
            plain = narrow(misfit.value)
            if plain != misfit.value and re.search(misfit.expected, plain):
                return plain
            return _formatted(misfit.schema.get("x-kind"), misfit.value)
    return None


def _typed(expected: Any, value: Any) -> Any:
    match expected:
        case "string" if isinstance(value, bool | int | float):
            return json.dumps(value)
        case "boolean" if isinstance(value, str):
            return _SWITCH.get(value.lower())
        case "integer" if isinstance(value, str) and _INTEGER.fullmatch(value):
            return int(value)
        case "array" if isinstance(value, str) and not re.search(r"[\s,;]", value):
            return [value]
        case "array" if isinstance(value, int) and not isinstance(value, bool):
            return [value]
    return None


def _chosen(options: Any, value: Any) -> Any:
    names = {str(option): option for option in options} if isinstance(options, list) else {}
    value = narrow(value) if isinstance(value, str) else value
    guess = closest(value.lower(), names) if isinstance(value, str) else None
    return names[guess] if guess is not None and certain(value, guess) else None


def _formatted(kind: Any, value: str) -> Any:
    if kind == "zone":
        return timezones.suggestion(value)
    if kind == "every":
        days = every_suggestions.suggestion([value])
        return None if days is None else _days(days)
    better = repaired(kind, value) if isinstance(kind, str) else None
    return None if better is None else better.strip('"')


def _days(days: tuple[Item, ...]) -> Any:
    return days[0] if len(days) == 1 and isinstance(days[0], str) else list(days)
