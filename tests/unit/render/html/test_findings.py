"""Findings on a page: by severity, escaped, and never more than a page can hold."""

from __future__ import annotations

from typing import Any

import pytest

from pushctl.diagnostics import Diagnostic, Position, Range, Severity
from pushctl.render.html.findings import SHOWN, section
from tests.builders import desired
from tests.unit.render.html.sections import listed, plan, text

PLACE = Range("a<b>.yaml", Position(3, 5), Position(3, 9))


def found(severity: Severity = Severity.WARNING, **changes: Any) -> Diagnostic:
    return Diagnostic(
        **{"severity": severity, "code": "PSH1", "summary": "S", "detail": "", **changes}
    )


def test_no_finding_is_said_in_words() -> None:
    assert section([], {}) == '<p class="lead">Nothing was found.</p>'


def test_a_finding_in_full() -> None:
    item = found(summary="<s>", detail="a & b", range=PLACE, snippet="  to: <x>\n", fix="<f>")
    html = section([item], {})
    for part in (
        "Warnings (1)</h3>",
        '<span class="chip warning">warning</span> <code>PSH1</code> <bdi>&lt;s&gt;</bdi>',
        "<p><bdi>a &amp; b</bdi></p>",
        "<p><code><bdi>a&lt;b&gt;.yaml</bdi>:3:5</code></p>",
        '<pre tabindex="0"><bdi>to: &lt;x&gt;</bdi></pre>',
        "<p><b>Fix: </b><bdi>&lt;f&gt;</bdi></p>",
        '<p class="lead">why: <code>pushctl explain PSH1</code></p>',
    ):
        assert part in html


def test_a_finding_of_little_has_no_empty_parts() -> None:
    html = section([found()], {})
    assert html.count("<p") == 1
    assert "<pre" not in html


def test_the_errors_come_first() -> None:
    html = section([found(severity) for severity in reversed(Severity)], {})
    heads = [html.index(f"{name} (1)") for name in ("Errors", "Warnings", "Notes")]
    assert heads == sorted(heads)


def test_a_finding_about_an_entry_leads_to_it() -> None:
    (view,) = listed(plan(desired("a&b")))
    html = section([found(push="a&b")], {"a&b": view})
    assert 'about <a href="#c1"><bdi>a&amp;b</bdi></a>; why: ' in html
    assert "about" not in section([found(push="other")], {"a&b": view})


@pytest.mark.parametrize(
    ("count", "rest"), [(SHOWN, None), (SHOWN + 7, "and 7 more; `pushctl validate` lists all.")]
)
def test_the_rest_is_counted(count: int, rest: str | None) -> None:
    html = section([found()] * count, {})
    assert html.count("<article") == SHOWN
    assert f"Warnings ({count})" in html
    assert ("more;" in html) is (rest is not None)
    assert rest is None or rest in text(html)


def test_a_long_line_is_cut() -> None:
    html = section([found(range=PLACE, snippet="x" * 1000)], {})
    assert "x" * 400 in html
    assert "x" * 401 not in html
