"""`pushctl fmt` as people and CI run it: it finds the files, writes only them, and then rests."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest

from tests.acceptance.cli import Here, Project, example

UGLY = "version:   1\npushes:\n    a: {to: {users: [0042]}}   # Äpfel\n"
TIDY = 'version: 1\n\npushes:\n  a: {to: {users: ["0042"]}}   # Äpfel\n'


def contents(folder: Path) -> dict[str, bytes]:
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


@pytest.fixture
def project(tmp_path: Path) -> Here:
    here = Here(tmp_path)
    here.write("include: [more/*.yaml]\nversion: 1\n")
    here.write(UGLY, "more/one.yaml")
    here.write("timezone:  UTC\n", "environments/live.yaml")
    here.write(UGLY, "unrelated.yaml")
    return here


def test_all_files_of_the_manifest_and_no_others_are_laid_out(project: Here) -> None:
    ran = project.run("fmt")
    assert ran.code == 0, ran
    assert ran.out == (
        "formatted pushctl.yaml\nformatted more/one.yaml\nformatted environments/live.yaml\n"
        "3 files formatted.\n"
    )
    after = contents(project.folder)
    assert after["more/one.yaml"].decode() == TIDY
    assert after["environments/live.yaml"] == b"timezone: UTC\n"
    assert after["unrelated.yaml"].decode() == UGLY
    again = project.run("fmt")
    assert (again.code, again.out) == (0, "Nothing to change, 3 files are fine.\n")
    assert contents(project.folder) == after


def test_check_and_diff_write_nothing(project: Here) -> None:
    before = contents(project.folder)
    check = project.run("fmt", "--check")
    assert check.code == 1
    assert "would change more/one.yaml\n" in check.out
    diff = project.run("fmt", "--diff")
    assert diff.code == 0
    assert "--- a/more/one.yaml\n+++ b/more/one.yaml\n" in diff.out
    assert '+  a: {to: {users: ["0042"]}}   # Äpfel\n' in diff.out
    assert project.run("fmt", "--check", "--diff").code == 1
    assert contents(project.folder) == before
    project.run("fmt")
    assert project.run("fmt", "--check").code == 0
    assert project.run("fmt", "--check", "--diff").out == ""


def test_a_hostile_file_cannot_write_to_the_terminal(tmp_path: Path) -> None:
    here = Here(tmp_path)
    here.write("version:  1\nvars: {a: 'x ::error::x \u202e'}\n")
    ran = here.run("fmt", "--diff")
    assert "\u202e" not in ran.out
    assert " ::" not in ran.out


def test_only_named_files_are_laid_out(project: Here) -> None:
    assert project.run("fmt", "unrelated.yaml").code == 0
    after = contents(project.folder)
    assert after["unrelated.yaml"].decode() == TIDY
    assert after["more/one.yaml"].decode() == UGLY


def test_permissions_stay(project: Here) -> None:
    path = project.folder / "more" / "one.yaml"
    path.chmod(0o640)
    project.run("fmt")
    assert stat.S_IMODE(path.stat().st_mode) == 0o640


def test_what_is_broken_is_said_and_the_rest_is_done(project: Here) -> None:
    project.write("pushes: [", "more/two.yaml")
    ran = project.run("fmt")
    assert ran.code == 1
    assert ran.err.count("PSH100") == 1
    assert "more/two.yaml:1:9" in ran.err
    assert contents(project.folder)["more/one.yaml"].decode() == TIDY
    assert contents(project.folder)["more/two.yaml"] == b"pushes: ["


def test_links_and_files_elsewhere_are_not_written(project: Here, tmp_path: Path) -> None:
    outside = tmp_path.parent / f"{tmp_path.name}-outside.yaml"
    outside.write_text(UGLY, "utf-8")
    assert project.run("fmt", str(outside)).code == 1
    (project.folder / "link.yaml").symlink_to("unrelated.yaml")
    ran = project.run("fmt", "link.yaml")
    assert ran.code == 1
    assert "link.yaml is a link" in ran.err
    (project.folder / "out.yaml").symlink_to(outside)
    assert "PSH106" in project.run("fmt", "out.yaml").err
    assert outside.read_text("utf-8") == UGLY
    assert contents(project.folder)["unrelated.yaml"].decode() == UGLY


def test_a_key_on_two_lines_leaves_the_file_as_it_is(tmp_path: Path) -> None:
    here = Here(tmp_path)
    here.write('? "a\n  b"\n: 1\n')
    ran = here.run("fmt")
    assert ran.code == 1
    assert "was left as it is" in ran.err
    assert (tmp_path / "pushctl.yaml").read_text() == '? "a\n  b"\n: 1\n'


def test_fmt_changes_nothing_about_the_plan(tmp_path: Path) -> None:
    here = example("local-time", tmp_path, Here)
    text = (tmp_path / "pushctl.yaml").read_text("utf-8")
    lines = [f"{line}  # {number}" for number, line in enumerate(text.splitlines(), 1)]
    here.write("\n".join(line.replace("  ", "   ", 1) for line in lines))
    env = {"PUSHCTL_NOW": "2026-12-01T09:00:00+08:00"}
    before = here.run("plan", "--offline", "--format", "json", env=env).json
    assert here.run("fmt").code == 0
    after = here.run("plan", "--offline", "--format", "json", env=env).json
    for document in (before, after):
        for change in document["changes"]:
            change.pop("source")
    assert before["changes"] == after["changes"] != []


def test_a_pipe_is_a_filter(tmp_path: Path) -> None:
    project = Project(tmp_path)
    ran = project.run("fmt", "-", stdin=UGLY)
    assert (ran.code, ran.out) == (0, TIDY)
    assert project.run("fmt", "-", "--check", stdin=TIDY).code == 0
    assert project.run("fmt", "-", "--check", stdin=UGLY).code == 1
    broken = project.run("fmt", "-", stdin="a: [")
    assert (broken.code, broken.out) == (1, "")
    assert project.run("fmt", "-", "--diff", stdin=UGLY).code == 64
