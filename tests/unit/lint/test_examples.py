"""Every rule has a bad example that shows it, and a good one that shows nothing at all."""

from __future__ import annotations

from pathlib import Path

import pytest
from msgspec.structs import replace

from pushctl.lint.registry import rules
from pushctl.rule import Rule
from tests.unit.lint.examples import codes

RULES = tuple(rules().values())


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.code)
def test_the_bad_example_is_found(rule: Rule, tmp_path: Path) -> None:
    assert rule.code in codes(rule.bad, tmp_path)


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.code)
def test_the_good_example_has_no_finding(rule: Rule, tmp_path: Path) -> None:
    assert codes(rule.good, tmp_path) == {}


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.code)
def test_whether_it_can_be_accepted(rule: Rule, tmp_path: Path) -> None:
    """What is adjustable is gone when the policy turns it off; nothing else is."""
    text, commit = (_turned_off(rule.code, item) for item in (rule.bad.text, rule.bad.commit))
    assert text is not None
    off = codes(replace(rule.bad, text=text, commit=commit), tmp_path)
    assert (rule.code not in off) is rule.adjustable


def _turned_off(code: str, text: str | None) -> str | None:
    """Return a manifest whose policy turns a rule off; None for None."""
    if text is None:
        return None
    setting = f"rules: {{{code}: off}}"
    if "\npolicy:\n" in f"\n{text}":
        return text.replace("policy:\n", f"policy:\n  {setting}\n", 1)
    return f"policy: {{{setting}}}\n{text}"
