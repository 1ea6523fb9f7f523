"""A page names what it is of, loads nothing, and has a section for everything that it shows."""

from __future__ import annotations

import base64
import hashlib
import re

import pytest
from msgspec.structs import replace

from pushctl.diagnostics import Diagnostic, Severity
from pushctl.plan.plan import Plan
from pushctl.render.html.page import no_plan, page, policy, style
from tests.acceptance.pages.plans import SETTING
from tests.acceptance.pages.structure import read
from tests.builders import desired
from tests.unit.render.html.sections import plan, text

SECTIONS = ["Summary", "Changes", "Calendar", "Devices", "People", "Findings", "Requests"]
HOSTILE = "</title><script>x</script>\u202e"


@pytest.fixture(scope="module")
def made() -> Plan:
    return plan(desired())


def heads(html: str) -> list[str]:
    return [item.text for item in read(html).all("h2")]


@pytest.mark.parametrize(
    ("preview", "drift", "title", "sections"),
    [
        (False, False, "Push plan · app/workspace", SECTIONS),
        (True, False, "Push preview · app/workspace", SECTIONS),
        (False, True, "Push drift · app/workspace", ["Summary", "Changes", "Findings"]),
    ],
)
def test_a_page_is_titled_by_its_kind(
    made: Plan, preview: bool, drift: bool, title: str, sections: list[str]
) -> None:
    html = page(replace(made, refresh_only=drift), replace(SETTING, preview=preview))
    assert f"<title>{title}</title>" in html
    assert heads(html) == sections
    assert re.findall(r'<a href="#(\w+)">\w+</a>', html)[: len(sections)] == [
        name.lower() for name in sections
    ]


def test_the_policy_allows_the_style_sheet_of_the_page_and_nothing_else(made: Plan) -> None:
    html = page(made, SETTING)
    (sheet,) = re.findall(r"<style>(.*?)</style>", html, re.DOTALL)
    digest = base64.b64encode(hashlib.sha256(sheet.encode()).digest()).decode()
    assert sheet == style()
    assert "/*" not in sheet
    assert policy() == (
        f"default-src 'none'; style-src 'sha256-{digest}'; img-src data:; "
        "base-uri 'none'; form-action 'none'"
    )


@pytest.mark.parametrize(
    ("offline", "known"),
    [(True, "the service was not asked"), (False, "the service was asked")],
)
def test_the_head_says_what_is_known(made: Plan, offline: bool, known: str) -> None:
    told = text(page(replace(made, offline=offline, env="prod", serial=3), SETTING))
    assert f"Fri 29 May 2026 04:26:40 Asia/Shanghai · state #3, {known}" in told
    assert "prod · app / workspace" in told


@pytest.mark.parametrize(("lineage", "said"), [("", "none yet"), ("L1", "#3 of L1")])
def test_the_foot_says_what_it_was_made_from(made: Plan, lineage: str, said: str) -> None:
    html = page(replace(made, lineage=lineage, serial=3, base="main"), SETTING)
    foot = text(html[html.index("<footer") : html.index("</body>")])
    for part in (made.actions_digest, said, "main", "pushctl 0.0.0"):
        assert part in foot


def test_nobodys_name_is_markup(made: Plan) -> None:
    html = page(replace(made, app=HOSTILE, workspace=HOSTILE, env=HOSTILE, base=HOSTILE), SETTING)
    assert "<script" not in html
    assert "\u202e" not in html


def test_a_plan_that_could_not_be_made_has_a_page_of_its_findings() -> None:
    wrong = Diagnostic(Severity.ERROR, "PSH1", "Bad", "")
    html = no_plan([wrong], place="a<b", env="prod", version="1.2.3")
    assert heads(html) == ["Findings"]
    assert "prod</bdi> · <bdi>a&lt;b</bdi>" in html
    assert "The manifest has errors, so there is no plan." in text(html)
    assert "Errors (1)" in text(html)
    assert "pushctl 1.2.3" in text(html)
    assert " · " not in no_plan([wrong], place="x", env=None, version="1")
