"""What `validate` looks at beside the manifest."""

from __future__ import annotations

from pathlib import Path

from tests.acceptance.cli import Here

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
