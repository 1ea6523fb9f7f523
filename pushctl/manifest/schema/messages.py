"""Says what is wrong with data that violates the schema, with no word of a validator's own."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable
from typing import Any

from msgspec.structs import replace

from pushctl import schemas
from pushctl.diagnostics import Diagnostic
from pushctl.manifest.edit import fixes
from pushctl.manifest.rules import diagnostic
from pushctl.manifest.schedule import cron, every_suggestions, timezones, written_time
from pushctl.manifest.schema import misplaced, suggest
from pushctl.manifest.schema.validation_error import DAYS, ValidationError
from pushctl.manifest.words import WORDS
from pushctl.manifest.yaml import typos
from pushctl.manifest.yaml.positions import Path, Provenance
from pushctl.text.quote import described, edges, quoted
from pushctl.text.suggest import closest

_ONLY_WITH_EVERY = ("from", "until", "skip", "on_holiday", "short_months")
_ZONE = "Every time needs a time zone, and that of the machine is never used."
_NO_SUCH_FIELD = "delete it; `pushctl help manifest` names all fields"
_LANGUAGES = (
    "make a push for each language with `for_each`, and write ${{each.value.{}}} for its text"
)
IN_PUSH = "in a push"
MOST_NAMES = 12
"""Fields of a map up to which all of them are named."""

Words = tuple[str, str, str | None]
"""Code, detail and fix of a finding."""


def findings(
    errors: Iterable[ValidationError], provenance: Provenance, *, top: str
) -> list[Diagnostic]:
    """Turn validation errors into findings; `top` says what a path without a key is in."""
    found: list[Diagnostic] = []
    missing: list[ValidationError] = []
    misspelt: set[Path] = set()
    for error in errors:
        if error.is_key:
            found.append(_about_key(error, provenance))
        elif error.rule == "additionalProperties":
            found += _unknown(error, provenance, top, misspelt)
        elif error.rule == "required":
            missing.append(error)
        else:
            found.append(_about_value(error, provenance))
    for error in missing:
        found += _missing(error, provenance, misspelt, in_push=top == IN_PUSH)
    return found


def _about_value(error: ValidationError, provenance: Provenance) -> Diagnostic:
    code, detail, fix = _RULES.get(error.rule, _other)(error)
    where = provenance.locate(*error.path)
    if error.rule == "type" and isinstance(error.value, str):
        misread = typos.in_value(provenance, error.path, schemas.field_names())
        if misread is not None and "string" not in error.expected:
            return misread.finding(code)
    detail = detail[0].upper() + detail[1:]
    edits = () if (fix or "").startswith(suggest.ASKS) else fixes.of_value(error, provenance)
    return diagnostic(code, detail, where, fix, edits=edits)


def name_of(path: Path) -> str:
    """Name a field as people write it: `to.users`, and its items counted from 1."""
    keys = [part for part in path if isinstance(part, str)]
    if not keys:
        return "the file"
    if keys[0] == "pushes" and len(keys) > 2:
        keys = keys[2:]  # the place of the finding says in which push
    name = f"`{'.'.join(keys)}`"
    return f"item {path[-1] + 1} of {name}" if isinstance(path[-1], int) else name


def _about_key(error: ValidationError, provenance: Provenance) -> Diagnostic:
    key = error.value if isinstance(error.value, str) else str(error.value)
    detail = f"{quoted(key)} cannot be used as a name here."
    if error.rule == "not":
        detail = f"{quoted(key)} is reserved: `${{each.key}}` belongs to `for_each`."
    fix = error.hint or "choose another name"
    where = provenance.locate_key(*error.path, key)
    return diagnostic("PSH113", detail, where, fix)


def _unknown(
    error: ValidationError, provenance: Provenance, top: str, misspelt: set[Path]
) -> list[Diagnostic]:
    """Say which keys are no fields; adds to `misspelt` the fields that are not missing then."""
    known = list(error.schema.get("properties", {}))
    found = []
    for key in error.value:
        if key in known:
            continue
        if key.lower() in ("cron", "crontab") and "rrule" in known:
            misspelt |= {(*error.path, "at"), (*error.path, "every")}
            found.append(_cron(key, error, provenance))
            continue
        path = (*error.path, key)
        misread = typos.in_key(provenance, path, schemas.field_names())
        if misread is not None:
            misspelt |= {(*error.path, word) for word in typos.words(key)}
            found.append(misread.finding("PSH104"))
            continue
        inner = _is_push(error.value[key]) or suggest.alias(key) in known
        other = None if inner else misplaced.elsewhere(key, error.path, in_push=top == IN_PUSH)
        guess = None if other is not None else suggest.field(key, known)
        whole = other[0] if other is not None else (*error.path, guess or key)
        misspelt |= {whole[: end + 1] for end in range(len(whole))}
        detail, fix = _about_unknown(key, error, guess, top)
        if other is not None:
            detail, fix = other[1] or detail, other[2]
        edits = fixes.of_key(provenance, error.path, key, guess)
        where = provenance.locate_key(*path)
        found.append(diagnostic("PSH104", detail, where, fix, edits=edits))
    return found


def _about_unknown(
    key: str, error: ValidationError, guess: str | None, top: str
) -> tuple[str, str]:
    """Return detail and fix."""
    known = error.schema.get("properties", {})
    parent = top if not error.path else f"in {name_of(error.path)}"
    detail = f"There is no field {quoted(key)} {parent}."
    in_root = schemas.manifest()["$defs"]["file"]["properties"]
    if guess is None and not error.path and key in in_root:
        return f"{quoted(key)} can only stand in the root manifest.", "move it there"
    if _is_push(error.value[key]):
        detail += " It looks like a push of its own that stands too far in."
        return detail, "move it out, with all its lines, to where the ids of the other pushes stand"
    if isinstance(error.value[key], dict) and suggest.languages({key: ""}):
        return detail, _LANGUAGES.format("title")
    if guess is not None:
        return detail, suggest.sentence(key, guess)
    few = len(known) <= MOST_NAMES
    return detail, f"use one of: {', '.join(known)}" if few else _NO_SUCH_FIELD


def _is_push(value: Any) -> bool:
    return isinstance(value, dict) and len({"schedule", "to", "message"} & set(value)) > 1


def _cron(key: str, error: ValidationError, provenance: Provenance) -> Diagnostic:
    detail = "Cron is not read here; `every` and `at` say the same, or `rrule` and `at`."
    fix = cron.translated(str(error.value[key]))
    where = provenance.locate_key(*error.path, key)
    return diagnostic("PSH104", detail, where, fix)


def _missing(
    error: ValidationError, provenance: Provenance, misspelt: set[Path], *, in_push: bool
) -> list[Diagnostic]:
    if provenance.is_damaged(*error.path):
        return []
    paths = ((*error.path, name) for name in error.expected if name not in error.value)
    return [
        _absent(path, error, provenance, in_push=in_push) for path in paths if path not in misspelt
    ]


def _absent(
    path: Path, error: ValidationError, provenance: Provenance, *, in_push: bool
) -> Diagnostic:
    name = name_of(path)
    comment = typos.comment_instead_of(provenance, path)
    if comment is not None:
        detail = f"{name} is missing: what stands here begins with #, so it is a comment."
        return replace(comment, detail=detail).finding("PSH111")
    misread = typos.in_neighbours(provenance, path, schemas.field_names())
    if misread is not None:
        return misread.finding("PSH104")
    where = provenance.locate_key(*path[:-1])
    shape = misplaced.shape(*path, in_push=in_push).schema
    shape = shape or misplaced.shape("schedule", *path, in_push=True).schema
    meaning = shape.get("description", "")
    fix = f"add `{path[-1]}: ...`: {meaning[:1].lower()}{meaning[1:].rstrip('.')}".rstrip(": ")
    if path == ("timezone",):
        return diagnostic("PSH203", _ZONE, where, fix)
    fix = _time_elsewhere(path, error) or fix
    return diagnostic("PSH111", f"{name} is missing.", where, fix)


def _time_elsewhere(path: Path, error: ValidationError) -> str | None:
    """Find the time of day that another field of a schedule says, where `at` is missing."""
    if path[-1] != "at" or "now" in error.value:
        return None
    said = [value for value in error.value.values() if isinstance(value, str)]
    if known := next(filter(cron.is_cron, said), None):
        return f"cron is not read here; {cron.translated(known)}"
    times = {time for text in said for time in written_time.times_in(text)}
    return f'did you mean `at: "{min(times)}"`?' if len(times) == 1 else None


def _type(error: ValidationError) -> Words:
    expected = error.expected if isinstance(error.expected, list) else [error.expected]
    name, value = name_of(error.path), error.value
    wanted = " or ".join(WORDS["types"][item]["is"] for item in expected if item != "null")
    detail = f"{name} must be {wanted}, here it is {described(value)}."
    if error.path[:-1] == ("pushes",) and error.path[-1] in schemas.push_fields():
        detail = f"{name} stands where the ids of pushes stand, so it belongs to none of them."
        return "PSH110", detail, "move it in, to where the other fields of its push stand"
    unquoted = expected[0] == "string" and isinstance(value, bool | int | float)
    hint = None if unquoted or value is None else error.hint
    if error.path[-1:] == ("to",) or error.path[-2:-1] == ("to",):
        hint = suggest.people(str(error.path[-1]), value) or hint
    if expected[0] == "string" and suggest.languages(value):
        hint = _LANGUAGES.format(error.path[-1])
    if error.schema.get("x-kind") == "every" and isinstance(value, int):
        hint = f"write [{value}] for a day of the month, or {max(value, 2)} days"
    return "PSH110", detail, hint or _type_fix(expected[0], value)


def _type_fix(expected: str, value: Any) -> str:
    if value is None and expected not in ("array", "object"):
        return "write a value after the colon, or delete the line"
    if expected == "string" and isinstance(value, bool | int | float):
        return f'put it in quotes: "{json.dumps(value)}"'
    if expected == "array" and isinstance(value, str | int | float):
        return f"put it in brackets: [{json.dumps(value) if isinstance(value, bool) else value}]"
    return str(WORDS["types"][expected]["fix"])


def _choice(error: ValidationError) -> Words:
    options = error.expected if isinstance(error.expected, list) else [error.expected]
    names = [str(option).lower() if isinstance(option, bool) else str(option) for option in options]
    name, value = name_of(error.path), error.value
    words = names[0] if len(names) == 1 else f"{', '.join(names[:-1])} or {names[-1]}"
    detail = f"{name} must be {words}, here it is {described(value)}."
    guess = closest(value.lower(), names) if isinstance(value, str) else None
    near = suggest.sentence(typos.half_width(value), guess) if guess else f"write {words}"
    fix = error.hint or near
    return "PSH112", detail, fix


def _format(error: ValidationError) -> Words:
    name, value = name_of(error.path), str(error.value)
    kind = error.schema.get("x-kind")
    if kind == "every":
        return _days([value])
    if kind == "zone":
        return "PSH113", f"{name} cannot be {quoted(value)}.", timezones.fix_for(value)
    plain = typos.half_width(value)
    if plain != value and re.search(error.expected, plain):
        wrong = edges(value) if value.strip() == plain else "has signs that are full-width"
        detail = f"{name} is {quoted(value)}, which {wrong}."
        return "PSH113", detail, f"write {plain}"
    if isinstance(kind, str):
        special = _time_for_date(kind, name, value)
        if special:
            return special
        if better := suggest.readings(kind, value):
            detail = f"{name} is {quoted(value)}, which is not written as it has to be."
            return "PSH113", detail, suggest.asked(better)
    detail = f"{name} cannot be {quoted(value)}."
    return "PSH113", detail, error.hint


def _time_for_date(kind: str, name: str, value: str) -> Words | None:
    """Find a date where a time is meant, and the reverse."""
    dates, times, _ = written_time.read(value)
    there = "moment" if dates and times else "date" if dates else "time"
    words = WORDS["instead_of"].get(kind, {}).get(there) if dates or times else None
    if words is None:
        return None
    fix = words["fix"].format(
        date=next(iter(dates), ""), time=next(iter(times), ""), asked=suggest.asked(dates or times)
    )
    return "PSH115" if kind == "time" else "PSH114", f"{name} {words['is']}", fix


def _days(days: list[cron.Item]) -> Words:
    """Speak of a list of days as a whole: whether one fits depends on the others."""
    detail, fix = every_suggestions.wrong(days), every_suggestions.fix_for(days)
    return "PSH113", detail, fix


def _empty(error: ValidationError) -> Words:
    detail = f"{name_of(error.path)} is empty."
    return "PSH113", detail, error.hint or "add at least one, or delete it"


def _bounds(error: ValidationError) -> Words:
    least, most = error.schema.get("minimum"), error.schema.get("maximum")
    span = f"from {least} to {most}" if most is not None else f"of at least {least}"
    detail = f"{name_of(error.path)} must be a number {span}, here it is {error.value}."
    return "PSH113", detail, f"write a number {span}"


def _twice(error: ValidationError) -> Words:
    detail = f"{name_of(error.path)} has the same value twice."
    return "PSH113", detail, "delete one of the two"


def _too_many(error: ValidationError) -> Words:
    most = error.expected
    detail = f"{name_of(error.path)} has {len(error.value)} values; the most is {most}."
    return "PSH113", detail, f"keep at most {most}"


def _how_many(error: ValidationError) -> Words:
    name, keys = name_of(error.path), [f"`{key}`" for key in error.value]
    if error.path and error.path[-1] == "for_each":
        return _empty(error)
    options = "url or intent" if error.path[-1:] == ("open",) else "one kind of target"
    if not keys:
        detail = f"{name} is empty; it needs {options}."
    else:
        detail = f"{name} has {' and '.join(keys)}, but only one of them can be meant."
    return "PSH115", detail, "keep exactly one" if keys else f"add {options}"


def _forbidden(error: ValidationError) -> Words:
    last = str(error.path[-1]) if error.path else ""
    other = "without_every" if last in _ONLY_WITH_EVERY else "beside_now"
    said = WORDS["forbidden"].get(last) or WORDS["forbidden"][other]
    detail, fix = f"{name_of(error.path)} {said['is']}.", said["fix"].format(last)
    return "PSH115", detail, fix


def _other(error: ValidationError) -> Words:
    detail = f"{name_of(error.path)} cannot be {described(error.value)}."
    return "PSH113", detail, error.hint or "see the manifest's reference"


_RULES: dict[str, Callable[[ValidationError], Words]] = {
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
    DAYS: lambda error: _days(error.value),
}
