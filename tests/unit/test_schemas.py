"""Where the published schemas are read from: a checkout, or a wheel."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from pushctl import schemas

NAMES = ("manifest", "plan", "state")


@pytest.mark.parametrize("name", NAMES)
def test_a_checkout_has_them_in_its_top_folder(name: str) -> None:
    path = Path(__file__).parents[2] / "schemas" / f"{name}.schema.json"
    assert schemas.read(name) == path.read_text("utf-8")
    assert json.loads(schemas.read(name))["$schema"]


def test_a_wheel_has_them_in_the_package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = tmp_path / "_schemas"
    folder.mkdir()
    (folder / "plan.schema.json").write_text("{}", "utf-8")
    monkeypatch.setattr(schemas.resources, "files", lambda package: tmp_path)
    assert schemas.read("plan") == "{}"


def test_an_unknown_schema_is_no_file() -> None:
    with pytest.raises(FileNotFoundError):
        schemas.read("calendar")
