"""What findings count in the end. Nothing may hide what keeps an entry from being understood."""

from __future__ import annotations

import pytest

from pushctl.diagnostics import Diagnostic, Severity
from pushctl.lint.registry import rules
from pushctl.lint.severity import adjustable, with_effective_severity

NOBODY: dict[str, frozenset[str]] = {}


def item(code: str, severity: Severity = Severity.ERROR, push: str | None = "sale") -> Diagnostic:
    return Diagnostic(severity, code, "Summary", "Detail.", push=push)


def one(found: Diagnostic, level: str) -> list[Diagnostic]:
    return list(with_effective_severity([found], {found.code: level}, NOBODY))


def test_a_policy_turns_a_rule_off_down_and_up() -> None:
    assert one(item("PSH301"), "off") == []
    assert one(item("PSH301"), "warning") == [item("PSH301", Severity.WARNING)]
    assert one(item("PSH501", Severity.WARNING), "error") == [item("PSH501")]


def test_an_entry_accepts_a_finding_of_its_own_only() -> None:
    accepted = {"sale": frozenset({"PSH301"})}
    assert list(with_effective_severity([item("PSH301")], {}, accepted)) == []
    other = item("PSH301", push="other")
    nowhere = item("PSH301", push=None)
    assert list(with_effective_severity([other, nowhere], {}, accepted)) == [other, nowhere]


@pytest.mark.parametrize("code", ["PSH104", "PSH201", "PSH601", "PSH999"])
def test_what_keeps_an_entry_from_being_done_stays(code: str) -> None:
    """A rule that nobody knows is such a one: silence has to be earned."""
    found = item(code)
    assert not adjustable(found)
    assert one(found, "off") == [found]
    assert one(found, "warning") == [found]
    assert list(with_effective_severity([found], {}, {"sale": frozenset({code})})) == [found]


def test_warnings_can_be_changed_unless_their_rule_says_no() -> None:
    assert one(item("PSH504", Severity.WARNING), "off") == []  # an error elsewhere
    found = item("PSH614", Severity.WARNING)
    assert not adjustable(found)
    assert one(found, "off") == [found]


def test_rules_of_a_team_are_theirs_to_change() -> None:
    assert one(item("ACME001"), "off") == []


def test_no_rule_loosens_what_reading_needs() -> None:
    errors = [rule for rule in rules().values() if rule.severity is Severity.ERROR]
    assert not [rule.code for rule in errors if rule.adjustable and rule.code.startswith("PSH1")]
