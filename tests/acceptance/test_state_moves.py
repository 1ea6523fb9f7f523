"""The state is pulled, pushed and moved; of two places one can be written."""

from __future__ import annotations

import contextlib
import json
import shutil
from pathlib import Path
from unittest import mock

import pytest

from pushctl.errors import StateMovedError
from pushctl.state.codec import decode_state
from pushctl.state.decoding import NewerFormatError
from pushctl.state.file import snapshot, store
from pushctl.state.interface import RECEIVING
from tests.acceptance.cli import Here, Ran
from tests.acceptance.test_main_job import HEAD, SALE, ok
from tests.acceptance.test_state_chain import opened
from tests.servers.folder_log import FolderLog, folder_engine

__all__ = ["folder_engine"]
CHAIN = "folder:shared"


@pytest.fixture
def project(tmp_path: Path, folder_engine: None, monkeypatch: pytest.MonkeyPatch) -> Here:
    monkeypatch.delenv("PUSHCTL_STATE", raising=False)
    made = Here(tmp_path)
    made.write(HEAD + SALE)
    return made


def at(place: str) -> dict[str, str]:
    return {"PUSHCTL_STATE": place}


@pytest.fixture(params=["files", CHAIN])
def place(request: pytest.FixtureRequest, project: Here) -> str:
    """Where the state of an apply is."""
    ok(project.run("apply", "--yes", env=at(request.param)))
    return str(request.param)


def pull(project: Here, place: str) -> dict[str, object]:
    document: dict[str, object] = ok(project.run("state", "pull", env=at(place))).json
    return document


# --- pull and push --------------------------------------------------------------------------------


def test_what_was_pulled_can_be_pushed(project: Here, place: str) -> None:
    pulled = pull(project, place)
    project.write(json.dumps(pulled), "pulled.json")
    assert sorted(pulled["pushes"]) == ["digest", "sale"]
    ok(project.run("state", "push", "pulled.json", env=at(place)))
    assert pull(project, place)["pushes"] == pulled["pushes"]
    assert "state push" in ok(project.run("history", env=at(place))).out


def test_a_state_that_lacks_what_was_recorded_since_is_not_pushed(
    project: Here, place: str
) -> None:
    project.write(json.dumps(pull(project, place)), "pulled.json")
    ok(project.run("state", "rm", "sale", env=at(place)))
    refused = ok(project.run("state", "push", "pulled.json", env=at(place)), 5)
    assert "it is snapshot 1, recorded is 2" in refused.err
    assert sorted(pull(project, place)["pushes"]) == ["digest"]
    ok(project.run("state", "push", "--force", "pulled.json", env=at(place)))
    assert pull(project, place)["serial"] == 3
    assert sorted(pull(project, place)["pushes"]) == ["digest", "sale"]


def test_a_state_of_another_lineage_or_of_none_is_not_pushed(project: Here, place: str) -> None:
    project.write(json.dumps(pull(project, place)), "pulled.json")
    elsewhere = Here(project.folder / "elsewhere")
    elsewhere.write(HEAD + SALE)
    ok(elsewhere.run("apply", "--yes", env=at(place)))
    refused = ok(elsewhere.run("state", "push", "../pulled.json", env=at(place)), 5)
    assert "lineage" in refused.err
    ok(project.run("state", "push", "-", env=at(place), stdin="{}"), 1)


# --- migrate --------------------------------------------------------------------------------------


def test_a_state_moves_and_its_former_place_says_where(project: Here, place: str) -> None:
    target = CHAIN if place == "files" else "folder:other"
    before = pull(project, place)
    moved = ok(project.run("state", "migrate", target, env=at(place)))
    assert f"state: {target}" in moved.out
    after = pull(project, target)
    assert (after["pushes"], after["lineage"]) == (before["pushes"], before["lineage"])
    told = ok(project.run("history", env=at(target))).out
    assert "apply" in told.splitlines()[0]
    assert "state migrate" in told.splitlines()[-1]
    for command in (
        ("plan",), ("apply", "--yes"), ("stop", "--all"), ("status",), ("state", "restore"),
        ("state", "rebuild", "--yes"), ("state", "lock", "--for", "0s"), ("state", "pull"),
    ):  # fmt: skip
        refused = ok(project.run(*command, env=at(place)), 5)
        assert f"state: {target}" in refused.err, command
    project.write(json.dumps(after), "pulled.json")
    ok(project.run("state", "push", "--force", "pulled.json", env=at(place)), 5)
    assert "moved" in ok(project.run("doctor", env=at(place)), 1).out
    ok(project.run("apply", "--yes", env=at(target)))
    assert pull(project, target) == after


def test_earlier_versions_refuse_the_files_of_a_state_that_moved(project: Here) -> None:
    ok(project.run("apply", "--yes"))
    ok(project.run("state", "migrate", CHAIN))
    for name in ("pushctl.state.json", "pushctl.state.backup.json"):
        document = json.loads((project.folder / name).read_text())
        with pytest.raises(NewerFormatError):
            decode_state(document)
    (project.folder / "pushctl.state.json").unlink()
    ok(project.run("apply", "--yes"), 5)
    ok(project.run("state", "restore"), 5)


