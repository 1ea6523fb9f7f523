"""Which manifests are one, and what is said where a state is of another."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from msgspec.structs import replace

from pushctl.cli.global_options import GlobalOptions
from pushctl.cli.output import Output
from pushctl.cli.project.manifest_identity import check_manifest, with_manifest
from pushctl.cli.service import settings as service_settings
from pushctl.errors import ExitCode, StateConflictError
from pushctl.state.state import State
from tests.builders import desired, scheduled

SETTINGS = service_settings.defaults({})


def options(folder: Path, file: str) -> GlobalOptions:
    return GlobalOptions(folder, file, None, Output())


def applied(folder: Path, file: str) -> State:
    """Return a state with a push that a manifest of that name was applied with."""
    named = with_manifest(SETTINGS, options(folder, file))
    return replace(scheduled(desired()), settings=named)


def refused(state: State, meant: GlobalOptions, *files: str) -> StateConflictError | None:
    try:
        check_manifest(state, meant, files or (meant.file,))
    except StateConflictError as error:
        return error
    return None


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name in ("pushctl.yaml", "pushctl (copy).yaml", "pushctl.bak.yaml", "shop.yaml"):
        (tmp_path / name).touch()
    return tmp_path


@pytest.mark.parametrize("other", ["pushctl (copy).yaml", "pushctl.bak.yaml", "shop.yaml"])
def test_another_manifest_is_refused_with_the_ways_out(other: str, folder: Path) -> None:
    error = refused(applied(folder, "pushctl.yaml"), options(folder, other))
    assert error is not None
    assert error.exit_code is ExitCode.CONFLICT
    assert error.detail == f"recorded is pushctl.yaml, meant is {other}"
    assert "a folder of its own" in str(error.fix)
    assert str(error.fix).endswith("if this one takes its place, move that one away")
    assert refused(applied(folder, other), options(folder, "pushctl.yaml")) is not None


@pytest.mark.parametrize("spelling", ["./shop.yaml", "x/../shop.yaml", "link.yaml", "hard.yaml"])
def test_one_manifest_has_many_spellings(spelling: str, folder: Path) -> None:
    (folder / "x").mkdir()
    (folder / "link.yaml").symlink_to("shop.yaml")
    os.link(folder / "shop.yaml", folder / "hard.yaml")
    assert refused(applied(folder, "shop.yaml"), options(folder, spelling)) is None
    assert refused(applied(folder, spelling), options(folder, "shop.yaml")) is None


def test_an_absolute_path_and_another_way_to_the_folder_are_the_same(folder: Path) -> None:
    way = folder.with_name("way")
    way.symlink_to(folder)
    state = applied(way, str(folder / "shop.yaml"))
    assert state.settings is not None
    assert state.settings.manifest == "shop.yaml"
    assert refused(state, options(folder, "shop.yaml")) is None


def test_a_link_that_leads_elsewhere_now_is_another_manifest(folder: Path) -> None:
    link = folder / "current.yaml"
    link.symlink_to("shop.yaml")
    state = applied(folder, "current.yaml")
    link.unlink()
    link.symlink_to("pushctl.bak.yaml")
    assert refused(state, options(folder, "current.yaml")) is not None


def test_a_manifest_that_is_gone_was_renamed(folder: Path) -> None:
    state, meant = applied(folder, "pushctl.yaml"), options(folder, "shop.yaml")
    (folder / "pushctl.yaml").unlink()
    note = check_manifest(state, meant, ["shop.yaml"])
    assert note == "shop.yaml takes the place of pushctl.yaml"
    assert check_manifest(applied(folder, "shop.yaml"), meant, ["shop.yaml"]) is None


def test_a_manifest_that_is_included_now_is_no_other_one(folder: Path) -> None:
    state, meant = applied(folder, "pushctl.yaml"), options(folder, "shop.yaml")
    assert refused(state, meant, "shop.yaml", "pushctl.yaml") is None
    assert refused(state, meant, "shop.yaml", "pushctl.bak.yaml") is not None


def test_what_was_recorded_before_says_nothing(folder: Path) -> None:
    state = applied(folder, "pushctl.yaml")
    meant = options(folder, "shop.yaml")
    assert refused(replace(state, settings=SETTINGS), meant) is None
    assert refused(replace(state, settings=None), meant) is None
    assert refused(replace(state, pushes={}), meant) is None  # nothing would be cancelled
    assert check_manifest(state, meant, ()) is None  # no manifest was read
