"""An entry that was delivered under another id is not one that was never sent."""

from __future__ import annotations

from pathlib import Path

import pytest

from pushctl.manifest.compile import compile_manifest
from pushctl.manifest.read import read_manifest

NOW = 1796086800  # 2026-12-01 09:00 in Shanghai
TEXT = """\
version: 1
app: {id: X, workspace: w}
timezone: Asia/Shanghai
moved: [%s]
pushes:
  c:
    schedule: {at: 2026-11-01T09:00}
    to: {users: [ann]}
    message: {title: T, body: B}
"""


@pytest.mark.parametrize(
    ("moved", "recorded", "known"),
    [
        ("{from: b, to: c}", "b", True),
        ("{from: a, to: b}, {from: b, to: c}", "a", True),
        ("{from: b, to: c}, {from: a, to: b}", "a", True),
        ("{from: a, to: b}", "a", False),
        ("{from: b, to: c}", "x", False),
    ],
)
def test_moves_are_followed_to_their_end(
    moved: str, recorded: str, known: bool, tmp_path: Path
) -> None:
    (tmp_path / "pushctl.yaml").write_text(TEXT % moved)
    compiled = compile_manifest(read_manifest(tmp_path), now=NOW, recorded=frozenset({recorded}))
    codes = {item.code for item in compiled.diagnostics}
    assert ("PSH201" not in codes) is known
