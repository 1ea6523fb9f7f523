"""Every folder of `defects` is a mistake that people make, and exactly what they are told."""

from __future__ import annotations

from pathlib import Path

import pytest

from pushctl.diagnostics import Diagnostic, Severity, in_reading_order
from pushctl.manifest.compile import compile_manifest
from pushctl.manifest.read import read_manifest
from tests.unit.manifest.project import HEAD, brief

DEFECTS = Path(__file__).parent / "defects"
NAMES = sorted(path.parent.name for path in DEFECTS.glob("*/pushctl.yaml"))
FORMAL = ("is not of type", "required property", "does not match", "under any of", "Traceback")


NOW = 1796086800  # 2026-12-01T09:00:00+08:00


def findings(folder: Path) -> tuple[Diagnostic, ...]:
    """Return all that is wrong, also by what time it is."""
    reading = read_manifest(folder)
    compiled = compile_manifest(reading, now=NOW)
    return in_reading_order((*reading.diagnostics, *compiled.diagnostics))


@pytest.mark.parametrize("name", NAMES)
def test_every_defect_is_found_where_it_is(name: str, update_golden: bool) -> None:
    found = "".join(f"{line}\n" for line in brief(findings(DEFECTS / name)))
    expected = DEFECTS / name / "expected.txt"
    if update_golden:
        expected.write_text(found, "utf-8")
    assert found == expected.read_text("utf-8")
    assert found


@pytest.mark.parametrize("name", NAMES)
def test_every_finding_is_a_sentence_with_a_way_out(name: str) -> None:
    for item in findings(DEFECTS / name):
        assert item.detail.endswith((".", "?")), item
        assert item.fix, item
        assert not any(word in item.detail + item.summary for word in FORMAL), item
        assert item.detail.isprintable(), item


def test_what_belongs_to_recurrences_is_said_to() -> None:
    (found,) = findings(DEFECTS / "skip-without-every")
    assert found.detail == (
        "`schedule.skip` belongs to a push that repeats, but there is no `every`."
    )


def test_summaries_are_constant_for_each_code() -> None:
    summaries: dict[str, set[str]] = {}
    for name in NAMES:
        for item in findings(DEFECTS / name):
            summaries.setdefault(item.code, set()).add(item.summary)
    assert {code: found for code, found in summaries.items() if len(found) > 1} == {}


def test_all_defects_of_all_folders_are_reported_in_one_run(tmp_path: Path) -> None:
    """Put independent mistakes into one file: none may hide another."""
    pushes, expected = [], 0
    for name in NAMES:
        text = (DEFECTS / name / "pushctl.yaml").read_bytes()
        others = [path for path in (DEFECTS / name).rglob("*") if path.is_file()]
        lines = (DEFECTS / name / "expected.txt").read_text().splitlines()
        head, _, body = text.partition(b"pushes:\n  hello:\n")
        plain = head.decode("utf-8", "replace") == HEAD
        if len(others) > 2 or not plain or any(c in str(lines) for c in ("PSH100", "PSH109")):
            continue
        if b"\n  other:" in body or b"chunking" in head or b"\n  " not in body:
            continue
        if any(word in body for word in (b"\n---", b"\n  hello", b"\ntimezone", b"\n  world")):
            continue
        pushes.append(b"  p%d:\n" % len(pushes) + body)
        expected += len(lines)
    (tmp_path / "pushctl.yaml").write_bytes(HEAD.encode() + b"pushes:\n" + b"".join(pushes))
    found = findings(tmp_path)
    assert len(pushes) > 30
    assert len(found) == expected
    assert any(item.severity is Severity.WARNING for item in found)
