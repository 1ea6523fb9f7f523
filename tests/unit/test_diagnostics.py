"""Findings as values, and which entry they are about."""

from __future__ import annotations

from pathlib import Path

from pushctl.diagnostics import Diagnostic, Severity, about, in_reading_order
from pushctl.manifest.compile import compile_manifest
from pushctl.manifest.read import read_manifest

ITEM = Diagnostic(Severity.WARNING, "PSH208", "Summary", "Detail.")
HEAD = "version: 1\napp: {id: ONEX0000000000000, workspace: test}\ntimezone: Asia/Shanghai\n"


def test_what_several_entries_share_is_told_once_and_of_none_of_them() -> None:
    both = (*about("a", [ITEM]), *about("b", [ITEM]))
    assert in_reading_order(both) == (ITEM,)
    assert in_reading_order([*both, *about("c", [ITEM])]) == (ITEM,)
    assert in_reading_order([*about("a", [ITEM])] * 2) == tuple(about("a", [ITEM]))


def test_findings_of_reading_and_compiling_name_their_entry(tmp_path: Path) -> None:
    text = HEAD + (
        "pushes:\n"
        "  misspelled:\n    schedule: {at: 2026-12-24T20:00}\n    to: {users: [u1]}\n"
        "    message: {titel: x, body: x}\n"
        "  blank:\n    schedule: {at: 2026-12-24T20:00}\n    to: {users: [u1]}\n"
        "    message: {title: ' ', body: x}\n"
        "  over:\n    schedule: {at: 2026-01-01T20:00}\n    to: {users: [u1]}\n"
        "    message: {title: x, body: x}\n"
        "  short:\n    schedule: {every: [31], at: '10:00'}\n    to: {users: [u1]}\n"
        "    message: {title: x, body: x}\n"
    )
    (tmp_path / "pushctl.yaml").write_text(text, "utf-8")
    reading = read_manifest(tmp_path)
    compiled = compile_manifest(reading, now=1_796_086_800)
    found = [(item.code, item.push) for item in (*reading.diagnostics, *compiled.diagnostics)]
    assert ("PSH307", "blank") in found
    assert ("PSH201", "over") in found
    assert ("PSH208", "short") in found
    assert {push for _, push in found} == {"misspelled", "blank", "over", "short"}
