"""Every rule has a bad example that shows it, and a good one that shows nothing at all."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest
from msgspec.structs import replace

from pushctl.lint.registry import rules
from pushctl.rule import Rule
from pushctl.text.messages import local
from tests.languages import speaking
from tests.unit.lint.examples import codes, findings

CHINESE = re.compile("[\u4e00-\u9fff]")
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


def untranslated(rule: Rule, path: Path) -> list[str]:
    """Return what findings of an example say with no Chinese in it."""
    found = findings(rule.bad, path)
    with speaking("zh"):
        texts = [(text, local(text)) for item in found for text in _texts(item)]
    return [text for text, said in texts if not CHINESE.search(said)]


@pytest.mark.parametrize("rule", RULES[::12], ids=lambda rule: rule.code)
def test_findings_are_translated(rule: Rule, tmp_path: Path) -> None:
    assert untranslated(rule, tmp_path) == []


@pytest.mark.slow
@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.code)
def test_every_finding_is_translated(rule: Rule, tmp_path: Path) -> None:
    assert untranslated(rule, tmp_path) == []


def _texts(found: Mapping[str, str | None]) -> Iterator[str]:
    yield from filter(None, (found.get(name) for name in ("summary", "detail", "fix")))


def _turned_off(code: str, text: str | None) -> str | None:
    """Return a manifest whose policy turns a rule off; None for None."""
    if text is None:
        return None
    setting = f"rules: {{{code}: off}}"
    if "\npolicy:\n" in f"\n{text}":
        return text.replace("policy:\n", f"policy:\n  {setting}\n", 1)
    return f"policy: {{{setting}}}\n{text}"
