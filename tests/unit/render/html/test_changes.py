"""Every change says what differs and where it comes from."""

from __future__ import annotations

from msgspec.structs import replace

from pushctl.diagnostics import EditedLine
from pushctl.plan.origin import Cause, Origin
from pushctl.render.html import changes
from pushctl.render.html.page import page
from pushctl.render.view.plan_view import plan_view
from tests.acceptance.pages.plans import SETTING
from tests.builders import desired
from tests.unit.render.html.sections import listed, plan, scheduled, text


def test_a_change_shows_the_difference_by_word() -> None:
    push = desired(title="Up to 60% off", spec_only=1)
    edited = desired(title="Up to 70% off", spec_only=1)
    made = plan(edited, before=scheduled(push))
    section = changes.section(plan_view(made), listed(made))
    assert "<bdi>Up to <del>60</del><ins>70</ins>% off</bdi>" in section


def test_a_change_begins_with_old_and_new_beside_each_other() -> None:
    long = "one two three four five six seven eight nine ten"
    made = [
        plan(desired(title=after), before=scheduled(desired(title=before)))
        for before, after in (("A<b>", "B"), (f"60 {long}", f"70 {long}"))
    ]
    short, words = (changes.section(plan_view(item), listed(item)) for item in made)
    first = "<p><code><bdi>title</bdi></code> "
    assert f"{first}<del><bdi>A&lt;b&gt;</bdi></del> → <ins><bdi>B</bdi></ins></p>" in short
    assert f"{first}<bdi><del>60</del><ins>70</ins> one two three four …</bdi></p>" in words


def test_a_change_says_where_it_comes_from() -> None:
    made = plan(desired())
    lines = (EditedLine("campaigns/<b>.yaml", 3),)
    made = replace(made, base="main (1a2b3c)", origins={"promo": Origin(Cause.EDITED, lines)})
    section = changes.section(plan_view(made), listed(made))
    assert "edited: campaigns/<b>.yaml:3" in text(section)
    assert "<b>.yaml" not in section
    assert "main (1a2b3c)" in text(page(made, SETTING))


def test_unchanged_pushes_are_listed_with_their_next_delivery() -> None:
    kept = desired("kept")
    made = plan(kept, before=scheduled(kept))
    section = text(changes.section(plan_view(made), listed(made)))
    assert "1 push stays as it is" in section
    assert "Sat 30 May 2026 04:26:40" in section.replace("\n", "")
