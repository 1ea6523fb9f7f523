"""A manifest in words of a test, and what is found in it."""

from __future__ import annotations

from pathlib import Path

from pushctl.diagnostics import Diagnostic
from pushctl.lint.context import project
from pushctl.lint.runner import findings
from pushctl.manifest.compile import compile_manifest
from pushctl.manifest.read import read_manifest
from pushctl.push.identity import hashed_label

NOW = 1_796_086_800
"""2026-12-01 09:00 in Shanghai, a Tuesday."""

HEAD = "version: 1\ntimezone: Asia/Shanghai\n"
APP = "app: {id: ONEX0000000000000, workspace: test}\n"


def found(
    folder: Path,
    text: str,
    *,
    files: dict[str, str] | None = None,
    recorded: frozenset[str] = frozenset(),
    now: int = NOW,
) -> list[Diagnostic]:
    """Return what all checks find; the manifest itself must be right."""
    text = HEAD + ("" if "\napp:" in f"\n{text}" else APP) + text
    for name, content in {"pushctl.yaml": text, **(files or {})}.items():
        (folder / name).write_text(content, "utf-8")
    reading = read_manifest(folder)
    assert not [item for item in reading.diagnostics if item.severity == "error"]
    compiled = compile_manifest(reading, now=now, recorded=recorded)
    assert not [item for item in compiled.diagnostics if item.severity == "error"]
    assert reading.manifest is not None
    hashed = reading.manifest.app.targets == "hashed"
    label = hashed_label("salt") if hashed else str
    made = project(reading, compiled, now=now, recorded=recorded, label=label)
    assert made is not None
    return list(findings(made, reading))


def only(items: list[Diagnostic], *codes: str) -> list[Diagnostic]:
    """Return the findings of some rules: tests of one rule do not mind the others."""
    return [item for item in items if item.code in codes]


def one(items: list[Diagnostic], code: str) -> Diagnostic:
    (item,) = only(items, code)
    return item


def entry(
    id: str,
    schedule: str,
    *,
    to: str = "{users: [u1]}",
    marketing: bool = False,
    expires: str = "1h",
    more: str = "",
) -> str:
    labels = "    labels: {class: marketing}\n" if marketing else ""
    return (
        f"  {id}:\n    owner: crm@acme.example\n{labels}    schedule: {{{schedule}}}\n"
        f"    to: {to}\n    expires_after: {expires}\n"
        f"    message: {{title: {id}, body: Hello}}\n{more}"
    )


def manifest(*entries: str, head: str = "") -> str:
    return f"{head}pushes:\n{''.join(entries)}"


def sales(*clocks: str, to: str = "{users: [u1]}", marketing: bool = False) -> str:
    return "".join(
        entry(f"sale-{number}", f"at: 2026-12-24T{clock}", to=to, marketing=marketing)
        for number, clock in enumerate(clocks)
    )
