"""Everything that docs/schedules.md shows can be written like that."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from pushctl.diagnostics import Severity
from pushctl.manifest.compile import compile_manifest
from pushctl.manifest.read import read_manifest
from pushctl.manifest.schedule.phrase import parse
from pushctl.manifest.schedule.timezones import zone

PAGE = (Path(__file__).parents[2] / "docs" / "schedules.md").read_text("utf-8")
NOW = 1_796_086_800
HEAD = (
    "version: 1\napp: {id: ONEX0000000000000, workspace: test}\ntimezone: Asia/Shanghai\n"
    "defaults:\n  expires_after: 4h\n"
)
AUDIENCE = "  to: {users: [u1]}\n  message: {title: T, body: B}\n"
SNIPPETS = [
    snippet for snippet in re.findall(r"```yaml\n(.*?)```", PAGE, re.DOTALL) if "pushes:" in snippet
]
SHAPES = [
    shape.replace("…", 'at: "09:00"')
    for row in re.findall(r"^\| (`\{.*?) \|", PAGE, re.MULTILINE)
    for shape in re.findall(r"`(\{.*?\})`", row)
]


def errors(folder: Path, text: str) -> list[str]:
    (folder / "pushctl.yaml").write_text(text, "utf-8")
    (folder / "calendars").mkdir()
    (folder / "calendars" / "holidays.txt").write_text("2026-12-25 Christmas\n")
    for place in ("Asia/Tokyo", "Europe/Berlin", "America/New_York"):
        file = folder / "audiences" / f"{place}.txt"
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text("u1\n")
    reading = read_manifest(folder)
    compiled = compile_manifest(reading, now=NOW)
    assert compiled.pushes or reading.diagnostics or compiled.diagnostics
    found = (*reading.diagnostics, *compiled.diagnostics)
    return [f"{item.code} {item.detail}" for item in found if item.severity is Severity.ERROR]


def test_the_page_shows_something() -> None:
    assert len(SNIPPETS) >= 2
    assert len(SHAPES) >= 10


@pytest.mark.parametrize("snippet", SNIPPETS)
def test_a_snippet_is_valid(snippet: str, tmp_path: Path) -> None:
    assert errors(tmp_path, HEAD + AUDIENCE + snippet) == []


@pytest.mark.parametrize("shape", SHAPES)
def test_a_shape_is_valid(shape: str, tmp_path: Path) -> None:
    push = f"pushes:\n  one:\n    schedule: {shape}\n"
    assert errors(tmp_path, HEAD + AUDIENCE + push) == []


@pytest.mark.parametrize("phrase", re.findall(r'pushctl when "(.*?)"', PAGE))
def test_a_phrase_can_be_read(phrase: str) -> None:
    assert parse(phrase, zone("Asia/Shanghai"))
