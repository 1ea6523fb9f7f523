"""Codes that `policy.rules` and `allow` name and that do nothing there."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.unit.lint.manifests import entry, found, manifest, only


@pytest.mark.parametrize(
    ("rules", "details"),
    [
        ("PSH401: 'off', PSH204: error, ACME001: 'off'", []),
        ("PSH410: 'off'", ["There is no rule PSH410"]),
        ("PSH104: 'off'", ["PSH104 counts the same"]),
        ("PSH104: warning, PSH614: 'off'", ["PSH104 counts", "PSH614 counts"]),
    ],
)
def test_codes_of_the_policy(rules: str, details: list[str], tmp_path: Path) -> None:
    text = manifest(entry("sale", "at: 2026-12-24T20:00"), head=f"policy: {{rules: {{{rules}}}}}\n")
    items = only(found(tmp_path, text), "PSH809")
    assert [item.severity for item in items] == ["warning"] * len(details)
    for item, detail in zip(items, details, strict=True):
        assert item.detail.startswith(detail)
        assert item.push is None
        assert item.range is not None
        assert item.range.start.line == 4
        # The code itself is underlined, not what it is to count.
        line = (tmp_path / "pushctl.yaml").read_text("utf-8").splitlines()[3]
        code = line[item.range.start.column - 1 : item.range.end.column - 1]
        assert code.startswith("PSH")
        assert code in item.detail


@pytest.mark.parametrize("code", ["PSH508", "PSH204"])
def test_codes_that_cannot_be_accepted(code: str, tmp_path: Path) -> None:
    allow = f"    allow: [{{rule: {code}, reason: x}}]\n"
    (item,) = only(
        found(tmp_path, manifest(entry("sale", "at: 2026-12-24T20:00", more=allow))), "PSH809"
    )
    assert (item.severity, item.push) == ("warning", "sale")
    assert code in item.detail
    assert item.range is not None
    assert item.range.start.line == 11


def test_the_code_that_was_meant(tmp_path: Path) -> None:
    head = "policy: {rules: {PSH319: 'off'}}\n"
    text = manifest(entry("sale", "at: 2026-12-24T20:00"), head=head)
    (item,) = only(found(tmp_path, text), "PSH809")
    assert item.fix is not None
    assert item.fix.startswith("did you mean PSH3")
