"""The lines of long texts without their indentation."""

from __future__ import annotations

import pytest

from pushctl.manifest.format.block_text import BlockText, block_text
from pushctl.manifest.yaml import node_ranges
from pushctl.manifest.yaml.loader import load


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("|\n  x\n    y\n", BlockText("|", "", ("x", "  y"))),
        (">-  # why\n  x\n\n\n", BlockText(">-", "# why", ("x",))),
        ("|2+ # a+b\n    x\n\n", BlockText("|2+", "# a+b", ("  x", ""))),
        ("|\n\n  x", BlockText("|", "", ("", "x"))),
        ("|\n", BlockText("|", "", ())),
        ("'|'\n", None),
    ],
)
def test_lines_are_those_of_the_text(text: str, found: BlockText | None) -> None:
    document, _ = load("x", f"a: {text}".encode())
    assert document is not None
    node = node_ranges.find(document.layer, ("a",))
    assert node is not None
    assert block_text(node) == found
