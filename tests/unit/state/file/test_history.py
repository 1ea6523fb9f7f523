"""The file of the history: what is written down, and what strange lines become."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from pushctl.state.file import history
from pushctl.state.history import HistoryEntry

ENTRY = HistoryEntry("2026-11-01T00:00:00Z", "lin", "h", "apply: done", commit="abc-dirty", exit=4)
LINE = {"at": ENTRY.at, "who": "lin", "host": "h", "what": ENTRY.what, "run": ""}


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "history"


def test_a_change_is_one_line(path: Path) -> None:
    for _ in range(2):
        history.append(path, ENTRY)
    lines = path.read_text().splitlines()
    assert [json.loads(line) for line in lines] == [{**LINE, "commit": "abc-dirty", "exit": 4}] * 2
    assert history.entries(path) == (ENTRY, ENTRY)


@pytest.mark.parametrize(
    "line",
    [
        *("", "no JSON", "[]", "7", '"text"', "null", "{}", "[" * 100_000),
        json.dumps({**LINE, "who": 7}),
    ],
)
def test_what_is_no_line_is_passed_over(path: Path, line: str) -> None:
    path.write_text(f"{line}\n{json.dumps(LINE)}\n")
    assert [item.who for item in history.entries(path)] == ["lin"]


def test_a_full_disk_does_not_undo_what_happened(tmp_path: Path) -> None:
    history.append(tmp_path / "none" / "history", ENTRY)
    assert history.entries(tmp_path / "none" / "history") == ()
