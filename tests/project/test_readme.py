"""The pictures and snippets of the README are what the program does and understands."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from pushctl.manifest.compile import compile_manifest
from pushctl.manifest.read import read_manifest
from tests.acceptance.cli import Project, example

README = Path(__file__).parents[2] / "README.md"
BEGIN, END = "<!-- plan:begin -->\n", "<!-- plan:end -->"
MOMENT = "2026-12-01T09:00:00+08:00"
NOW = 1796086800


def test_the_picture_of_a_plan_is_current(tmp_path: Path, update_golden: bool) -> None:
    project = example("quickstart", tmp_path)
    ran = project.run("plan", env={"PUSHCTL_NOW": MOMENT})
    assert ran.code == 0, ran
    picture = f"```\n$ pushctl plan\n{ran.out}```\n"
    text = README.read_text("utf-8")
    head, _, rest = text.partition(BEGIN)
    shown, _, tail = rest.partition(END)
    if update_golden:
        README.write_text(head + BEGIN + picture + END + tail, "utf-8")
        shown = picture
    assert shown == picture


@pytest.mark.parametrize("name", ["README.md", "README.zh-CN.md"])
def test_the_manifest_of_the_readme_is_valid(name: str, tmp_path: Path) -> None:
    text = README.with_name(name).read_text("utf-8")
    (snippet,) = re.findall(r"```yaml\n(.*?)```", text, re.DOTALL)
    (tmp_path / "audiences").mkdir()
    (tmp_path / "audiences" / "vip.csv").write_text("user\nu1\n")
    Project(tmp_path).write(snippet)
    reading = read_manifest(tmp_path)
    compiled = compile_manifest(reading, now=NOW)
    assert (*reading.diagnostics, *compiled.diagnostics) == ()
    assert len(compiled.pushes) == 2


def test_the_set_up_has_exactly_two_commands() -> None:
    _, _, section = README.read_text("utf-8").partition("## Try it")
    block = section.split("```")[1]
    commands = [line.split("#")[0].strip() for line in block.strip().splitlines()]
    assert commands == ["make demo", "make test"]
