"""Findings are grouped by severity, and none of them is markup."""

from __future__ import annotations

import pytest

from pushctl.diagnostics import Diagnostic, Severity
from pushctl.render.html import findings
from tests.builders import desired
from tests.unit.render.html.sections import listed, plan, text

ABOUT = Diagnostic(Severity.WARNING, "PSH301", "Too <b>long", "It is.", fix="cut", push="promo")


def test_a_finding_leads_to_its_push() -> None:
    by_id = {view.id: view for view in listed(plan(desired()))}
    section = findings.section((ABOUT,), by_id)
    assert "Too &lt;b&gt;long" in section
    assert 'about <a href="#c1">' in section
    assert "Warnings (1)" in text(section)
    assert "pushctl explain PSH301" in text(section)


def test_what_has_no_room_is_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(findings, "SHOWN", 1)
    assert "and 2 more; `pushctl validate` lists all." in text(findings.section((ABOUT,) * 3, {}))


def test_no_finding_is_said_to_be_none() -> None:
    assert "Nothing was found." in findings.section((), {})
