"""Small manifests for tests."""

from __future__ import annotations

from pathlib import Path

from pushctl.diagnostics import Diagnostic
from pushctl.manifest.read import read_manifest
from pushctl.manifest.resolved import Reading

HEAD = """\
version: 1
app: {id: ONEX570DA89211721, workspace: prod}
timezone: Asia/Shanghai
"""
PUSH = """\
    schedule: {every: day, at: "09:45"}
    to: {users: [user1024]}
    message: {title: Hello, body: It works.}
"""


def project(folder: Path, files: dict[str, str | bytes], *, env: str | None = None) -> Reading:
    """Write files and read the manifest among them."""
    for name, content in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content.encode() if isinstance(content, str) else content)
    return read_manifest(folder, environment=env)


def brief(findings: tuple[Diagnostic, ...]) -> list[str]:
    """Say of each finding where it is, and what."""
    found = []
    for item in findings:
        assert item.range is not None, item
        start = item.range.start
        where = f"{item.range.filename}:{start.line}:{start.column}"
        found.append(f"{where} {item.code} {item.summary}")
    return found


def codes(reading: Reading) -> list[str]:
    return [item.code for item in reading.diagnostics]
