"""People who get more marketing on one day than they should."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.unit.lint.manifests import entry, found, manifest, one, only, sales


@pytest.mark.parametrize(("clocks", "told"), [(("09:00", "15:00"), 0), (("09:00",) * 3, 1)])
def test_two_a_day_are_enough(clocks: tuple[str, ...], told: int, tmp_path: Path) -> None:
    items = found(tmp_path, manifest(sales(*clocks, marketing=True)))
    assert len(only(items, "PSH502")) == told
    assert only(found(tmp_path, manifest(sales(*clocks))), "PSH502") == []


def test_more_on_a_day_than_the_policy_says(tmp_path: Path) -> None:
    head = "policy: {max_per_day: 3}\n"
    often = 'every: day, at: ["09:00", "12:00", "15:00"]'
    text = manifest(
        entry("often", often, to="{users: [u1, u2, u3]}", marketing=True),
        entry("mon", 'every: mon, at: "18:00"', to="{users: [u2, u3]}", marketing=True),
        head=head,
    )
    item = one(found(tmp_path, text), "PSH502")
    assert item.push == "mon"
    assert item.detail == (
        '"u2" gets 4 marketing pushes on Mon 7 Dec 2026, from often and mon; the policy allows 3. '
        "2 people get more than that."
    )


def test_one_entry_can_be_too_much(tmp_path: Path) -> None:
    text = manifest(entry("a", 'every: day, at: ["09:00", "12:00", "15:00"]', marketing=True))
    item = one(found(tmp_path, text), "PSH502")
    assert '"u1" gets 3 marketing pushes on Wed 2 Dec 2026, from a;' in item.detail
