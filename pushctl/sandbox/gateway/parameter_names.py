"""Finds parameters whose names are nearly those of the API."""

from __future__ import annotations

import tomllib
from collections.abc import Collection
from functools import cache
from itertools import islice, takewhile
from pathlib import Path

_MOST = 5


@cache
def _known() -> frozenset[str]:
    text = Path(__file__).with_suffix(".toml").read_text("utf-8")
    return frozenset(tomllib.loads(text)["names"])


def misspelled(names: Collection[str]) -> str:
    """Returns which names differ from a missing one by case or a letter, in words; else nothing."""
    unknown = [name for name in names if name not in _known()]
    missing = sorted(_known().difference(names)) if unknown else ()
    pairs = ((name, near) for name in unknown for near in missing if _is_near(name, near))
    return "; ".join(f"{name}: did you mean {near}?" for name, near in islice(pairs, _MOST))


def _is_near(name: str, known: str) -> bool:
    one, other = name.lower(), known.lower()
    same = sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(one, other, strict=False)))
    ends = ((same + 1, same + 1), (same, same + 1), (same + 1, same))
    return any(one[begin:] == other[start:] for begin, start in ends)
