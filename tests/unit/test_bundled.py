"""Files of the top folder, wherever the package is."""

from __future__ import annotations

from pathlib import Path

import pytest

from pushctl import bundled

ROOT = Path(__file__).parents[2]


@pytest.mark.parametrize(
    "path", ["schemas/manifest.schema.json", ".github/actions/pushctl/action.yml"]
)
def test_a_file_is_that_of_the_top_folder(path: str) -> None:
    assert bundled.read(path) == (ROOT / path).read_text("utf-8")


def test_a_file_that_is_not_there() -> None:
    with pytest.raises(FileNotFoundError):
        bundled.read("schemas/none.json")
