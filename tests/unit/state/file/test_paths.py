"""The files of a state, and where a link to it leads."""

from __future__ import annotations

from pathlib import Path

import pytest
from msgspec.structs import asdict

from pushctl.errors import StateFormatError
from pushctl.state.file.paths import beside, environment, paths
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


def test_all_files_of_a_state_begin_with_its_name(tmp_path: Path) -> None:
    found = paths(tmp_path, "pushctl.prod")
    assert {path.relative_to(tmp_path).as_posix() for path in asdict(found).values()} == {
        *("pushctl.prod.state.json", "pushctl.prod.state.backup.json"),
        *("pushctl.prod.state.journal", "pushctl.prod.state.backup.journal"),
        *("pushctl.prod.state.history", "pushctl.prod.state.lock", "pushctl.prod.state.gate"),
    }
    assert [kept.name for _, kept in found.aside("20261201")] == [
        "pushctl.prod.state.json.aside-20261201",
        "pushctl.prod.state.backup.json.aside-20261201",
        "pushctl.prod.state.journal.aside-20261201",
        "pushctl.prod.state.backup.journal.aside-20261201",
    ]


@pytest.mark.parametrize(
    ("target", "journal"),
    [("x.state.json", "x.state.journal"), ("x.json", "x.state.journal"), ("x", "x.state.journal")],
)
def test_a_link_takes_everything_but_its_own_name_along(
    tmp_path: Path, target: str, journal: str
) -> None:
    volume = tmp_path / "volume"
    volume.mkdir()
    named = tmp_path / "pushctl.state.json"
    named.symlink_to(volume / target)
    found = paths(tmp_path, "pushctl")
    assert (found.named, found.state, found.journal) == (named, volume / target, volume / journal)
    assert found.lock == volume / "x.state.lock"


def test_the_states_of_other_environments_are_beside_it(tmp_path: Path) -> None:
    for name in ("pushctl.state.json", "pushctl.b.state.json", "pushctl.a.state.json", "x.json"):
        (tmp_path / name).touch()
    assert beside(tmp_path / "pushctl.a.state.json") == (
        "pushctl.b.state.json",
        "pushctl.state.json",
    )


@pytest.mark.parametrize(
    ("name", "env"),
    [
        ("pushctl.state.json", ""),
        ("pushctl.prod.state.json", "prod"),
        ("pushctl.a.b.state.json", "a.b"),
    ],
)
def test_a_state_file_names_its_environment(name: str, env: str) -> None:
    assert environment(name) == env
