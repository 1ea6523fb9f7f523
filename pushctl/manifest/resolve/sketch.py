"""An entry of which some fields are wrong, as far as it can be understood. Pure.

Good for finding what else is wrong with it, and for nothing else: harmless stand-ins take the place
of the broken fields that every entry must have.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from pushctl.manifest.schema.models import PushEntry, parsed
from pushctl.manifest.schema.suggest import meant

STAND_INS: dict[str, Any] = {
    "schedule": {"now": True},
    "to": {"users": ["nobody"]},
    "message": {"title": "Nothing", "body": "Nothing"},
}


@dataclass(frozen=True, slots=True)
class Sketch:
    """An entry, and the names of its fields that say nothing: they are wrong, or misspelt."""

    entry: PushEntry
    unknown: frozenset[str]


def sketch(data: Mapping[str, Any]) -> Sketch | None:
    """Return an entry of the fields that are right, stand-ins in the place of the others."""
    right = {
        name: value
        for name, value in data.items()
        if parsed(PushEntry, {**STAND_INS, name: value}) is not None
    }
    if "to" not in right:
        right.pop("live_activity", None)
    entry = parsed(PushEntry, {**STAND_INS, **right})
    if entry is None:
        return None
    fields = [item.alias or name for name, item in PushEntry.model_fields.items()]
    wrong = {*STAND_INS, *data} - set(right)
    guesses = (meant(name, fields) for name in wrong if name not in fields)
    return Sketch(entry, frozenset({*wrong, *filter(None, guesses)}))
