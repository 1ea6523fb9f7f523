"""Time zones whose names mean something else than what people read."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.unit.lint.manifests import entry, found, manifest, one, only


@pytest.mark.parametrize(
    ("zone", "told"),
    [
        ("Etc/GMT+8", "8 hours behind UTC"),
        ("Etc/GMT-11", "11 hours ahead of UTC"),
        ("Etc/GMT+0", None),
        ("Etc/UTC", None),
        ("EST", "5 hours behind UTC all year"),
        ("MST", "7 hours behind UTC all year"),
        ("HST", "10 hours behind UTC all year"),
        ("EST5EDT", None),
        ("CET", None),
    ],
)
def test_names_that_mislead(zone: str, told: str | None, tmp_path: Path) -> None:
    text = manifest(entry("a", f"at: 2026-12-24T20:00, timezone: {zone}"))
    details = [item.detail for item in only(found(tmp_path, text), "PSH217")]
    assert [told in detail for detail in details if told] == ([True] if told else [])
    assert bool(details) is bool(told)


def test_the_sign_of_the_zone_of_all(tmp_path: Path) -> None:
    (tmp_path / "pushctl.yaml").write_text("", "utf-8")
    text = manifest(entry("a", "at: 2026-12-24T20:00"))
    text = f"app: {{id: ONEX0000000000000, workspace: test, service_timezone: Etc/GMT+8}}\n{text}"
    item = one(found(tmp_path, text), "PSH217")
    assert item.push is None
    assert item.range is not None
    assert item.range.start.line == 3
