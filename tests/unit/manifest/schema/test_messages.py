"""What is said about data that is not valid."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.unit.manifest.project import HEAD, PUSH, project


@pytest.mark.parametrize(
    ("wrong", "example"),
    [
        ("policy: {quiet_hours: {from: '22:00'}}", 'until: "08:00"'),
        ("policy: {quiet_hours: {until: '08:00'}}", 'from: "22:00"'),
        ("policy: {freezes: [{from: 2027-02-05, reason: x}]}", "until: 2027-02-11"),
        ("moved: [{from: a}]", "to: new-id"),
        ("removed: [{}]", "id: flash-sale"),
    ],
)
def test_examples_are_those_of_the_field(wrong: str, example: str, tmp_path: Path) -> None:
    found = project(tmp_path, {"pushctl.yaml": f"{HEAD}{wrong}\n"}).diagnostics
    assert f"add `{example}`" in [item.fix for item in found]


@pytest.mark.parametrize(
    ("line", "code", "detail", "fix"),
    [
        ("vai: mps", "PSH104", 'There is no field "vai" in a push.', "did you mean `via`?"),
        ("colour: red", "PSH104", 'no field "colour" in a push', "use one of: name, owner,"),
        ("via: mpss", "PSH112", "`via` must be default or mps", "did you mean `mps`?"),
        ("enabled: 'no'", "PSH110", "must be true or false, here it is the text", "write true or"),
        ("name: 5", "PSH110", "must be text, here it is the number 5", 'put it in quotes: "5"'),
        ("labels: [a]", "PSH110", "must be a map of `key: value` lines", "write `key: value`"),
        ("name: ''", "PSH113", "`name` is empty.", "write some text"),
        ("expires_after: 4 hours", "PSH113", "not written as it has to be", "write 4h"),
        ("offer_ends: 2026-12-24", "PSH114", "a time of day is needed", "write 2026-12-24T09:45"),
        ("offer_ends: '20:00'", "PSH114", "a date is needed", "write 2026-12-24T20:00"),
        ("expires_after: ' 4h '", "PSH113", "begins with a space and ends with a", "write 4h"),
        ("expires_after: '４h'", "PSH113", "has signs that are full-width", "write 4h"),
        ("expires_after: 0", "PSH113", "must be a number from 1 to", "write a number from 1 to"),
    ],
)
def test_what_is_wrong_and_what_to_type(
    line: str, code: str, detail: str, fix: str, tmp_path: Path
) -> None:
    text = f"{HEAD}pushes:\n  a:\n{PUSH}    {line}\n"
    (found,) = project(tmp_path, {"pushctl.yaml": text}).diagnostics
    assert found.code == code
    assert detail in found.detail
    assert found.fix is not None
    assert found.fix.startswith(fix)
    assert found.range is not None
    assert found.range.start.line == 9
