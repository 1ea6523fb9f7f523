"""What docs/audiences.md says about columns and lists is what is read."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from pushctl.diagnostics import Position, Range
from pushctl.lint.registry import rule
from pushctl.manifest.read import read_manifest
from pushctl.manifest.resolve.audience_columns import WORDS
from pushctl.manifest.resolve.audience_files import Request, parse

FILE = Path(__file__).parents[2] / "docs" / "audiences.md"
COLUMNS = re.compile(r"(<!-- columns:begin -->\n).*(?=<!-- columns:end -->)", re.DOTALL)
USED = Range("pushctl.yaml", Position(7, 22), Position(7, 30))


def table() -> str:
    lines = ["| for | columns, best first |", "| --- | --- |"]
    for kind, ranks in WORDS["columns"].items():
        for at, names in enumerate(ranks):
            named = ", ".join(f"`{name}`" for name in names)
            lines.append(f"| {'' if at else f'`{kind}_from` '}| {named} |")
    return "\n".join(lines) + "\n"


def test_the_columns_are_those_that_are_found(update_golden: bool) -> None:
    page = FILE.read_text("utf-8")
    expected = COLUMNS.sub(lambda found: found[1] + table(), page)
    if update_golden:
        FILE.write_text(expected, "utf-8")
    assert FILE.read_text("utf-8") == expected


@pytest.mark.parametrize("name", sorted(WORDS["columns"]))
def test_every_name_finds_its_column(name: str) -> None:
    for column in (column for names in WORDS["columns"][name] for column in names):
        content = f"name,{column}\nAnn,u1\n".encode()
        read = parse(Request("a.csv", None, USED, name), content)
        assert (read.targets, read.findings) == (("u1",), ()), column


def test_the_findings_have_pages() -> None:
    codes = set(re.findall(r"PSH\d{3}", FILE.read_text("utf-8")))
    assert {"PSH514", "PSH515", "PSH516"} <= codes
    assert all(rule(code) for code in codes)


def test_the_pushes_are_valid(tmp_path: Path) -> None:
    (snippet,) = re.findall(r"```yaml\npushes:\n(.*?)```", FILE.read_text("utf-8"), re.DOTALL)
    rest = "    schedule: {at: 2026-12-24T20:00}\n    message: {title: T, body: B}\n"
    text = re.sub(r"(    to: .*\n)", r"\1" + rest, snippet)
    head = "version: 1\napp: {id: ONEX0000000000000, workspace: test}\ntimezone: Asia/Shanghai\n"
    (tmp_path / "pushctl.yaml").write_text(f"{head}pushes:\n{text}", "utf-8")
    (tmp_path / "audiences").mkdir()
    (tmp_path / "audiences" / "vip.csv").write_text("user_id\nu1\n")
    (tmp_path / "audiences" / "beta.csv").write_text("handset,name\nd1,Ann\n")
    assert [item.detail for item in read_manifest(tmp_path).diagnostics] == []
