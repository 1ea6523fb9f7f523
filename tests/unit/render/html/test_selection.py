"""A page lists and draws the changed entries first, as far as it has room."""

from __future__ import annotations

import pytest

from pushctl.render.html import selection
from pushctl.render.html.selection import linked
from tests.builders import DAY, NOW, desired, once
from tests.unit.render.html.sections import listed, plan, scheduled


def test_changes_are_numbered_as_in_the_plan_and_know_their_deliveries() -> None:
    kept = desired("kept", schedule=once(2 * DAY))
    views = listed(plan(kept, desired("new"), before=scheduled(kept)))
    assert [(view.id, view.number, view.coming) for view in views] == [
        ("kept", 1, (NOW + 2 * DAY,)),
        ("new", 2, (NOW + DAY,)),
    ]


def test_changed_entries_are_drawn_first(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(selection, "DRAWN", 1)
    kept = desired("kept")
    views = listed(plan(kept, desired("new"), before=scheduled(kept)))
    assert [view.id for view in views if view.drawn] == ["new"]


def test_what_is_not_listed_has_no_link(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(selection, "LISTED", 1)
    first, second = listed(plan(desired("first"), desired("second")))
    assert linked(first) == '<a href="#c1"><bdi>first</bdi></a>'
    assert linked(second) == "<bdi>second</bdi>"
