"""Live Activities that stay."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.unit.lint.manifests import entry, found, manifest, only


@pytest.mark.parametrize(
    ("activity", "told"),
    [
        ("event: end, state: {}", True),
        ("event: end, state: {}, dismiss_at: 2026-12-24T22:00", False),
        ("event: update, state: {}", False),
    ],
)
def test_an_end_says_when_it_goes_away(activity: str, told: bool, tmp_path: Path) -> None:
    live = f"    live_activity: {{{activity}}}\n"
    text = manifest(entry("order", "at: 2026-12-24T20:00", to="{activity_ids: [act-1]}", more=live))
    items = only(found(tmp_path, text), "PSH511")
    assert [item.severity for item in items] == ["info"] * told
    assert all("for up to 4 h" in item.detail for item in items)
