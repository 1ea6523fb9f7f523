"""What depends on the clock: offers, accepted findings, days that some months lack."""

from __future__ import annotations

from pathlib import Path

import pytest

from pushctl.diagnostics import Diagnostic
from pushctl.manifest.compile import compile_manifest
from pushctl.manifest.read import read_manifest

NOW = 1796086800  # 2026-12-01T09:00:00+08:00

HEAD = """\
version: 1
app: {id: A, workspace: w}
timezone: Asia/Shanghai
pushes:
  sale:
    to: {users: [u1]}
    message: {title: Sale, body: Tonight}
"""


def findings(folder: Path, *lines: str) -> list[Diagnostic]:
    text = HEAD + "".join(f"    {line}\n" for line in lines)
    (folder / "pushctl.yaml").write_text(text, "utf-8")
    reading = read_manifest(folder)
    compiled = compile_manifest(reading, now=NOW)
    return [*reading.diagnostics, *compiled.diagnostics]


@pytest.mark.parametrize(
    ("schedule", "expiry", "codes"),
    [
        ("{at: 2026-12-24T20:00}", "4h", []),
        ("{at: 2026-12-24T20:00}", "9h", ["PSH405"]),
        ('{every: day, at: "20:00", until: 2026-12-24}', "8h", []),
        ('{every: day, at: "20:00", until: 2026-12-25}', "8h", ["PSH405"]),
        ('{every: day, at: "20:00"}', "1h", ["PSH405"]),
    ],
)
def test_a_message_must_not_outlive_its_offer(
    schedule: str, expiry: str, codes: list[str], tmp_path: Path
) -> None:
    found = findings(
        tmp_path,
        f"schedule: {schedule}",
        f"expires_after: {expiry}",
        "offer_ends: 2026-12-25T04:00",
    )
    assert [item.code for item in found] == codes


def test_a_warning_can_be_accepted_until_a_day(tmp_path: Path) -> None:
    schedule = 'schedule: {every: [31], at: "20:00"}'
    allow = "allow: [{rule: PSH208, reason: agreed, until: %s}]"
    assert [item.code for item in findings(tmp_path, schedule)] == ["PSH208"]
    assert findings(tmp_path, schedule, allow % "2026-12-01") == []
    expired = findings(tmp_path, schedule, allow % "2026-11-30")
    assert [item.code for item in expired] == ["PSH807"]
    assert expired[0].range is not None
    assert expired[0].range.start.line == 9


def test_an_error_cannot_be_accepted(tmp_path: Path) -> None:
    found = findings(
        tmp_path,
        "schedule: {at: 2026-11-24T20:00}",
        "allow: [{rule: PSH201, reason: because}]",
    )
    assert [item.code for item in found] == ["PSH201"]


def test_what_is_due_at_once_is_pointed_out(tmp_path: Path) -> None:
    found = findings(tmp_path, "schedule: {at: 2026-12-01T09:05}")
    assert [item.code for item in found] == ["PSH202"]


@pytest.mark.parametrize(
    ("schedule", "code"),
    [
        ('{every: day, at: "20:00", from: 2026-12-24, until: 2026-12-20}', "PSH207"),
        ('{every: [31], at: "20:00", from: 2027-02-01, until: 2027-02-28}', "PSH207"),
        ('{every: day, at: "20:00", until: 2026-11-20}', "PSH201"),
        ('{every: day, at: "20:00", from: 2027-08-01}', "PSH209"),
        ('{every: day, at: "20:00", timezone: Europe/Berlin}', "PSH211"),
        ("{at: 2026-12-24T20:00, timezone: Mars/Base}", "PSH203"),
    ],
)
def test_a_schedule_that_cannot_be_is_an_error(schedule: str, code: str, tmp_path: Path) -> None:
    found = findings(tmp_path, f"schedule: {schedule}")
    errors = [item.code for item in found if item.severity == "error"]
    assert errors == [code]
