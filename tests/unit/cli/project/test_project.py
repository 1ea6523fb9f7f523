"""The composition root: with a manifest and without."""

from __future__ import annotations

from pathlib import Path

import pytest

from pushctl.cli.global_options import GlobalOptions
from pushctl.cli.output import Output
from pushctl.cli.project.project import open_project, open_recorded
from pushctl.errors import ConfigError, StateError
from tests.acceptance.cli import Here


def options(folder: Path) -> GlobalOptions:
    return GlobalOptions(folder, "pushctl.yaml", None, Output("never"))


@pytest.fixture
def applied(tmp_path: Path) -> Here:
    here = Here(tmp_path)
    assert here.run("init").code == 0
    assert here.run("apply", "--yes").code == 0
    return here


def test_what_is_recorded_is_reached_without_the_manifest(applied: Here) -> None:
    with open_project(options(applied.folder)) as before:
        pass
    (applied.folder / "pushctl.yaml").write_text("broken: [")
    with open_recorded(options(applied.folder), online=True) as (project, state):
        assert list(state.pushes) == ["daily-hello"]
        assert (project.app, project.workspace) == (before.app, before.workspace)
        assert project.settings == before.settings
        assert project.endpoint is not None
        assert project.state() == state


def test_offline_nothing_is_asked(applied: Here) -> None:
    with open_project(options(applied.folder), online=False) as project:
        assert project.endpoint is None
        with pytest.raises(ConfigError, match="not to ask"):
            project.service()


def test_without_a_state_there_is_no_service_to_ask(tmp_path: Path) -> None:
    with open_recorded(options(tmp_path)) as (project, state):
        assert (state.lineage, project.endpoint) == ("", None)
    with (
        pytest.raises(StateError, match="Nothing is recorded here"),
        open_recorded(options(tmp_path), online=True),
    ):
        pass


def test_a_folder_that_does_not_exist_is_said_first(tmp_path: Path) -> None:
    for opening in (open_project, open_recorded):
        with pytest.raises(ConfigError, match="no such folder"), opening(options(tmp_path / "no")):
            pass
