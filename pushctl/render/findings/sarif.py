"""Findings as SARIF 2.1.0, which code scanning services read.

Sources: https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html and, for the limits,
https://docs.github.com/en/code-security/code-scanning/integrating-with-code-scanning/sarif-support-for-code-scanning
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from urllib.parse import quote

from pushctl.diagnostics import Diagnostic, Range, Severity
from pushctl.lint.registry import rule
from pushctl.render.findings.fingerprint import fingerprints
from pushctl.text.escape import visible
from pushctl.text.regex import regex

SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/os/schemas/sarif-schema-2.1.0.json"
MOST = 5000
"""Results that GitHub keeps of one run; it drops the rest, the least severe first."""

LEVELS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.INFO: "note"}

# In a message, [words](target) is a link, and a backslash before the bracket makes it words.
_LINK = regex(r"\[(?=[^\[\]]*\]\()")


def document(items: Sequence[Diagnostic], *, version: str, manifest: str) -> dict[str, Any]:
    """Return the log. A finding without a place is put on the first line of `manifest`.

    Of more than five thousand findings the most severe are kept, and `properties` says how many
    there were.
    """
    marked = list(zip(items, fingerprints(items), strict=True))
    order = list(LEVELS)
    marked.sort(key=lambda pair: order.index(pair[0].severity))
    kept = marked[:MOST]
    codes = list(dict.fromkeys(item.code for item, _ in kept))
    driver = {
        "name": "pushctl",
        "semanticVersion": version,
        "rules": [_rule(code, kept) for code in codes],
    }
    run: dict[str, Any] = {
        "tool": {"driver": driver},
        "columnKind": "unicodeCodePoints",
        "results": [_result(item, mark, codes, manifest) for item, mark in kept],
    }
    if len(kept) < len(marked):
        run["properties"] = {"findings": len(marked)}
    return {"$schema": SCHEMA, "version": "2.1.0", "runs": [run]}


def _rule(code: str, kept: Sequence[tuple[Diagnostic, str]]) -> dict[str, Any]:
    """Return what a service shows above all findings of one code: what the catalogue says."""
    known = rule(code)
    worst = next(item for item, _ in kept if item.code == code)
    title = worst.summary if known is None else known.title
    told: dict[str, Any] = {
        "id": code,
        "name": code,
        "shortDescription": {"text": _words(title)},
        "defaultConfiguration": {
            "level": LEVELS[worst.severity if known is None else known.severity]
        },
    }
    if known is not None:
        more = f"To read more: pushctl explain {code}"
        told["fullDescription"] = {"text": _words(known.why)}
        told["help"] = {"text": _words(f"{known.why}\n\n{known.fix}\n\n{more}")}
    return told


def _result(item: Diagnostic, mark: str, codes: list[str], manifest: str) -> dict[str, Any]:
    said = [item.detail or item.summary, f"fix: {item.fix}" if item.fix else ""]
    name = manifest if item.range is None else item.range.filename
    region = {"startLine": 1} if item.range is None else _region(item.range)
    uri = quote(name, safe="/", errors="replace")
    place = {"artifactLocation": {"uri": uri}, "region": region}
    return {
        "ruleId": item.code,
        "ruleIndex": codes.index(item.code),
        "level": LEVELS[item.severity],
        "message": {"text": _words("\n".join(part for part in said if part))},
        "locations": [{"physicalLocation": place}],
        "partialFingerprints": {"pushctl/v1": mark},
    }


def _region(place: Range) -> dict[str, int]:
    """Return a stretch of a file; like ours, SARIF's end column is the one after the last."""
    return {
        "startLine": place.start.line,
        "startColumn": place.start.column,
        "endLine": place.end.line,
        "endColumn": place.end.column,
    }


def _words(text: str) -> str:
    return _LINK.sub(r"\\[", visible(text, lines=True))
