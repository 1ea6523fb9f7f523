"""What is not made as markup is text."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pushctl.render.html.markup import Html, join, language, tag, user_text
from tests.acceptance.pages.structure import read


def test_an_element_escapes_what_it_holds() -> None:
    made = tag("p", "<b>", tag("b", "x & y"), None, 3, ["a", [tag("br")]], class_='"a"')
    assert made == '<p class="&quot;a&quot;">&lt;b&gt;<b>x &amp; y</b>3a<br></p>'


def test_attributes_are_there_if_they_say_something() -> None:
    made = tag("input", type="radio", checked=True, disabled=False, lang=None, aria_label="x")
    assert made == '<input type="radio" checked aria-label="x">'


def test_markup_joined_to_text_is_text_again() -> None:
    mixed = tag("b", "x") + "<script>"
    assert not isinstance(mixed, Html)
    assert tag("p", mixed) == "<p>&lt;b&gt;x&lt;/b&gt;&lt;script&gt;</p>"
    assert join(tag("b", "x"), "<script>") == "<b>x</b>&lt;script&gt;"


@given(st.text() | st.text(alphabet="<>&\"'`=/ \n#:-!?ab\x1b\u202e"))
def test_any_text_comes_back_as_text(value: str) -> None:
    page = read(tag("p", value, title=value))
    (element,) = page.elements
    assert element.attributes["title"] == page.text
    assert tag("p", value).count("\n") == 0


@pytest.mark.parametrize(
    ("text", "guess"),
    [("Sale", None), ("全场六折", "zh-Hans"), ("今夜はケーキ", "ja"), ("안녕", "ko"), ("é", None)],
)
def test_a_script_tells_its_language(text: str, guess: str | None) -> None:
    assert language(text) == guess
    assert user_text(text).startswith(f'<bdi lang="{guess}">' if guess else "<bdi>")
