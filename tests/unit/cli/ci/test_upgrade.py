"""Newer CI files: three ways, from every version that wrote some."""

from __future__ import annotations

from importlib import resources
from pathlib import Path, PurePosixPath

import pytest

from pushctl.cli.ci.templates import ACTION, LISTS, USES, TemplateValues, added, files, templates
from pushctl.cli.ci.upgrade import Upgrade, earlier, upgrades
from pushctl.errors import ConfigError

TARGETS = [
    TemplateValues(PurePosixPath(folder), env, "trunk")
    for folder in ("apps/bank", "shop")
    for env in ("prod", "test")
]
VERSIONS = sorted(
    path.name for path in (resources.files("pushctl") / "templates" / "earlier").iterdir()
)


def listed(text: str, ci: str) -> str:
    for values in TARGETS:
        text = added(text.replace("__BRANCH__", values.branch), ci, values)
    return text


def old(ci: str, version: str = "0.0") -> dict[str, str]:
    """The files as a version wrote them, for several folders and environments."""
    folder = resources.files("pushctl") / "templates" / "earlier" / version
    texts = {name: folder.joinpath(name[1:]).read_text("utf-8") for name in templates(ci)}
    return {**texts, LISTS[ci]: listed(texts[LISTS[ci]], ci)}


def new(ci: str) -> dict[str, str]:
    texts = files(ci, TARGETS[0])
    return {name: listed(texts[name], ci) if name == LISTS[ci] else texts[name] for name in old(ci)}


def write(root: Path, texts: dict[str, str]) -> None:
    for name, text in texts.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_bytes(text.encode())


def upgraded(root: Path, ci: str) -> dict[str, Upgrade]:
    return {item.name: item for item in upgrades(root, ci)}


@pytest.mark.parametrize("ci", ["github", "gitlab"])
@pytest.mark.parametrize("version", VERSIONS)
def test_files_of_every_version_become_those_of_this_one(
    version: str, ci: str, tmp_path: Path
) -> None:
    write(tmp_path, old(ci, version))
    found = upgraded(tmp_path, ci)
    assert {name: (item.after, item.conflicts) for name, item in found.items()} == {
        name: (text, 0) for name, text in new(ci).items()
    }
    write(tmp_path, new(ci))
    assert upgrades(tmp_path, ci) == []


@pytest.mark.parametrize("newline", ["\n", "\r\n"])
def test_what_the_owner_changed_stays(newline: str, tmp_path: Path) -> None:
    texts = {name: text.replace("\n", newline) for name, text in old("github").items()}
    name = LISTS["github"]
    texts[name] = texts[name].replace("43 0 * * *", "43 5 * * *")
    write(tmp_path, texts)
    item = upgraded(tmp_path, "github")[name]
    wanted = new("github")[name].replace("43 0 * * *", "43 5 * * *")
    assert (item.after, item.conflicts) == (wanted.replace("\n", newline), 0)
    assert "43" not in "".join(line for line in item.diff().splitlines() if line[0] in "+-")


def test_a_change_where_something_is_new_is_a_conflict(tmp_path: Path) -> None:
    texts, name = old("github"), LISTS["github"]
    texts[name] = texts[name].replace("options: [plan, apply", "options: [apply, plan")
    write(tmp_path, texts)
    item = upgraded(tmp_path, "github")[name]
    assert item.conflicts == 1
    assert "\n+<<<<<<< yours\n" in item.diff()


def test_the_action_of_another_repository_is_not_copied(tmp_path: Path) -> None:
    other = "uses: acme/pushctl/.github/actions/pushctl@v1"
    texts = {name: text.replace(USES, other) for name, text in old("github").items()}
    del texts[ACTION]
    write(tmp_path, texts)
    found = upgraded(tmp_path, "github")
    assert set(found) == set(texts)
    assert all(item.after.count(other) and not item.conflicts for item in found.values())


def test_what_is_missing_is_written_anew(tmp_path: Path) -> None:
    texts = old("github")
    del texts[ACTION]
    write(tmp_path, texts)
    item = upgraded(tmp_path, "github")[ACTION]
    assert (item.before, item.after) == ("", new("github")[ACTION])


def test_what_an_unknown_version_wrote_is_left_alone(tmp_path: Path) -> None:
    name = LISTS["gitlab"]
    write(tmp_path, {name: "# Written by pushctl 99.0 (0123456789ab); x\nsomething: else\n"})
    with pytest.raises(ConfigError, match=r"by pushctl 99\.0"):
        upgrades(tmp_path, "gitlab")


def test_without_files_there_is_nothing_to_upgrade(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="no CI files"):
        upgrades(tmp_path, "github")


def test_every_version_has_a_text_of_every_file() -> None:
    assert VERSIONS
    for name in (*templates("github"), *templates("gitlab")):
        assert len(earlier(name)) == len(VERSIONS)
