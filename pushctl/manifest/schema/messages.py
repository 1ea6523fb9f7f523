"""What to say about data that does not fit the schema. Pure.

The sentences are for people who write campaigns, not programs: what is wrong, what stands there,
and what to type instead. Nothing of a validator's own text gets through.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from pushctl.diagnostics import Diagnostic, Severity
from pushctl.manifest.edit import fixes
from pushctl.manifest.schedule import every_suggestions, zones
from pushctl.manifest.schema import absent
from pushctl.manifest.schema.suggest import clock, closest, day, meant, repaired
from pushctl.manifest.yaml import typos
from pushctl.manifest.yaml.narrow import narrow
from pushctl.manifest.yaml.positions import Path, Provenance
from pushctl.manifest.yaml.wide import push_fields
from pushctl.text.quote import quoted

UNKNOWN = typos.UNKNOWN
TYPE = "A value has the wrong type"
NOT_ALLOWED = "The value is not one of the allowed ones"
FORMAT = "A value has the wrong format"
TIMES = "A date stands where a time is needed, or the reverse"
COMBINATION = "These fields do not go together"

DAYS = fixes.DAYS
"""The rule that a list of days breaks as a whole."""

_TYPES = {
    "string": "text",
    "boolean": "true or false",
    "integer": "a whole number",
    "number": "a number",
    "array": "a list",
    "object": "a map of `key: value` lines",
    "null": "empty",
}
_ONLY_WITH_EVERY = ("from", "until", "skip", "short_months")


@dataclass(frozen=True, slots=True)
class Misfit:
    """One thing that does not fit: the broken rule, where, and what stands there."""

    rule: str
    path: Path
    value: Any
    expected: Any
    schema: Mapping[str, Any]
    is_key: bool = False

    @property
    def hint(self) -> str | None:
        """Return what the schema itself says to type."""
        hint = self.schema.get("errorMessage")
        return hint[0].lower() + hint[1:].rstrip(".") if isinstance(hint, str) else None


def say_all(
    misfits: Iterable[Misfit], provenance: Provenance, *, root: frozenset[str], top: str
) -> list[Diagnostic]:
    """Turn misfits into findings; `top` says what a path without a key is in."""
    found: list[Diagnostic] = []
    later: list[Misfit] = []
    misspelt: set[Path] = set()
    for misfit in misfits:
        if misfit.is_key:
            found.append(_about_key(misfit, provenance))
        elif misfit.rule == "additionalProperties":
            found += _unknown(misfit, provenance, root=root, top=top, guessed=misspelt)
        elif misfit.rule == "required":
            later.append(misfit)
        else:
            found.append(_about_value(misfit, provenance))
    for misfit in later:
        found += _missing(misfit, provenance, misspelt)
    return found


def _about_value(misfit: Misfit, provenance: Provenance) -> Diagnostic:
    code, summary, detail, fix = _RULES.get(misfit.rule, _other)(misfit)
    where = provenance.locate(*misfit.path)
    if misfit.rule == "type" and isinstance(misfit.value, str):
        misread = typos.in_value(provenance, misfit.path)
        if misread is not None and "string" not in misfit.expected:
            return misread.finding(code, summary)
    detail = detail[0].upper() + detail[1:]
    edits = fixes.of_value(misfit, provenance)
    return Diagnostic(Severity.ERROR, code, summary, detail, where, fix=fix, edits=edits)


def name_of(path: Path) -> str:
    """Name a field as people write it: `to.users`, and its items counted from 1."""
    keys = [part for part in path if isinstance(part, str)]
    if not keys:
        return "the file"
    if path and isinstance(path[-1], int):
        return f"item {path[-1] + 1} of `{'.'.join(_inside_push(keys))}`"
    return f"`{'.'.join(_inside_push(keys))}`"


def _inside_push(keys: list[str]) -> list[str]:
    """Leave out where the push stands; the place of the finding says that."""
    if keys[:1] == ["pushes"] and len(keys) > 2:
        return keys[2:]
    return keys


def shown(value: Any) -> str:
    """Describe a value in a few words."""
    if value is None:
        return "nothing"
    if isinstance(value, bool):
        return f"the word {str(value).lower()}"
    if isinstance(value, int | float):
        return f"the number {value}"
    if isinstance(value, str):
        return f"the text {quoted(value)}"
    return "a list" if isinstance(value, list) else "a map"


Words = tuple[str, str, str, str | None]


def _about_key(misfit: Misfit, provenance: Provenance) -> Diagnostic:
    key = misfit.value if isinstance(misfit.value, str) else str(misfit.value)
    detail = f"{quoted(key)} cannot be used as a name here."
    if misfit.rule == "not":
        detail = f"{quoted(key)} is reserved: `${{each.key}}` belongs to `for_each`."
    fix = misfit.hint or "choose another name"
    where = provenance.locate_key(*misfit.path, key)
    return Diagnostic(Severity.ERROR, "PSH113", FORMAT, detail, where, fix=fix)


def _unknown(
    misfit: Misfit,
    provenance: Provenance,
    *,
    root: frozenset[str],
    top: str,
    guessed: set[Path],
) -> list[Diagnostic]:
    known = list(misfit.schema.get("properties", {}))
    found = []
    for key in misfit.value:
        moved = misfit.value[key] is None and provenance.is_damaged(*misfit.path)
        if key in known or moved:  # of an id that stands too far in is told already
            continue
        if key.lower() in ("cron", "crontab") and "rrule" in known:
            guessed |= {(*misfit.path, "at"), (*misfit.path, "every")}
            found.append(_cron(key, misfit, provenance))
            continue
        misread = typos.in_key(provenance, (*misfit.path, key))
        if misread is not None:
            guessed |= {(*misfit.path, word) for word in typos.words(key)}
            found.append(misread.finding("PSH104", UNKNOWN))
            continue
        guess = meant(key, known)
        if guess is not None:
            guessed.add((*misfit.path, guess))
        parent = top if not misfit.path else f"in {name_of(misfit.path)}"
        detail = f"There is no field {quoted(key)} {parent}."
        if guess is None and key in root and not misfit.path:
            detail = f"{quoted(key)} can only stand in the root manifest."
        fix = f"did you mean `{guess}`?" if guess else f"use one of: {', '.join(known)}"
        if _is_push(misfit.value[key]):
            detail += " It looks like a push of its own that stands too far in."
            fix = "move it out, with all its lines, to where the ids of the other pushes stand"
        where = provenance.locate_key(*misfit.path, key)
        edits = fixes.of_key(provenance, misfit.path, key, guess)
        found.append(
            Diagnostic(Severity.ERROR, "PSH104", UNKNOWN, detail, where, fix=fix, edits=edits)
        )
    return found


def _is_push(value: Any) -> bool:
    return isinstance(value, dict) and len({"schedule", "to", "message"} & set(value)) > 1


def _cron(key: str, misfit: Misfit, provenance: Provenance) -> Diagnostic:
    detail = "Cron is not read here; `every` and `at` say the same, or `rrule` and `at`."
    fix = every_suggestions.cron_instead(str(misfit.value[key]))
    where = provenance.locate_key(*misfit.path, key)
    return Diagnostic(Severity.ERROR, "PSH104", UNKNOWN, detail, where, fix=fix)


def _missing(misfit: Misfit, provenance: Provenance, misspelt: set[Path]) -> list[Diagnostic]:
    if provenance.is_damaged(*misfit.path):
        return []
    names = (name for name in misfit.expected if name not in misfit.value)
    return [
        absent.finding(name_of(full), full, misfit.value, provenance)
        for full in ((*misfit.path, name) for name in names)
        if full not in misspelt
    ]


def _type(misfit: Misfit) -> Words:
    expected = misfit.expected if isinstance(misfit.expected, list) else [misfit.expected]
    name, value = name_of(misfit.path), misfit.value
    wanted = " or ".join(_TYPES[item] for item in expected if item != "null")
    detail = f"{name} must be {wanted}, here it is {shown(value)}."
    if misfit.path[:-1] == ("pushes",) and misfit.path[-1] in push_fields():
        detail = f"{name} stands where the ids of pushes stand, so it belongs to none of them."
        return "PSH110", TYPE, detail, "move it in, to where the other fields of its push stand"
    unquoted = expected[0] == "string" and isinstance(value, bool | int | float)
    hint = None if unquoted or value is None else misfit.hint
    if misfit.schema.get("x-kind") == "every" and isinstance(value, int):
        hint = f"write [{value}] for a day of the month, or {max(value, 2)} days"
    return "PSH110", TYPE, detail, hint or _type_fix(expected[0], value)


def _type_fix(expected: str, value: Any) -> str:
    if value is None and expected not in ("array", "object"):
        return "write a value after the colon, or delete the line"
    if expected == "string":
        if isinstance(value, bool | int | float):
            return f'put it in quotes: "{json.dumps(value)}"'
        return "write plain text"
    if expected == "array" and isinstance(value, str | int | float):
        return f"put it in brackets: [{value}]"
    return {
        "boolean": "write true or false without quotes",
        "integer": "write a whole number without quotes",
        "number": "write a number without quotes, for example 0.3",
        "array": "write a list: [a, b]",
    }.get(expected, "write `key: value` lines below it, or {key: value}")


def _choice(misfit: Misfit) -> Words:
    options = misfit.expected if isinstance(misfit.expected, list) else [misfit.expected]
    names = [str(option).lower() if isinstance(option, bool) else str(option) for option in options]
    name, value = name_of(misfit.path), misfit.value
    words = names[0] if len(names) == 1 else f"{', '.join(names[:-1])} or {names[-1]}"
    detail = f"{name} must be {words}, here it is {shown(value)}."
    guess = closest(value.lower(), names) if isinstance(value, str) else None
    if misfit.hint:
        return "PSH112", NOT_ALLOWED, detail, misfit.hint
    return "PSH112", NOT_ALLOWED, detail, f"did you mean `{guess}`?" if guess else f"write {words}"


def _format(misfit: Misfit) -> Words:
    name, value = name_of(misfit.path), str(misfit.value)
    kind = misfit.schema.get("x-kind")
    if kind == "every":
        return (
            "PSH113",
            FORMAT,
            every_suggestions.wrong([value]),
            every_suggestions.instead([value]),
        )
    if kind == "zone":
        return "PSH113", FORMAT, f"{name} cannot be {quoted(value)}.", zones.instead(value)
    plain = narrow(value)
    if plain != value and re.search(misfit.expected, plain):
        detail = f"{name} is {quoted(value)}, with signs that are full-width."
        return "PSH113", FORMAT, detail, f"write {plain}"
    if isinstance(kind, str):
        special = _time_for_date(kind, name, value)
        if special:
            return special
        better = repaired(kind, value)
        if better:
            detail = f"{name} is {quoted(value)}, which is not written as it has to be."
            return "PSH113", FORMAT, detail, f"write {better}"
    detail = f"{name} cannot be {quoted(value)}."
    return "PSH113", FORMAT, detail, misfit.hint


def _time_for_date(kind: str, name: str, value: str) -> Words | None:
    """Find a date where a time is meant, and the reverse."""
    date = day(value)
    time = clock(value.split("T")[-1].split(" ")[-1]) if date else clock(value)
    if kind == "moment" and time and not date:
        detail = f"{name} is a time of day, but a date is needed as well."
        fix = f"write 2026-12-24T{time}, or add `every` if it repeats"
        return "PSH114", TIMES, detail, fix
    if kind in ("moment", "at") and date and not time and "T" not in value:
        detail = f"{name} is a date, but a time of day is needed as well."
        return "PSH114", TIMES, detail, f"write {date}T09:45"
    if kind == "date" and date and time:
        detail = f"{name} is a date with a time, but only the day can be given here."
        return "PSH114", TIMES, detail, f"write {date}"
    if kind == "date" and time:
        detail = f"{name} is a time of day, but a date is needed."
        return "PSH114", TIMES, detail, "write a date such as 2026-12-24"
    if kind == "time" and date:
        detail = f"{name} is a date, but a push that repeats has only times of day."
        fix = f'write "{time or "09:45"}", and `from: {date}` if it begins then; or delete `every`'
        return "PSH115", COMBINATION, detail, fix
    return None


def _days(misfit: Misfit) -> Words:
    """Speak of a list of days as a whole: whether one fits depends on the others."""
    return (
        "PSH113",
        FORMAT,
        every_suggestions.wrong(misfit.value),
        every_suggestions.instead(misfit.value),
    )


def _empty(misfit: Misfit) -> Words:
    detail = f"{name_of(misfit.path)} is empty."
    return "PSH113", FORMAT, detail, misfit.hint or "add at least one, or delete it"


def _bounds(misfit: Misfit) -> Words:
    least, most = misfit.schema.get("minimum"), misfit.schema.get("maximum")
    span = f"from {least} to {most}" if most is not None else f"of at least {least}"
    detail = f"{name_of(misfit.path)} must be a number {span}, here it is {misfit.value}."
    return "PSH113", FORMAT, detail, f"write a number {span}"


def _twice(misfit: Misfit) -> Words:
    detail = f"{name_of(misfit.path)} has the same value twice."
    return "PSH113", FORMAT, detail, "delete one of the two"


def _too_many(misfit: Misfit) -> Words:
    most = misfit.expected
    detail = f"{name_of(misfit.path)} has {len(misfit.value)} values; the most is {most}."
    return "PSH113", FORMAT, detail, f"keep at most {most}"


def _how_many(misfit: Misfit) -> Words:
    name, keys = name_of(misfit.path), [f"`{key}`" for key in misfit.value]
    if misfit.path and misfit.path[-1] == "for_each":
        return _empty(misfit)
    options = "url or intent" if misfit.path[-1:] == ("open",) else "one kind of target"
    if not keys:
        detail = f"{name} is empty; it needs {options}."
    else:
        detail = f"{name} has {' and '.join(keys)}, but only one of them can be meant."
    example = "{intent: acme://standup}" if options == "url or intent" else "{users: [user1024]}"
    return "PSH115", COMBINATION, detail, f"keep exactly one, such as {example}"


def _forbidden(misfit: Misfit) -> Words:
    last = misfit.path[-1] if misfit.path else ""
    name = name_of(misfit.path)
    if last in _ONLY_WITH_EVERY:
        detail = f"{name} belongs to a push that repeats, but there is no `every`."
        return "PSH115", COMBINATION, detail, f"add `every`, or delete `{last}`"
    if last == "rrule":
        detail = f"{name} says how it repeats, and so does `every`."
        return "PSH115", COMBINATION, detail, "keep one of the two"
    detail = (
        f"{name} cannot stand beside `now`, which sends at once."
        if last != "now"
        else (f"{name} sends at once, so it cannot stand beside `every`.")
    )
    return (
        "PSH115",
        COMBINATION,
        detail,
        f"delete `{last}`, or `now`" if last != "now" else ("delete `now`, or `every` and `at`"),
    )


def _other(misfit: Misfit) -> Words:
    detail = f"{name_of(misfit.path)} cannot be {shown(misfit.value)}."
    return "PSH113", FORMAT, detail, misfit.hint or "see the manifest's reference"


_RULES: dict[str, Callable[[Misfit], Words]] = {
    "type": _type,
    "enum": _choice,
    "const": _choice,
    "pattern": _format,
    "minLength": _empty,
    "minItems": _empty,
    "maxItems": _too_many,
    "minimum": _bounds,
    "maximum": _bounds,
    "uniqueItems": _twice,
    "minProperties": _how_many,
    "maxProperties": _how_many,
    "not": _forbidden,
    DAYS: _days,
}
