"""Fingerprints of findings, for services that remember them; line numbers do not count."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable

from pushctl.diagnostics import Diagnostic


def fingerprints(items: Iterable[Diagnostic]) -> tuple[str, ...]:
    """Return one fingerprint per finding, 64 hexadecimal digits, no two of them the same.

    Findings that nothing but their place tells apart are numbered in the order given.
    """
    seen: Counter[tuple[str, ...]] = Counter()
    found = []
    for item in items:
        what = _what(item)
        found.append(_digest((*what, str(seen[what]))))
        seen[what] += 1
    return tuple(found)


def _what(item: Diagnostic) -> tuple[str, ...]:
    place = "" if item.range is None else item.range.filename
    return (place, item.push or "", item.code, item.detail)


def _digest(parts: tuple[str, ...]) -> str:
    return hashlib.sha256("\0".join(parts).encode("utf-8", "surrogatepass")).hexdigest()
