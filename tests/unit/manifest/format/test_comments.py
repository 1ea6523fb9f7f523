"""Which entry gets a comment."""

from __future__ import annotations

import pytest

from pushctl.manifest.format.comments import entries, walk
from pushctl.manifest.yaml.loader import load


def given(text: str) -> dict[str, str]:
    """Return for each comment the key (or dash) it belongs to, and on which side."""
    document, _ = load("x", text.encode())
    assert document is not None
    found = {}
    for entry in walk(entries(document)):
        for side in ("above", "beside", "below"):
            for comment in getattr(entry, side):
                found[comment.text] = f"{side} {entry.key or '-'}"
    return found


@pytest.mark.parametrize(
    ("text", "owners"),
    [
        ("# 1\na: x  # 2\n", {"# 1": "above a", "# 2": "beside a"}),
        ("a:\n  b: x\n  # 1\n# 2\nc: y\n", {"# 1": "below a", "# 2": "above c"}),
        ("a:  # 1\n  # 2\n  b: x\n", {"# 1": "beside a", "# 2": "above b"}),
        ("a:\n- x\n# 1\nb: y\n", {"# 1": "above b"}),
        ("a:\n  - x  # 1\n  # 2\n", {"# 1": "beside -", "# 2": "below a"}),
        ("a: [x, # 1\n  y]\n", {"# 1": "beside -"}),
        ("a: {b: x\n  # 1\n  }\n", {"# 1": "below a"}),
        ("a: '# 1'\nb: |\n  # 2\nc: x#3\n", {}),
        ("a: x\n# 1\n", {"# 1": "below -"}),
    ],
)
def test_where_it_stands_says_what_it_is_about(text: str, owners: dict[str, str]) -> None:
    assert given(text) == owners


def test_lines_columns_and_gaps_are_remembered() -> None:
    document, _ = load("x", b"a: x   # 1  \n\n  # 2\nb: y\n")
    assert document is not None
    found = [comment for entry in walk(entries(document)) for comment in entry.comments]
    facts = {item.text: (item.column, item.alone, item.blank, item.gap) for item in found}
    assert facts == {"# 1": (7, False, False, 3), "# 2": (2, True, True, 2)}
