"""Laying one map over another: RFC 7396, with three keys that are replaced as a whole. Pure.

`to` names exactly one kind of target, so a stronger one takes the place of the weaker. `state` and
`transparent_payload` belong to the app: mixing two of them would make a third that nobody wrote,
and a null inside may mean something to it.
"""

from __future__ import annotations

from typing import Any

WHOLE = frozenset({"to"})
OPAQUE = frozenset({"state", "transparent_payload"})


def merged(base: dict[str, Any], patch: dict[str, Any]) -> dict[str, Any]:
    """Lay `patch` over `base`: maps are merged, null takes away, everything else replaces."""
    result = dict(base)
    for key, value in patch.items():
        if value is None:
            result.pop(key, None)
        elif value.__class__ is dict and key not in OPAQUE:
            below = result.get(key)
            if below.__class__ is not dict or key in WHOLE:
                below = {}
            result[key] = merged(below, value)
        else:
            result[key] = value
    return result


def as_map(value: Any) -> dict[str, Any]:
    """Return a map, or an empty one for what is none; the schema has said so by then."""
    return value if isinstance(value, dict) else {}


def as_list(value: Any) -> list[Any]:
    """Return a list, or an empty one for what is none."""
    return value if isinstance(value, list) else []
