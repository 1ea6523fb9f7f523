"""Plain data against `schemas/manifest.schema.json`, and what to say about what does not fit.

jsonschema-rs, where it is installed, only says yes or no; jsonschema says what is wrong, and this
module says it to people. The published schema also takes what is not known yet (`$defs/open`: a
`${variable}`, or null); once everything is put together, nothing is open any more, and the very
same schema is used without that.
"""

from __future__ import annotations

import functools
import itertools
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from enum import Enum
from typing import TYPE_CHECKING, Any

from pushctl import schemas
from pushctl.diagnostics import Diagnostic
from pushctl.manifest.schema import messages
from pushctl.manifest.yaml.positions import Path, Provenance

if TYPE_CHECKING:
    from jsonschema.exceptions import ValidationError


MAX_MISFITS = 1000


class Kind(Enum):
    """What a piece of data is: the definition it has to fit, and whether everything is known."""

    FILE = (("file",), False)
    INCLUDED = (("included",), False)
    ENVIRONMENT = (("environment",), False)
    PUSH = (("complete_push", "push"), True)
    MANIFEST = (("complete", "file"), True)


@functools.cache
def _published() -> dict[str, Any]:
    document: dict[str, Any] = json.loads(schemas.read("manifest"))
    return document


@functools.cache
def _schema(kind: Kind) -> dict[str, Any]:
    names, known = kind.value
    definitions = dict(_published()["$defs"])
    if known:
        definitions["open"] = False
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$defs": definitions,
        "allOf": [{"$ref": f"#/$defs/{name}"} for name in names],
    }


@functools.cache
def _fast(kind: Kind) -> Any:
    try:
        import jsonschema_rs  # noqa: PLC0415  (optional, and not free to import)
    except ImportError:
        return None
    return jsonschema_rs.validator_for(_schema(kind))


@functools.cache
def _thorough(kind: Kind) -> Any:
    from jsonschema import Draft202012Validator, validators  # noqa: PLC0415  (only to explain)

    checker = Draft202012Validator.TYPE_CHECKER.redefine("integer", _is_integer)
    extend: Any = validators.extend
    extended = extend(Draft202012Validator, validators={"pattern": _pattern}, type_checker=checker)
    return extended(_schema(kind))


def _is_integer(checker: object, instance: object) -> bool:
    return isinstance(instance, int) and not isinstance(instance, bool)


def _pattern(
    validator: object, pattern: str, instance: object, schema: object
) -> Iterator[ValidationError]:
    """Check a pattern as ECMA-262 means it: `$` is the very end, not before a last newline."""
    from jsonschema.exceptions import ValidationError  # noqa: PLC0415  (loaded by now)

    if isinstance(instance, str) and not _compiled(pattern).search(instance):
        yield ValidationError(f"does not match {pattern}")


@functools.cache
def _compiled(pattern: str) -> re.Pattern[str]:
    return re.compile(re.sub(r"(?<!\\)\$", r"\\Z", pattern))


def accepts(kind: Kind, data: Any) -> bool:
    """Tell whether data fits, as quickly as can be done."""
    fast = _fast(kind)
    if fast is not None:
        try:
            return bool(fast.is_valid(data))
        except (ValueError, TypeError, OverflowError):  # what it has no type for
            return False
    return bool(_thorough(kind).is_valid(data))


def findings(kind: Kind, data: Any, provenance: Provenance) -> list[Diagnostic]:
    """Say everything that does not fit, in words; empty if all of it fits."""
    if accepts(kind, data):
        return []
    every = (
        leaf
        for part in _suspects(kind, data)
        for error in _thorough(kind).iter_errors(part)
        for leaf in _leaves(error, tuple(error.absolute_path))
    )
    # Explaining is slow, and nobody reads that far.
    misfits = list(itertools.islice(every, MAX_MISFITS))
    top = "in a push" if kind is Kind.PUSH else "at the top of a file"
    return messages.say_all(misfits, provenance, root=_root_keys(), top=top)


def _root_keys() -> frozenset[str]:
    return frozenset(_published()["$defs"]["file"]["properties"])


def _suspects(kind: Kind, data: Any) -> Iterator[Any]:
    """Split a file into the part without pushes and the pushes that do not fit.

    Explaining takes a hundred times as long as refusing, so it is done only where it is needed.
    """
    pushes = data.get("pushes") if isinstance(data, dict) else None
    if not isinstance(pushes, dict) or len(pushes) < 2 or kind is Kind.PUSH:
        yield data
        return
    rest = {**data, "pushes": {}}
    if not accepts(kind, rest):
        yield rest
    alone = {"version": 1} if kind is Kind.FILE else {}
    for id, push in pushes.items():
        part = {**alone, "pushes": {id: push}}
        if not accepts(kind, part):
            yield part


def _leaves(error: Any, path: Path) -> Iterator[messages.Misfit]:
    """Follow an error down to the single thing that is wrong.

    Of the alternatives of `anyOf` the first one is what is meant; the others are ways to leave it
    open.
    """
    if error.validator in ("anyOf", "oneOf"):
        branches = [item for item in error.context if item.relative_schema_path[0] == 0]
        found = (
            leaf for inner in branches for leaf in _leaves(inner, path + tuple(inner.relative_path))
        )
        yield from _as_days(found, error.instance, path) if _is_days(error, path) else found
        return
    schema: Mapping[str, Any] = error.schema if isinstance(error.schema, dict) else {}
    inside = list(error.absolute_schema_path)
    yield messages.Misfit(
        rule=error.validator or "false",
        path=path,
        value=error.instance,
        expected=error.validator_value,
        schema=schema,
        is_key="propertyNames" in inside[-3:] or "propertyNames" in error.relative_schema_path,
    )


def _is_days(error: Any, path: Path) -> bool:
    days = error.instance
    return path[-2:] == ("schedule", "every") and isinstance(days, list)


def _as_days(
    found: Iterator[messages.Misfit], days: list[Any], path: Path
) -> Iterator[messages.Misfit]:
    """Say once what is wrong with the items of a list of days, at the first one."""
    leaves = list(found)
    inside = next((leaf for leaf in leaves if len(leaf.path) > len(path)), None)
    plain = all(isinstance(day, str | int) and not isinstance(day, bool) for day in days)
    if inside is None or not plain:
        yield from leaves
        return
    yield replace(inside, rule=messages.DAYS, value=days)
    yield from (leaf for leaf in leaves if len(leaf.path) == len(path))
