"""Validates plain data against `schemas/manifest.schema.json`.

jsonschema-rs, where it is installed, only says yes or no; jsonschema says what is wrong. The
published schema also takes what is not known yet (`$defs/open`: a `${variable}`, or null); once
everything is put together, the same schema is used without that.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator, Mapping
from enum import Enum
from functools import cache
from typing import TYPE_CHECKING, Any

from msgspec.structs import replace

from pushctl import schemas
from pushctl.diagnostics import Diagnostic
from pushctl.manifest.schema import messages
from pushctl.manifest.schema.validation_error import DAYS, ValidationError
from pushctl.manifest.yaml.positions import Path, Provenance

if TYPE_CHECKING:
    from jsonschema import exceptions

MAX_ERRORS = 1000


class Kind(Enum):
    """What a piece of data is: the definitions it has to fit, and whether everything is known."""

    FILE = (("file",), False)
    INCLUDED = (("included",), False)
    ENVIRONMENT = (("environment",), False)
    SHARED = (("shared",), True)
    SCHEDULE = (("complete_schedule", "schedule"), True)
    PUSH = (("complete_push", "push"), True)
    MANIFEST = (("complete", "file"), True)
    MOVED = (("file/properties/moved/items",), True)
    REMOVED = (("file/properties/removed/items",), True)
    ADOPT = (("file/properties/adopt/items",), True)


def _schema(*, known: bool) -> dict[str, Any]:
    definitions = dict(schemas.manifest()["$defs"])
    if known:
        definitions["open"] = False
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", "$defs": definitions}


def _fits(kind: Kind) -> dict[str, Any]:
    names, _ = kind.value
    return {"allOf": [{"$ref": f"#/$defs/{name}"} for name in names]}


@cache
def _fast(known: bool) -> Any:
    """Return what validates data of any kind, below the name of that: one is made sooner than many.

    None where jsonschema-rs is not installed.
    """
    try:
        import jsonschema_rs  # noqa: PLC0415  (optional, and not free to import)
    except ImportError:
        return None
    kinds = {kind.name: _fits(kind) for kind in Kind if kind.value[1] is known}
    return jsonschema_rs.validator_for({**_schema(known=known), "properties": kinds})


@cache
def _thorough(kind: Kind) -> Any:
    from jsonschema import Draft202012Validator, validators  # noqa: PLC0415  (only to explain)

    extend: Any = validators.extend
    return extend(Draft202012Validator, validators={"pattern": _pattern})(
        {**_schema(known=kind.value[1]), **_fits(kind)}
    )


def _pattern(
    validator: object, pattern: str, instance: object, schema: object
) -> Iterator[exceptions.ValidationError]:
    """Check a pattern as ECMA-262 means it: `$` is the very end, not before a last newline."""
    from jsonschema import exceptions  # noqa: PLC0415  (loaded by now)

    if isinstance(instance, str) and not _compiled(pattern).search(instance):
        yield exceptions.ValidationError(f"does not match {pattern}")


@cache
def _compiled(pattern: str) -> re.Pattern[str]:
    return re.compile(re.sub(r"(?<!\\)\$", r"\\Z", pattern))


def accepts(kind: Kind, data: Any) -> bool:
    """Tell whether data is valid, as quickly as can be done."""
    fast = _fast(kind.value[1])
    if fast is None:
        return bool(_thorough(kind).is_valid(data))
    return bool(fast.is_valid({kind.name: data}))


def findings(kind: Kind, data: Any, provenance: Provenance) -> list[Diagnostic]:
    """Say everything that is wrong with data, in words.

    Empty if it is valid, or if only what may stand in a part that could not be read is missing.
    """
    if accepts(kind, data):
        return []
    every = (
        leaf
        for part in _invalid_parts(kind, data)
        for error in _thorough(kind).iter_errors(part)
        for leaf in _leaves(error, tuple(error.absolute_path))
    )
    # Explaining is slow, and nobody reads that far.
    errors = list(itertools.islice(every, MAX_ERRORS))
    top = messages.IN_PUSH if kind is Kind.PUSH else "at the top of a file"
    return messages.findings(errors, provenance, top=top)


def _invalid_parts(kind: Kind, data: Any) -> Iterator[Any]:
    """Split a file into the part without pushes and the pushes that are not valid.

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


def _leaves(error: Any, path: Path) -> Iterator[ValidationError]:
    """Follow an error down to the single thing that is wrong.

    Of the alternatives of `anyOf` the first one is what is meant; the others are ways to leave it
    open.
    """
    if error.validator in ("anyOf", "oneOf"):
        branches = [item for item in error.context if item.relative_schema_path[0] == 0]
        found = (
            leaf for inner in branches for leaf in _leaves(inner, path + tuple(inner.relative_path))
        )
        is_days = path[-1:] == ("every",) and isinstance(error.instance, list)
        yield from _as_days(found, error.instance, path) if is_days else found
        return
    schema: Mapping[str, Any] = error.schema if isinstance(error.schema, dict) else {}
    inside = list(error.absolute_schema_path)
    yield ValidationError(
        rule=error.validator or "false",
        path=path,
        value=error.instance,
        expected=error.validator_value,
        schema=schema,
        is_key="propertyNames" in inside[-3:] or "propertyNames" in error.relative_schema_path,
    )


def _as_days(
    found: Iterator[ValidationError], days: list[Any], path: Path
) -> Iterator[ValidationError]:
    """Say once what is wrong with the items of a list of days, at the first one."""
    leaves = list(found)
    inside = next((leaf for leaf in leaves if len(leaf.path) > len(path)), None)
    plain = all(isinstance(day, str | int) and not isinstance(day, bool) for day in days)
    if inside is None or not plain:
        yield from leaves
        return
    yield replace(inside, rule=DAYS, value=days)
    yield from (leaf for leaf in leaves if len(leaf.path) == len(path))
