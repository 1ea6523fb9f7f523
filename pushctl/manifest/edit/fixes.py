"""The fixes of findings about values that have one right answer.

Where a person has to choose, or a suggestion may be wrong, there are none: names of pushes, for
example, are often alike and all of them exist.
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
from pushctl.manifest.schema.suggest import certain, repaired
from pushctl.manifest.schema.validation_error import DAYS, ValidationError
from pushctl.manifest.yaml import typos
from pushctl.manifest.yaml.positions import Path, Provenance
from pushctl.text.regex import regex
from pushctl.text.suggest import closest

NEVER_OPENED = frozenset(
    {"about", "blob", "content", "data", "file", "filesystem", "javascript", "vbscript"}
)
"""Schemes that are no place to lead people to, neither as a page nor as a screen of the app."""
_SWITCH = {
    "true": True, "yes": True, "on": True, "y": True,
    "false": False, "no": False, "off": False, "n": False,
}  # fmt: skip
_INTEGER = regex(r"-?(?:0|[1-9][0-9]{0,8})")
SCHEME = regex(r"([A-Za-z][A-Za-z0-9+.-]*):")
"""What a link begins with (RFC 3986, 3.1)."""


def of_key(provenance: Provenance, path: Path, name: str, guess: str | None) -> tuple[Edit, ...]:
    """Rename a field that does not exist to the one that was surely meant."""
    if guess is None or not certain(name, guess):
        return ()
    return edits.rename_key(provenance, (*path, name), guess)


def of_value(error: ValidationError, provenance: Provenance) -> tuple[Edit, ...]:
    """Write what was surely meant by a value that does not fit the schema."""
    if error.rule == DAYS:
        path, better = error.path[:-1], _every(error.value)
    else:
        path, better = error.path, _better(error)
    return () if better is None else edits.replace_value(provenance, path, error.value, better)


def of_zone(provenance: Provenance, path: Path, name: str) -> tuple[Edit, ...]:
    """Write the time zone that was meant by one that does not exist."""
    better = timezones.correction(name)
    return () if better is None else edits.replace_value(provenance, path, name, better)


def of_check(code: str, path: Path, entry: PushEntry, provenance: Provenance) -> tuple[Edit, ...]:
    """Correct what `checks.entry` found at a path of an entry."""
    match code:
        case "PSH314":
            return _link(path, entry.message.open, provenance)
        case "PSH503":
            return edits.remove(provenance, path)
        case "PSH514":
            target = getattr(entry.to, str(path[1]))[path[2]]
            clean = target.strip()
            useless = clean in ("", target)
            return () if useless else edits.replace_value(provenance, path, target, clean)
    return ()


def _link(path: Path, link: Any, provenance: Provenance) -> tuple[Edit, ...]:
    """Give a link the kind that its beginning says, if it is one that phones should open."""
    address = (link.url or link.intent) if isinstance(link, Open) else link
    found = SCHEME.match(str(address).lstrip())
    if (found is not None and found[1].lower() in NEVER_OPENED) or page(str(address)):
        return ()
    if not isinstance(link, Open):
        scheme = SCHEME.match(str(link))
        return edits.replace_value(provenance, path, link, {"intent": link}) if scheme else ()
    other = "intent" if path[-1] == "url" else "url"
    known = other == "url" or SCHEME.match(link.url or "") is not None
    return edits.rename_key(provenance, path, other) if known else ()


def page(link: str) -> str | None:
    """Return the web address that was most likely meant where https: is misspelt."""
    scheme, _, rest = typos.half_width(link).strip("'<>").partition("//")
    near = closest(scheme.lower().rstrip(":;."), ("https", "http"), cutoff=0.7)
    right = link.lower().startswith(("http://", "https://"))
    return f"https://{rest}" if near and rest and not right else None


def _better(error: ValidationError) -> Any:
    match error.rule:
        case "type" if error.schema.get("x-kind") != "every":
            expected = error.expected
            return _typed(expected[0] if isinstance(expected, list) else expected, error.value)
        case "enum" | "const":
            return _chosen(error.expected, error.value)
        case "pattern" if isinstance(error.value, str):
            plain = typos.half_width(error.value)
            if plain != error.value and re.search(error.expected, plain):
                return plain
            return _formatted(error.schema.get("x-kind"), error.value)
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
    value = typos.half_width(value) if isinstance(value, str) else value
    guess = closest(value.lower(), names) if isinstance(value, str) else None
    return names[guess] if guess is not None and certain(value, guess) else None


def _formatted(kind: Any, value: str) -> Any:
    if kind == "zone":
        return timezones.correction(value)
    if kind == "every":
        return _every([value])
    better = repaired(kind, value) if isinstance(kind, str) else None
    return None if better is None else better.strip('"')


def _every(items: list[Item]) -> Any:
    days = every_suggestions.suggestion(items)
    if days is None:
        return None
    return days[0] if len(days) == 1 and isinstance(days[0], str) else list(days)
