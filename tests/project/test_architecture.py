"""The architecture page shows the tree as it is: its table of packages, and the paths it names."""

from __future__ import annotations

import ast
import re
import tomllib
from pathlib import Path

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs" / "architecture.md"
BEGIN, END = "<!-- packages -->\n", "<!-- /packages -->\n"
LAYERS = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]["importlinter"][
    "contracts"
][0]["layers"]


def docstring(package: Path) -> str:
    text = ast.get_docstring(ast.parse((package / "__init__.py").read_text("utf-8"))) or ""
    return " ".join(text.split("\n\n")[0].split())


def rows(name: str) -> list[str]:
    """Return the table's lines of one package and its sub-packages, in the order of names."""
    package = ROOT / "pushctl" / name
    inside = sorted(path.parent for path in package.rglob("__init__.py"))
    return [f"| `{path.relative_to(ROOT / 'pushctl')}/` | {docstring(path)} |" for path in inside]


def table() -> str:
    """Return the packages from the bottom layer to the top."""
    layers = [name for layer in reversed(LAYERS) for name in layer.split(" | ")]
    packages = [name for name in layers if (ROOT / "pushctl" / name).is_dir()]
    lines = [row for name in [*packages, "sandbox"] for row in rows(name)]
    return "\n".join(["| package | holds |", "| --- | --- |", *lines, ""])


def test_the_table_of_packages_is_made_from_their_docstrings(update_golden: bool) -> None:
    page = PAGE.read_text("utf-8")
    head, rest = page.split(BEGIN)
    shown, tail = rest.split(END)
    if update_golden:
        PAGE.write_text(head + BEGIN + table() + END + tail, "utf-8")
        shown = table()
    assert shown == table()


def test_every_package_is_in_a_layer_or_the_sandbox() -> None:
    packages = {path.parent.name for path in (ROOT / "pushctl").glob("*/__init__.py")}
    assert packages - {"sandbox"} <= {name for layer in LAYERS for name in layer.split(" | ")}


def test_every_path_on_the_page_exists() -> None:
    page = PAGE.read_text("utf-8")
    named = re.findall(r"`([a-z_]+(?:/[a-z_{},.]+)*(?:/|\.py|\.toml|\.json))`", page)
    assert len(named) > 20
    missing = [
        path
        for path in named
        if not (ROOT / "pushctl" / path).exists() and not (ROOT / path).exists()
    ]
    assert missing == []
