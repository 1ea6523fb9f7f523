"""The pieces of a Markdown page hold what they are given, whatever that is."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from pushctl.render.markdown.syntax import code, fenced, html_code, link, own_text, prose, shown
from pushctl.text.escape import visible

TICKS = st.text(alphabet="` a\n~", max_size=30)


def tokens(text: str) -> list[tuple[str, str]]:
    parsed = MarkdownIt("commonmark").parse(text)
    inner = [child for token in parsed for child in token.children or ()]
    return [(token.type, token.content) for token in (*parsed, *inner) if token.content]


@given(TICKS | st.text(max_size=30))
def test_code_is_one_span_with_that_text(text: str) -> None:
    seen = visible(text)
    found = [content for kind, content in tokens(f"x {code(text)} y") if kind == "code_inline"]
    assert found == [seen if seen.strip() else "(empty)"]


@given(TICKS)
def test_a_fence_is_not_closed_by_what_is_in_it(text: str) -> None:
    kinds = [kind for kind, _ in tokens(f"{fenced('a' + text, 'json')}\n\nafter")]
    assert kinds == ["fence", "inline", "text"]


@pytest.mark.parametrize("ticks", [3, 4, 7])
def test_a_fence_is_longer_than_those_in_it(ticks: int) -> None:
    kinds = [kind for kind, _ in tokens(fenced("a\n" + "`" * ticks) + "\n\nafter")]
    assert kinds == ["fence", "inline", "text"]


def test_code_in_a_block_can_be_copied() -> None:
    assert html_code("sale-2026[zh]") == "<code>sale-2026[zh]</code>"
    assert html_code("<b>`") == "<code>&lt;b&gt;&#96;</code>"


def test_own_words_stay_words() -> None:
    assert own_text("Wed 2 Dec 2026 09:45:11 America/New_York") == (
        "Wed 2 Dec 2026 09:45:11 America/New\\_York"
    )
    assert own_text("a < b | *c*") == "a \\< b \\| \\*c\\*"


@pytest.mark.parametrize(
    "address",
    ["", "javascript:alert(1)", "https://a.example/) [b](https://c.example", "http://a b", "//x"],
)
def test_only_a_plain_address_is_a_link(address: str) -> None:
    assert "<a" not in MarkdownIt("commonmark").render(link("the run", address))


def test_a_plain_address_is_a_link() -> None:
    assert link("the run", "https://ci.example/a?b=1") == "[the run](https://ci.example/a?b=1)"


def test_long_values_are_shortened() -> None:
    assert shown("x" * 300, limit=10) == "x" * 9 + "…"
    assert shown(None) == "(none)"
    assert shown(["a", 1]) == "[a, 1]"


def test_what_may_be_copied_stands_as_code_in_a_sentence() -> None:
    fix = "if it is the same push, add `moved: [{from: sale-2026, to: sale}]`"
    said = prose(fix)
    assert said.endswith("add `moved: [{from: sale-2026, to: sale}]`")
    assert "\u200b" not in said


@pytest.mark.parametrize("value", ["a ` b", "` @team `", "`` @team ``", "`\u202e`", "a `", "``"])
def test_backticks_of_others_change_only_what_looks_like_code(value: str) -> None:
    """Nobody is called, whatever the number of backticks."""
    tokens = MarkdownIt("commonmark").parse(prose(f"say {value} @team"))
    (inline,) = [token for token in tokens if token.type == "inline"]
    plain = [child.content for child in inline.children or () if child.type == "text"]
    assert not [word for word in plain if "@team" in word], inline.content
    assert {child.type for child in inline.children or ()} <= {"text", "code_inline"}
