"""The pieces of a Markdown page hold what they are given, whatever that is."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from pushctl.render.markdown.syntax import (
    SHORTENED,
    code,
    fenced,
    folded,
    html_code,
    link,
    own_text,
    prose,
    shown,
    together,
)
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


# --- several pages in one comment -----------------------------------------------------------------


def page(name: str, pushes: int = 2) -> str:
    call = folded("1 call", ["```json\n{}\n```"])
    rows = [
        folded(f"<b>+ create</b> {name}-{n}", ["- body: " + "x" * 90, call]) for n in range(pushes)
    ]
    return "\n\n".join([f"### {name}", f"**Plan: {pushes} to create.**", *rows, "<sub>end</sub>"])


def test_what_has_room_is_shown_as_it_is() -> None:
    assert together([page("a"), page("b")], 65_000) == f"{page('a')}\n\n{page('b')}\n"


def test_every_push_of_every_page_is_named_before_any_is_shown_in_full() -> None:
    small, large = page("small"), page("large", 30)
    text = together([large, small, page("b")], 4000)
    assert len(text) <= 4001
    assert [f"<p><b>+ create</b> large-{n}</p>" in text for n in range(30)] == [True] * 30
    assert small in text
    assert "1 call" not in text.partition("### small")[0]
    assert text.count(SHORTENED) == 1


def test_a_page_without_any_room_keeps_its_headline() -> None:
    text = together([page("large", 300), page("b")], 4000)
    assert text.startswith(f"### large\n\n**Plan: 300 to create.**\n\n{SHORTENED}\n\n### b")
    assert page("b") in text
    assert "large-1" not in text
