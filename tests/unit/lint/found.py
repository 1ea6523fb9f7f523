"""What checks find in one entry that is written down in a few lines."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from pushctl.diagnostics import Diagnostic
from pushctl.lint.context import project
from pushctl.lint.runner import findings
from pushctl.manifest.compile import compile_manifest
from pushctl.manifest.read import read_manifest

NOW = 1796086800  # 2026-12-01T09:00:00+08:00
HEAD = {
    "version": 1,
    "timezone": "Asia/Shanghai",
    "app": {"id": "ONEX0000000000000", "workspace": "prod"},
}
ENTRY = {
    "owner": "crm@acme.example",
    "schedule": {"at": "2026-12-24T20:00"},
    "to": {"users": ["user1024"]},
    "message": {"title": "Flash sale", "body": "Until midnight."},
}


def linted(
    folder: Path,
    pushes: dict[str, Any],
    *,
    recorded: frozenset[str] = frozenset(),
    label: Callable[[str], str] = str,
    **top: Any,
) -> tuple[Diagnostic, ...]:
    """Return what the checks find in a manifest of these pushes; JSON is YAML."""
    text = json.dumps({**HEAD, **top, "pushes": pushes}, ensure_ascii=False, indent=1)
    (folder / "pushctl.yaml").write_text(text, "utf-8")
    reading = read_manifest(folder)
    assert reading.manifest is not None, reading.diagnostics
    compiled = compile_manifest(reading, now=NOW, recorded=recorded)
    found = project(reading, compiled, now=NOW, recorded=recorded, label=label)
    assert found is not None
    return findings(found, reading)


def of_entry(folder: Path, entry: dict[str, Any], **top: Any) -> dict[str, Diagnostic]:
    """Return what the checks find in one entry, by code; its usual fields need not be given."""
    return {item.code: item for item in linted(folder, {"flash-sale": {**ENTRY, **entry}}, **top)}


def message(
    title: str = "Flash sale", body: str = "Until midnight.", **more: Any
) -> dict[str, Any]:
    """Return an entry of which only the message is unusual."""
    return {"message": {"title": title, "body": body, **more}}
