"""Which engine an address means."""

from __future__ import annotations

from pathlib import Path

import pytest

from pushctl.cli.project.state_engine import address_of, open_engine
from pushctl.errors import ConfigError
from pushctl.state.file.store import FileStateStore
from tests.memory_log import MemoryLog
from tests.unit.cli.project.test_project import options


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


@pytest.mark.parametrize("lease", ["0s", "2s", "16m", "soon"])
def test_a_lease_that_protects_nothing_is_refused(
    tmp_path: Path, lease: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("pushctl.cli.project.state_engine.open_log", lambda *_: MemoryLog())
    with pytest.raises(ConfigError, match="PUSHCTL_STATE_LEASE"):
        open_engine("memory:", options(tmp_path), {"PUSHCTL_STATE_LEASE": lease})
    store = open_engine("memory:", options(tmp_path), {"PUSHCTL_STATE_LEASE": "30s"})
    assert store.call_delay == 10
