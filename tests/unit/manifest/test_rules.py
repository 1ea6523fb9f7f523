"""A finding has the title of its rule, and counts what the rule does unless somebody says more."""

from __future__ import annotations

from pushctl.diagnostics import Diagnostic, Range, Severity
from pushctl.manifest.rules import diagnostic
from pushctl.rule import rules_of

WHERE = Range.at("pushctl.yaml", 3)


def test_title_and_severity_are_those_of_the_rule() -> None:
    assert diagnostic("PSH503", "a is there twice.", WHERE, "delete one") == Diagnostic(
        Severity.WARNING,
        "PSH503",
        "A target is there twice",
        "a is there twice.",
        WHERE,
        fix="delete one",
    )


def test_a_finding_may_count_less_than_its_rule() -> None:
    assert rules_of("pushctl.manifest")["PSH105"].severity is Severity.ERROR
    found = diagnostic("PSH105", "`a` is defined.", WHERE, severity=Severity.WARNING)
    assert found.severity is Severity.WARNING


def test_an_example_takes_the_usual_fields_unless_it_brings_its_own() -> None:
    rule = rules_of("pushctl.manifest")["PSH113"]
    assert "    expires_after: 4 hours\n" in rule.bad.text
    assert "    to: {users: [user1024]}\n" in rule.good.text


def test_an_example_may_name_a_text_and_be_about_a_change_of_another_one() -> None:
    rule = rules_of("pushctl.plan.guards")["PSH601"]
    assert not rule.bad.offline
    assert rule.bad.text.startswith("app: {")
    assert "\npushes:\n  advent:\n" in rule.bad.text
    assert rule.bad.text.partition("\n")[2] == rule.good.text.partition("\n")[2]
    renamed = rules_of("pushctl.plan.guards")["PSH802"].bad
    assert (renamed.before or "").replace("sale:", "flash-sale:") == renamed.text
