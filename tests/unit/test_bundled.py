"""Where bundled files are read from: a checkout, or a wheel."""

from __future__ import annotations

from importlib import resources
from pathlib import Path

import pytest

from pushctl import bundled


def test_a_checkout_has_them_in_its_top_folder() -> None:
    path = "schemas/plan.schema.json"
    assert bundled.read(path) == (Path(__file__).parents[2] / path).read_text("utf-8")


def test_a_wheel_has_them_in_the_package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = tmp_path / "_bundled" / "schemas"
    folder.mkdir(parents=True)
    (folder / "plan.schema.json").write_text("{}", "utf-8")
    monkeypatch.setattr(resources, "files", lambda package: tmp_path)
    assert bundled.read("schemas/plan.schema.json") == "{}"


def test_what_is_not_there_is_no_file() -> None:
    with pytest.raises(FileNotFoundError):
        bundled.read("schemas/calendar.schema.json")
