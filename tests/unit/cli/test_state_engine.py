"""Which engine an address means."""

from __future__ import annotations

from pathlib import Path

import pytest

from pushctl.cli.state_engine import address_of, open_engine
from pushctl.errors import ConfigError
from pushctl.state.file.store import FileStateStore
from tests.unit.cli.test_project import options


def test_the_environment_comes_before_the_manifest() -> None:
    assert address_of(None, {}) == ""
    assert address_of(None, {"PUSHCTL_STATE": "gitlab:shop"}) == "gitlab:shop"


def test_without_an_address_the_state_is_in_files(tmp_path: Path) -> None:
    store = open_engine("", options(tmp_path), {})
    assert isinstance(store, FileStateStore)


@pytest.mark.parametrize("address", ["shop", "ftp://host/x", "C:\\state", "gitlab"])
def test_an_address_that_no_engine_knows_is_refused(tmp_path: Path, address: str) -> None:
    with pytest.raises(ConfigError, match="address of the state"):
        open_engine(address, options(tmp_path), {})
