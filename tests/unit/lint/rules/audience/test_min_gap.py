"""Entries that come to the same people soon after each other."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.unit.lint.manifests import entry, found, manifest, one, only, sales


@pytest.mark.parametrize(
    ("other", "near"),
    [("20:00", True), ("20:59", True), ("21:00", False), ("19:00", False), ("19:01", True)],
)
def test_sooner_than_the_gap(other: str, near: bool, tmp_path: Path) -> None:
    items = only(found(tmp_path, manifest(sales("20:00", other))), "PSH501")
    assert [item.push for item in items] == ["sale-1"] * near


def test_the_gap_is_the_policys(tmp_path: Path) -> None:
    text = manifest(sales("18:00", "20:00"), head="policy: {min_gap: 3h}\n")
    item = one(found(tmp_path, text), "PSH501")
    assert "within 2 h, first on Thu 24 Dec 2026 18:00" in item.detail
    assert only(found(tmp_path, text.replace("3h", "0s")), "PSH501") == []


def test_one_finding_for_each_two_entries_whatever_they_share(tmp_path: Path) -> None:
    files = {"a.txt": "u1\nu2\nu3\n", "b.txt": "u2\nu3\nu4\n"}
    text = manifest(
        entry("a", 'every: day, at: "12:00"', to="{users_from: a.txt}"),
        entry("b", 'every: [mon, thu], at: "12:30"', to="{users_from: b.txt}"),
        entry("c", 'every: mon, at: "12:30"', to="{android: [u1, u2]}"),
    )
    item = one(found(tmp_path, text, files=files), "PSH501")
    assert item.push == "b"
    assert item.detail == (
        "a and b come to the same 2 people within 30 min, first on Thu 3 Dec 2026 12:00 "
        'Asia/Shanghai. One of them is "u2".'
    )


def test_the_first_time_is_the_first_for_anybody(tmp_path: Path) -> None:
    """Of those who get another one in between, the two are no neighbours on that day."""
    text = manifest(
        entry("a", 'every: day, at: "12:00"', to="{users: [u1, u2, u3]}"),
        entry("b", 'every: day, at: "12:30"', to="{users: [u1, u2, u3]}"),
        entry("c", "at: 2026-12-01T12:15", to="{users: [u1, u2]}"),
    )
    items = only(found(tmp_path, text), "PSH501")
    assert [item.push for item in items] == ["b", "c"]
    assert "a and b come to the same 3 people" in items[0].detail
    assert "first on Tue 1 Dec 2026 12:00" in items[0].detail
    assert "c is as near to 1 more." in items[1].detail


def test_one_entry_alone_is_its_own_business(tmp_path: Path) -> None:
    text = manifest(entry("a", 'every: day, at: ["12:00", "12:10"]'))
    assert only(found(tmp_path, text), "PSH501") == []


def test_of_three_at_once_each_is_named(tmp_path: Path) -> None:
    items = only(found(tmp_path, manifest(sales("20:00", "20:00", "20:00"))), "PSH501")
    assert [item.detail.split(' come to "u1" ')[0] for item in items] == [
        "sale-0 and sale-1",
        "sale-1 and sale-2",
    ]
