"""Redacts targets in findings, where `app.targets` is `hashed`.

Findings end up in the logs of CI systems. They still say where to look, and whoever may see the
file sees the rest.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from typing import Any

from msgspec.structs import replace

from pushctl.diagnostics import Diagnostic
from pushctl.masking import HIDDEN, without_words
from pushctl.text.quote import quoted

_ABOUT_THE_FILE = frozenset({"PSH107", "PSH108", "PSH109", "PSH512"})


def targets(data: Any) -> Iterator[str]:
    """Yield every text and number that stands under a `to`, but for names of files."""
    stack = [(data, False)]
    while stack:
        value, inside = stack.pop()
        if isinstance(value, dict):
            items = [item for item in value.items() if not (inside and item[0].endswith("_from"))]
            stack += [(item, inside or key == "to") for key, item in items]
        elif isinstance(value, list):
            stack += [(item, inside) for item in value]
        elif inside and value is not None and not isinstance(value, bool):
            yield str(value)


def without_lines(findings: Iterable[Diagnostic]) -> tuple[Diagnostic, ...]:
    """Return findings that show no line of a file, since a target may stand on it."""
    return tuple(replace(item, snippet="") for item in findings)


def without_targets(
    findings: Iterable[Diagnostic], targets: Collection[str], manifests: Collection[str]
) -> tuple[Diagnostic, ...]:
    """Return findings that name none of `targets`, and nothing of files other than `manifests`."""
    bare = {word for name in targets for word in (name, name.strip()) if word}
    masked = without_words((spelling for word in bare for spelling in (quoted(word), word)), HIDDEN)
    return without_lines(
        _about_a_row(item)
        if item.range is not None and item.range.filename not in manifests
        else replace(
            item, detail=masked(item.detail), fix=None if item.fix is None else masked(item.fix)
        )
        for item in findings
    )


def _about_a_row(item: Diagnostic) -> Diagnostic:
    if item.range is None or item.code in _ABOUT_THE_FILE:
        return item
    detail = (
        f"Look at line {item.range.start.line} of {item.range.filename}. What stands there is not "
        "shown, because `app.targets` is `hashed`."
    )
    return replace(item, detail=detail, fix=None)
