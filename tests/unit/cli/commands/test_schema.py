"""`schema`: the published schemas, as they are."""

from __future__ import annotations

from pathlib import Path

import pytest

from pushctl import schemas
from tests.acceptance.ci.runner import git
from tests.acceptance.cli import Here


@pytest.mark.parametrize(
    ("arguments", "name"), [((), "manifest"), (("plan",), "plan"), (("state",), "state")]
)
def test_a_schema_is_printed_as_it_is(
    arguments: tuple[str, ...], name: str, tmp_path: Path
) -> None:
    ran = Here(tmp_path).run("schema", *arguments)
    assert (ran.code, ran.out, ran.err) == (0, schemas.read(name), "")


def test_a_schema_that_there_is_not_is_wrong_usage(tmp_path: Path) -> None:
    assert Here(tmp_path).run("schema", "calendar").code == 64


def test_a_schema_is_written_beside_the_manifest(tmp_path: Path) -> None:
    (tmp_path / "mk").mkdir()
    for _ in range(2):
        assert Here(tmp_path).run("-C", "mk", "schema", "--write").code == 0
    assert [path.name for path in (tmp_path / "mk").iterdir()] == ["manifest.schema.json"]
    text = (tmp_path / "mk" / "manifest.schema.json").read_text("utf-8")
    assert text == schemas.read("manifest")


def test_the_schema_that_older_manifests_name_is_kept_up_to_date(tmp_path: Path) -> None:
    older = tmp_path / ".pushctl" / "manifest.schema.json"
    older.parent.mkdir()
    older.write_text("{}")
    assert Here(tmp_path).run("schema", "--write").code == 0
    assert older.read_text("utf-8") == schemas.read("manifest")


def test_a_clone_has_the_schema_that_the_manifest_of_init_names(tmp_path: Path) -> None:
    (tmp_path / "first").mkdir()
    git(tmp_path / "first", "init", "--quiet")
    assert Here(tmp_path / "first").run("init").code == 0
    git(tmp_path / "first", "add", "--all")
    git(tmp_path / "first", "commit", "--quiet", "--message", "begin")
    git(tmp_path, "clone", "--quiet", "first", "second")
    first, _, _ = (tmp_path / "second" / "pushctl.yaml").read_text("utf-8").partition("\n")
    named = tmp_path / "second" / first.partition("$schema=")[2]
    assert named.read_text("utf-8") == schemas.read("manifest")
