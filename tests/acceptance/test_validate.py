"""What `validate` looks at beside the manifest."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.acceptance.cli import Here, example

HEAD = "version: 1\napp: {id: ONEX0000000000000, workspace: test}\ntimezone: Asia/Shanghai\n"
ENTRY = "schedule: {%s}\n    to: {users: [ann]}\n    message: {title: T, body: B}\n"


def test_the_state_is_read_only_where_something_depends_on_it(tmp_path: Path) -> None:
    here = Here(tmp_path)
    (tmp_path / "pushctl.state.json").write_text("damaged", "utf-8")
    coming = ENTRY % "at: 2026-12-24T20:00" + "  loop:\n    " + ENTRY % 'every: day, at: "20:00"'
    here.write(f"{HEAD}pushes:\n  sale:\n    {coming}")
    env = {"PUSHCTL_NOW": "2026-12-01T09:00:00+08:00"}
    ran = here.run("validate", env=env)
    assert ran.code == 0, ran
    ran = here.run("validate", env={"PUSHCTL_NOW": "2026-12-25T09:00:00+08:00"})
    assert (ran.code, "The state file is damaged" in ran.err) == (1, True), ran


@pytest.mark.parametrize("path", ["shop", "shop/pushctl.yaml", "shop/ops/delivery.yaml"])
def test_a_manifest_may_be_named_by_its_folder_or_any_of_its_files(
    path: str, tmp_path: Path
) -> None:
    example("team", tmp_path / "shop")
    ran = Here(tmp_path).run("validate", path)
    assert (ran.code, ran.out) == (0, "The manifest is valid (60 pushes): no findings.\n"), ran
    ran = Here(tmp_path).run("validate", path, "-C", "shop")
    assert (ran.code, f"named twice: {path}, and by -C or -f" in ran.err) == (64, True)


@pytest.mark.parametrize("name", ["other.yaml", "none.yaml"])
def test_another_root_manifest_is_named_by_its_file(name: str, tmp_path: Path) -> None:
    here = Here(tmp_path)
    here.write(f"{HEAD}pushes: {{}}\n")
    here.write(f"{HEAD}pushes: []\n", "shop/other.yaml")
    ran = here.run("validate", f"shop/{name}")
    assert (ran.code, ran.out.startswith(f"✗ {name}:")) == (1, True), ran
