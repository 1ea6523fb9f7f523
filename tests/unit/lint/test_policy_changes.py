"""Policies that change between two versions, and what that hides."""

from __future__ import annotations

from pathlib import Path

import pytest

from pushctl.diagnostics import Diagnostic, Severity
from pushctl.lint.policy_changes import (
    by_strictest_policy,
    policy_changes,
    suppressed_findings,
    under_former_policy,
)
from pushctl.manifest.read import read_manifest
from pushctl.manifest.resolved import Reading
from tests.unit.lint.manifests import APP, HEAD, entry, manifest

ACCEPTS = "    allow: [{rule: PSH401, reason: why, until: 2026-12-31}]\n"


def reading(folder: Path, text: str) -> Reading:
    (folder / "pushctl.yaml").write_text(HEAD + APP + text, "utf-8")
    return read_manifest(folder)


def item(severity: Severity, code: str = "PSH401", push: str | None = "sale") -> Diagnostic:
    return Diagnostic(severity, code, "Summary", "Detail.", push=push)


def sale(more: str = "", *, marketing: bool = False, head: str = "") -> str:
    return manifest(
        entry("sale", "at: 2026-12-24T20:00", more=more, marketing=marketing), head=head
    )


@pytest.mark.parametrize(
    ("before", "after", "details"),
    [
        (sale(), sale(), []),
        (
            sale(),
            sale(head="policy: {danger_window: 1h, max_creates: 5}\n"),
            [
                "Changed: `policy.danger_window` from 10m to 1h; "
                "`policy.max_creates` from nothing to 5."
            ],
        ),
        (
            sale(),
            sale(head='policy: {rules: {PSH401: "off"}}\n'),
            ["Changed: `policy.rules.PSH401` from error to off."],
        ),
        (sale(), sale(ACCEPTS), ["PSH401 is accepted until 2026-12-31: sale."]),
        (sale(ACCEPTS), sale(ACCEPTS), []),
        (sale(marketing=True), sale(), ["No longer marketing: sale."]),
        (sale(), sale(marketing=True), []),
    ],
)
def test_each_change_is_told(before: str, after: str, details: list[str], tmp_path: Path) -> None:
    found = policy_changes(reading(tmp_path, before), reading(tmp_path, after))
    assert [one.detail for one in found] == details


def test_entries_by_the_rules_of_before_accept_what_they_did(tmp_path: Path) -> None:
    base = reading(tmp_path, sale())
    head = reading(tmp_path, sale(ACCEPTS, head="policy: {danger_window: 1h}\n"))
    former = under_former_policy(base, head)
    assert former.manifest is not None
    assert former.manifest.policy.danger_window == 600
    assert [push.entry.allow for push in former.pushes] == [()]


def test_only_what_counts_less_now_is_hidden() -> None:
    error, warning, info = (item(level) for level in (Severity.ERROR, *list(Severity)[1:]))
    other = item(Severity.WARNING, "PSH501", None)
    (found,) = suppressed_findings([warning], [error, other, info], ["x"], "abc")
    assert found.detail == (
        "By the rules of abc, more would be told: x would be refused; PSH401 (an error) of sale; "
        "PSH501 (a warning)."
    )
    assert list(suppressed_findings([error], [warning], [], "abc")) == []


def test_the_stricter_of_two_policies_counts() -> None:
    levels = ({"PSH612": "off"}, {"PSH612": "error"})
    for pair in (levels, levels[::-1]):
        (found,) = by_strictest_policy([item(Severity.INFO, "PSH612")], *pair)
        assert found.severity is Severity.ERROR
    assert list(by_strictest_policy([item(Severity.INFO, "PSH612")], levels[0], levels[0])) == []
