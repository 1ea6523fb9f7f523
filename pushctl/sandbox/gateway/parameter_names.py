"""Finds parameters whose names are nearly those of the API."""

from __future__ import annotations

import tomllib
from collections.abc import Collection
from functools import cache
from pathlib import Path

_MOST, _LONGEST = 5, 60


@cache
def _known() -> frozenset[str]:
    text = Path(__file__).with_suffix(".toml").read_text("utf-8")
    return frozenset(tomllib.loads(text)["names"])


def misspelled(names: Collection[str]) -> str:
    """Returns which names are nearly those of missing parameters, in words; empty if none is."""
    known = _known()
    unknown = [name for name in names if name not in known and len(name) < _LONGEST][:_MOST]
    if not unknown:
        return ""
    from difflib import get_close_matches  # noqa: PLC0415  (only where a name is wrong)

    missing = {name.lower(): name for name in sorted(known.difference(names))}
    near = {name: get_close_matches(name.lower(), missing, 1, 0.8) for name in unknown}
    return "; ".join(
        f"{name}: did you mean {missing[like[0]]}?" for name, like in near.items() if like
    )
