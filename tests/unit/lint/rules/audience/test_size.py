"""Large audiences, and many messages in the same minute."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.unit.lint.manifests import entry, found, manifest, one, only


def test_many_messages_in_the_same_minute(tmp_path: Path) -> None:
    files = {
        f"{name}.txt": "".join(f"{name}{number}\n" for number in range(60)) for name in ("a", "b")
    }

    def text(clock: str) -> str:
        return manifest(
            entry("a", "at: 2026-12-24T20:00", to="{users_from: a.txt}"),
            entry("b", f"at: 2026-12-24T{clock}", to="{users_from: b.txt}"),
        )

    item = one(found(tmp_path, text("20:00"), files=files), "PSH214")
    assert item.push is None
    assert item.detail.startswith(
        "On Thu 24 Dec 2026 20:00 Asia/Shanghai, 120 messages leave in the same minute: a and b."
    )
    assert only(found(tmp_path, text("20:01"), files=files), "PSH214") == []
    alone = manifest(entry("a", "at: 2026-12-24T20:00", to="{users_from: c.txt}"))
    crowd = {"c.txt": "".join(f"c{number}\n" for number in range(120))}
    assert only(found(tmp_path, alone, files=crowd), "PSH214") == []
    small = {**files, "b.txt": "b1\n"}
    assert only(found(tmp_path, text("20:00"), files=small), "PSH214") == []


WHEN = "at: 2026-12-24T20:00"


@pytest.mark.parametrize(
    ("people", "limit", "severity"),
    [
        (100, 10, None),
        (101, 10, "error"),
        (250, 100, None),
        (251, 100, "info"),
        (1001, 100, "error"),
    ],
)
def test_large_audiences(people: int, limit: int, severity: str | None, tmp_path: Path) -> None:
    quota = f"app: {{id: ONEX0000000000000, workspace: test, quota: {{limit: {limit}}}}}\n"
    files = {"all.txt": "".join(f"u{number}\n" for number in range(people))}
    text = manifest(entry("push", WHEN, to="{users_from: all.txt}"), head=quota)
    items = only(found(tmp_path, text, files=files), "PSH505")
    assert [item.severity for item in items] == ([severity] if severity else [])