def test_a_state_moves_into_files_and_back(project: Here) -> None:
    ok(project.run("apply", "--yes"))
    before = pull(project, "files")
    ok(project.run("state", "migrate", CHAIN))
    back = ok(project.run("state", "migrate", "files", env=at(CHAIN)))
    assert "take `state:` out" in back.out
    assert pull(project, "files")["pushes"] == before["pushes"]
    ok(project.run("apply", "--yes"))
    told = [item["what"] for item in ok(project.run("history", "--format", "json")).json]
    assert [what.split(" (")[0] for what in told][-2:] == [
        "state migrate folder:shared", "state migrate files"
    ]  # fmt: skip
    assert sum("apply" in what for what in told) == 1


def test_a_place_with_another_state_is_not_written(project: Here, place: str) -> None:
    elsewhere = Here(project.folder / "elsewhere")
    elsewhere.write(HEAD + SALE)
    ok(elsewhere.run("apply", "--yes", env=at("folder:../other")))
    before = pull(project, "folder:other")
    refused = ok(project.run("state", "migrate", "folder:other", env=at(place)), 5)
    assert "There is a state already" in refused.err
    assert pull(project, "folder:other") == before
    ok(project.run("apply", "--yes", env=at(place)))


def test_each_environment_moves_by_itself(project: Here) -> None:
    project.write(HEAD + "environments: {prod: {app: {workspace: prod}}}\n" + SALE)
    ok(project.run("--env", "prod", "apply", "--yes"))
    ok(project.run("--env", "prod", "state", "migrate", CHAIN))
    ok(project.run("--env", "prod", "plan", env=at(CHAIN)))
    ok(project.run("plan"))
    assert (project.folder / "shared.prod").is_dir()
    moved = ok(project.run("--env", "prod", "state", "migrate", "folder:other", env=at(CHAIN)))
    assert f"from {CHAIN} to folder:other." in moved.out


def copied(project: Here, to: Path) -> Here:
    shutil.copytree(project.folder, to)
    return Here(to)


def lapse(project: Here, place: str) -> None:
    """Let so much time pass that whoever died has no lock any more."""
    found = opened(project, place)
    with contextlib.suppress(StateMovedError):
        holder = found.lock_info()
        if holder is not None and holder.operation != RECEIVING:
            found.unlock()


def takes(project: Here, place: str) -> bool:
    """Tell whether the state is at a place, and can be written there."""
    lapse(project, place)
    ran = [project.run("state", *words, env=at(place)) for words in (["pull"], ["rm", "sale"])]
    return [item.code for item in ran] == [0, 0]


class _KilledError(BaseException):
    """This process is gone."""


class Killer:
    """Ends a process at one of its effects; nothing of it has an effect afterwards."""

    def __init__(self, at: int) -> None:
        self.at = at
        self.seen = 0

    def around(self, effect: object) -> object:
        def called(*arguments: object, **options: object) -> object:
            self.seen += 1
            if self.seen > self.at:
                raise _KilledError
            return effect(*arguments, **options)  # type: ignore[operator]

        return called

    def run(self, project: Here, *arguments: str, env: dict[str, str]) -> Ran | None:
        with (
            mock.patch.object(FolderLog, "put", self.around(FolderLog.put)),
            mock.patch.object(snapshot, "replace_file", self.around(snapshot.replace_file)),
            mock.patch.object(store, "replace_file", self.around(store.replace_file)),
            mock.patch.object(Path, "unlink", self.around(Path.unlink)),
        ):
            try:
                return project.run(*arguments, env=env)
            except _KilledError:
                return None


MOVES = [("files", CHAIN), (CHAIN, "files"), (CHAIN, "folder:other")]


@pytest.mark.parametrize(("source", "target"), MOVES)
def test_a_move_that_was_cut_short_leaves_one_place_and_can_be_repeated(
    project: Here, source: str, target: str, tmp_path_factory: pytest.TempPathFactory
) -> None:
    ok(project.run("apply", "--yes", env=at(source)))
    before = pull(project, source)["pushes"]
    folder, points = tmp_path_factory.mktemp("killed"), 0
    while True:
        here = copied(project, folder / str(points))
        killed = Killer(points).run(here, "state", "migrate", target, env=at(source))
        tried = [copied(here, folder / f"{points}-{item}") for item in (source, target)]
        assert sum(map(takes, tried, (source, target))) <= 1, points
        lapse(here, source)
        again = here.run("state", "migrate", target, env=at(source))
        if again.code:
            assert "The state has moved\n  from" in again.err, (points, again)
            ok(here.run("state", "restore", env=at(target)))
        assert pull(here, target)["pushes"] == before, points
        assert not takes(here, source), points
        assert takes(here, target), points
        points += 1
        if killed is not None:
            break
    assert points > 5
