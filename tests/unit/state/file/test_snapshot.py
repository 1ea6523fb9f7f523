"""A state file that is damaged or newer is refused and left as it is."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from pushctl.errors import StateError, StateFormatError
from pushctl.state.file.snapshot import read, write
from tests.builders import desired, scheduled
from tests.unit.state.file.stores import filled


@pytest.mark.parametrize(
    "damage",
    [
        lambda raw: raw[:-20],
        lambda raw: b"",
        lambda raw: b"[]",
        lambda raw: b"\xff\xfe\x00",
        lambda raw: raw.replace(b'"serial": 1', b'"serial": 2'),
        lambda raw: b"[" * 100_000,
        lambda raw: b'{"version": 1e999}',
    ],
)
def test_read_refuses_a_damaged_state(tmp_path: Path, damage: Callable[[bytes], bytes]) -> None:
    store = filled(tmp_path)
    spoiled = damage(store.path.read_bytes())
    store.path.write_bytes(spoiled)
    with pytest.raises(StateFormatError, match="damaged") as caught:
        store.read()
    assert caught.value.fix is not None
    with pytest.raises(StateFormatError, match="damaged"), store.lock("test"):
        pass
    assert store.path.read_bytes() == spoiled


def test_read_refuses_a_newer_format(tmp_path: Path) -> None:
    store = filled(tmp_path)
    store.path.write_text('{"version": 2}')
    with pytest.raises(StateFormatError, match="newer pushctl"):
        store.read()


def test_a_state_is_read_back(tmp_path: Path) -> None:
    path = tmp_path / "x.state.json"
    assert read(path) is None
    push = desired("a", title="Tïtle\n\u2028\ud800")
    write(path, scheduled(push))
    assert read(path) == scheduled(push)
    assert path.stat().st_mode & 0o777 == 0o600
    assert "Tïtle" in path.read_bytes().decode("utf-8", "surrogatepass")


def test_a_state_that_cannot_be_read_is_not_called_damaged(tmp_path: Path) -> None:
    (tmp_path / "x.state.json").mkdir()
    with pytest.raises(StateError, match="cannot be read") as caught:
        read(tmp_path / "x.state.json")
    assert not isinstance(caught.value, StateFormatError)
