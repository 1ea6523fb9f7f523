"""Findings as GitLab's Code Quality report, which it shows in a merge request.

Source: https://docs.gitlab.com/ci/testing/code_quality/#code-quality-report-format
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from pushctl.diagnostics import Diagnostic, Severity
from pushctl.render.findings.fingerprint import fingerprints
from pushctl.text.escape import visible

SEVERITIES = {Severity.ERROR: "critical", Severity.WARNING: "minor", Severity.INFO: "info"}


def document(items: Sequence[Diagnostic], *, manifest: str) -> list[dict[str, Any]]:
    """Return the report. A finding without a place is put on the first line of `manifest`."""
    return [
        {
            "description": visible(_description(item)),
            "check_name": f"pushctl/{item.code}",
            "fingerprint": fingerprint,
            "severity": SEVERITIES[item.severity],
            "location": _location(item, manifest),
        }
        for item, fingerprint in zip(items, fingerprints(items), strict=True)
    ]


def _description(item: Diagnostic) -> str:
    said = [f"{item.code} {item.summary}", item.detail, f"fix: {item.fix}" if item.fix else ""]
    return ". ".join(part.rstrip(".") for part in said if part)


def _location(item: Diagnostic, manifest: str) -> dict[str, Any]:
    if item.range is None:
        return {"path": manifest, "lines": {"begin": 1}}
    lines = {"begin": item.range.start.line, "end": item.range.end.line}
    return {"path": item.range.filename, "lines": lines}
