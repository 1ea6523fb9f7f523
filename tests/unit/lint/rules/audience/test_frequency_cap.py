"""What disturbs people, and what does not."""

from __future__ import annotations

from pathlib import Path

from tests.unit.lint.manifests import found, manifest, only, sales


def test_what_nobody_sees_disturbs_nobody(tmp_path: Path) -> None:
    text = manifest(sales("20:00", "20:10", marketing=True))
    assert only(found(tmp_path, text), "PSH501") != []
    silent = text.replace("body: Hello", "body: Hello, silent: true")
    assert only(found(tmp_path, silent), "PSH501", "PSH502", "PSH402") == []
