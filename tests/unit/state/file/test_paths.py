"""The files of a state, and where a link to it leads."""

from __future__ import annotations

from pathlib import Path

import pytest

from pushctl.errors import StateFormatError
from tests.unit.state.file.stores import filled, ids, opened


def test_a_linked_state_lives_where_the_link_leads(tmp_path: Path) -> None:
    volume, here = tmp_path / "volume", tmp_path / "here"
    volume.mkdir()
    here.mkdir()
    filled(volume, "a")
    (here / "pushctl.state.json").symlink_to(volume / "pushctl.state.json")
    filled(here, "b")
    assert ids(opened(volume)) == ["a", "b"]
    assert [path.name for path in here.iterdir()] == ["pushctl.state.json"]
    assert (here / "pushctl.state.json").is_symlink()


def test_a_link_that_leads_nowhere_is_refused(tmp_path: Path) -> None:
    (tmp_path / "pushctl.state.json").symlink_to(tmp_path / "gone" / "pushctl.state.json")
    with pytest.raises(StateFormatError, match="leads nowhere"):
        opened(tmp_path).read()
