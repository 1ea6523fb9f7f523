"""Several pages in one comment: what is left out first where there is no room."""

from __future__ import annotations

from pushctl.render.markdown.syntax import folded
from pushctl.render.markdown.together import SHORTENED, together


def page(name: str, pushes: int = 2) -> str:
    call = folded("1 call", ["```json\n{}\n```"])
    rows = [
        folded(f"<b>+ create</b> {name}-{n}", ["- body: " + "x" * 90, call]) for n in range(pushes)
    ]
    return "\n\n".join([f"### {name}", f"**Plan: {pushes} to create.**", *rows, "<sub>end</sub>"])


def test_what_has_room_is_shown_as_it_is() -> None:
    assert together([page("a"), page("b")]) == f"{page('a')}\n\n{page('b')}\n"


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
