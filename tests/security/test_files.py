"""Paths and links that want out of the manifest's folder, and files that are none."""

from __future__ import annotations

import ast
import os
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from pushctl.cli.project.source_lines import attached
from pushctl.manifest.files import glob
from pushctl.manifest.files.reader import FileProblem, Files
from pushctl.manifest.read import read_manifest
from pushctl.manifest.resolved import Reading
from tests.unit.manifest.project import HEAD, PUSH, codes, project

SECRET = "akid-and-secret-of-somebody"


@pytest.fixture
def outside(tmp_path: Path) -> Path:
    """A file of somebody else, beside the manifest's folder."""
    (tmp_path / "outside").mkdir()
    path = tmp_path / "outside" / "credentials"
    path.write_text(f"{SECRET}: 1\n")
    return path


@pytest.fixture
def root(tmp_path: Path) -> Path:
    (tmp_path / "root").mkdir()
    return tmp_path / "root"


def shown(root: Path, *, file: str = "pushctl.yaml") -> str:
    """Say everything that is told about a manifest, the lines of its files included."""
    found = attached(read_manifest(root, file=file).diagnostics, root)
    assert found
    return repr(found)


def test_a_manifest_that_is_a_link_shows_nothing_of_where_it_leads(
    root: Path, outside: Path
) -> None:
    (root / "pushctl.yaml").symlink_to(outside)
    assert "PSH106" in shown(root)
    assert SECRET not in shown(root)


@pytest.mark.parametrize(
    "spelling", ["../outside/credentials", "{}", "a/../../outside/credentials"]
)
def test_a_manifest_outside_shows_nothing(root: Path, outside: Path, spelling: str) -> None:
    file = spelling.format(outside)
    assert "PSH106" in shown(root, file=file)
    assert SECRET not in shown(root, file=file)


USES = [
    "include: ['{}']\npushes: {{}}\n",
    "pushes:\n  a:\n    schedule: {{every: day, at: '09:45'}}\n    to: {{users_from: '{}'}}\n"
    "    message: {{title: a, body: b}}\n",
]


@pytest.mark.parametrize("use", USES, ids=["include", "audience"])
@pytest.mark.parametrize(
    "path",
    [
        "link.txt",
        "folder/credentials",
        "folder/../../outside/credentials",
        "../outside/credentials",
        "./../outside/./credentials",
        "ROOT/../outside/credentials",
        "/proc/self/environ",
        "/dev/zero",
    ],
)
def test_paths_and_links_out_of_the_folder_are_refused(
    root: Path, outside: Path, use: str, path: str
) -> None:
    (root / "link.txt").symlink_to(outside)
    (root / "folder").symlink_to(outside.parent)
    path = path.replace("ROOT", str(root))
    reading = project(root, {"pushctl.yaml": HEAD + use.format(path)})
    assert set(codes(reading)) == {"PSH106"}
    assert SECRET not in shown(root)
    assert reading.files == ("pushctl.yaml",)


def test_a_pattern_does_not_list_folders_outside(root: Path, outside: Path) -> None:
    (root / "folder").symlink_to(outside.parent)
    for pattern in ("folder/*", "fold*/*", "*/*", "folder/**/*", "*/cred*"):
        project(root, {"pushctl.yaml": HEAD + f"include: ['{pattern}']\npushes: {{}}\n"})
        assert "PSH106" in shown(root)
        assert "folder leads outside" in shown(root)
        assert "credentials" not in shown(root)


def test_any_depth_enters_no_links(root: Path, outside: Path) -> None:
    (root / "a").mkdir()
    (root / "a" / "up").symlink_to(root)
    (root / "a" / "out").symlink_to(outside.parent)
    (root / "a" / "x.yaml").write_text("pushes:\n  x:\n" + PUSH)
    text = HEAD + "include: ['**/*.yaml', '**/credentials']\npushes: {}\n"
    (root / "b").mkdir()
    (root / "pushctl.yml").write_text(text)
    assert Files(root).matches("**/*.yaml") == ["a/x.yaml"]
    assert Files(root).matches("**/credentials") == []


def test_a_pattern_comes_to_an_end(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    deep = root / "/".join("d" * 1 for _ in range(300))
    deep.mkdir(parents=True)
    (deep / "x.yaml").write_text("pushes: {}\n")
    begun = time.process_time()
    assert len(Files(root).matches("/".join(["**"] * 30) + "/*.yaml")) == 1
    assert time.process_time() - begun < 5
    monkeypatch.setattr(glob, "MAX_LOOKS", 1000)
    reading = project(
        root, {"pushctl.yaml": HEAD + "include: ['**/**/**/**/*.yaml']\npushes: {}\n"}
    )
    assert codes(reading) == ["PSH107"]
    assert "more than 1,000 names" in reading.diagnostics[0].detail


SPECIAL = {
    "/dev/zero": lambda path: path.symlink_to("/dev/zero"),
    "a pipe": lambda path: os.mkfifo(path),
    "a folder": lambda path: path.mkdir(),
    "a link to itself": lambda path: path.symlink_to(path.name),
    "a link to nowhere": lambda path: path.symlink_to("nowhere"),
    "a huge file": lambda path: (path.touch(), os.truncate(path, 1 << 40)),
}


def test_what_is_no_ordinary_file_is_refused_without_waiting(root: Path) -> None:
    """In a process with little memory: it neither waits nor reads for ever."""
    for number, make in enumerate(SPECIAL.values()):
        (root / str(number)).mkdir()
        make(root / str(number) / "pushctl.yaml")
    code = (
        "import resource; resource.setrlimit(resource.RLIMIT_AS, (1 << 30, 1 << 30));"
        "from pathlib import Path; from pushctl.cli.project.source_lines import attached;"
        "from pushctl.manifest.read import read_manifest;"
        "roots = sorted(Path('.').iterdir());"
        "found = [attached(read_manifest(root).diagnostics, root) for root in roots];"
        "print([item.code for items in found for item in items])"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=root, capture_output=True, text=True, timeout=30
    )
    codes = ast.literal_eval(done.stdout)
    assert len(codes) == len(SPECIAL), done
    assert set(codes) == {"PSH106", "PSH107", "PSH108"}


@pytest.mark.parametrize("become", ["link", "pipe", "folder behind a link"])
def test_a_file_that_becomes_something_else_between_look_and_opening_is_refused(
    root: Path, outside: Path, monkeypatch: pytest.MonkeyPatch, become: str
) -> None:
    """Whoever can change the folder at the right moment gains nothing."""
    folder, file = root / "teams", root / "teams" / "credentials"
    folder.mkdir()
    file.write_text("pushes: {}\n")
    look = os.stat

    def swap() -> None:
        file.unlink()
        if become == "link":
            file.symlink_to(outside)
        elif become == "pipe":
            os.mkfifo(file)
        else:
            folder.rmdir()
            folder.symlink_to(outside.parent)

    def swapping(path: object, *arguments: object, **options: object) -> os.stat_result:
        facts = look(path, *arguments, **options)  # type: ignore[call-overload]
        if path == file:
            swap()
        return facts

    files = Files(root)
    monkeypatch.setattr(os, "stat", swapping)
    with pytest.raises(FileProblem):
        files.read("teams/credentials", limit=1000)
    assert folder.is_symlink() or not file.is_file() or file.is_symlink()


def test_a_file_that_grows_while_it_is_read_is_refused(root: Path) -> None:
    (root / "a").write_bytes(b"x" * 11)
    with pytest.raises(FileProblem, match="at most"):
        Files(root).read("a", limit=10)


def test_all_files_together_are_limited(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("pushctl.manifest.files.reader.MAX_TOTAL", 1000)
    files: dict[str, str | bytes] = {
        f"t/{number}.yaml": "# " + "x" * 300 + "\npushes: {}\n" for number in range(5)
    }
    reading = project(root, {**files, "pushctl.yaml": HEAD + "include: ['t/*.yaml']\npushes: {}\n"})
    assert set(codes(reading)) == {"PSH108"}


def test_names_are_what_they_are_whatever_their_case(root: Path) -> None:
    """An include that is spelled another way is another file, or the same one only once."""
    (root / "Team.yaml").write_text("pushes:\n  x:\n" + PUSH)
    text = HEAD + "include: [Team.yaml, ./Team.yaml, t/../Team.yaml]\npushes: {}\n"
    reading = project(root, {"pushctl.yaml": text})
    assert [push.id for push in reading.pushes] == ["x"]


def test_reading_does_not_hold_files_open(root: Path) -> None:
    def count() -> int:
        return len(os.listdir("/dev/fd"))

    def read() -> Reading:
        return project(root, {"pushctl.yaml": HEAD + "include: ['a/b/*.yaml']\npushes: {}\n"})

    (root / "a" / "b").mkdir(parents=True)
    for number in range(20):
        (root / "a" / "b" / f"{number}.yaml").write_text("pushes: {}\n")
    read()
    before = count()
    threads = [threading.Thread(target=read_manifest, args=(root,)) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert count() == before
