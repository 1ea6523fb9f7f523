"""What stands on the state branch is content: no link, filter or name of it is ever obeyed."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import pytest

from tests.acceptance.ci.machine import SEEN, STATE, Machine
from tests.acceptance.ci.runner import git
from tests.security.hostile import offences

FILE = "pushctl.state.json"
SECRET = "what-nobody-may-publish"
PROGRAM = "\n".join(('{"lineage": "ours", "serial": 1}', "$Id$", ""))


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    (tmp_path / "beside").write_text(SECRET)
    return Machine(tmp_path, LEAKED_TOKEN=SECRET)


def put(machine: Machine, *entries: tuple[str, str, str]) -> None:
    """Commit entries to the state branch without a check-out: their modes, paths and contents."""
    listed = []
    for mode, path, content in entries:
        oid = "1" * 40 if mode == "160000" else blob(machine, content)
        listed.append(f"{mode} {oid}\t{path}")
    raw(machine, "read-tree", STATE if machine.tip() else "--empty")
    raw(machine, "update-index", "--index-info", stdin="\n".join(listed))
    parent = ["-p", STATE] if machine.tip() else []
    made = git(machine.bare, "commit-tree", *parent, "-m", "odd", raw(machine, "write-tree"))
    for ref in (f"refs/heads/{STATE}", SEEN):
        git(machine.bare, "update-ref", ref, made)


def blob(machine: Machine, content: str) -> str:
    return raw(machine, "hash-object", "-w", "--stdin", stdin=content)


def raw(machine: Machine, *arguments: str, stdin: str = "") -> str:
    done = subprocess.run(
        ["git", *arguments], cwd=machine.bare, input=stdin, capture_output=True, text=True
    )
    assert done.returncode == 0, done
    return done.stdout.strip()


def modes(machine: Machine) -> dict[str, str]:
    lines = git(machine.bare, "ls-tree", "-r", STATE).splitlines()
    return {line.split("\t")[1]: line[:6] for line in lines}


def published(machine: Machine) -> list[Path]:
    """Return the files of the machine, artifacts among them, that hold what nobody may publish."""
    files = (path for path in machine.folder.rglob("*") if path.is_file() or path.is_symlink())
    return [path for path in files if path.is_symlink() or SECRET.encode() in path.read_bytes()]


ODD = {
    "an absolute link": ("120000", FILE, "/etc/passwd"),
    "a link to the environment": ("120000", FILE, "/proc/self/environ"),
    "a relative link": ("120000", FILE, "../../../../beside"),
    "a link that leads nowhere": ("120000", "pushctl.state.history", "nowhere"),
    "a link to a folder": ("120000", "pushctl.state.journal", "."),
    "a link for the claim": ("120000", "pushctl.claim", "/proc/self/environ"),
    "a link for the sandbox": ("120000", "pushctl.sandbox.db", "../../../beside"),
    "a link among what was put aside": ("120000", f"{FILE}.aside-1", "/proc/self/environ"),
    "a program": ("100755", FILE, PROGRAM),
    "another repository": ("160000", FILE, ""),
    "a folder": ("100644", f"{FILE}/inside", "x"),
}


@pytest.mark.parametrize("name", ODD)
def test_whatever_is_no_plain_file_is_refused(machine: Machine, name: str) -> None:
    put(machine, ODD[name])
    before = machine.tip()
    for command in ("plan", "apply", "stop"):
        said = machine.refused("begin", INPUT_COMMAND=command)
        assert "Only plain files (mode 100644) are taken for a state" in said
        assert SECRET not in said
        machine.fine("end", INPUT_COMMAND=command)
        assert published(machine) == []
        assert machine.kept == {} if command != "plan" else True
    assert machine.tip() == before
    assert not (machine.work / FILE).exists()


@pytest.mark.parametrize("mode", ["120000", "160000", "100644"])
def test_the_folder_of_a_state_is_a_folder(machine: Machine, mode: str) -> None:
    (machine.work / "a" / "mk").mkdir(parents=True)
    put(machine, (mode, "a", "/etc"))
    assert "a on the branch" in machine.refused("begin", INPUT_WORKING_DIRECTORY="a/mk")


def test_a_link_that_appears_meanwhile_keeps_what_the_run_did(machine: Machine) -> None:
    machine.fine("begin")
    (machine.work / FILE).write_text(PROGRAM)
    put(machine, ("120000", FILE, "/proc/self/environ"))
    before = machine.tip()
    said = machine.refused("end")
    assert "Only plain files" in said
    assert "What this run did" in said
    assert machine.kept == {FILE: PROGRAM}
    assert (machine.tip(), published(machine)) == (before, [])


def test_a_link_that_the_run_leaves_is_not_followed(machine: Machine, tmp_path: Path) -> None:
    machine.fine("begin")
    for name in (FILE, "pushctl.stop-1.json", ".pushctl/sandbox.db"):
        (machine.work / name).symlink_to(tmp_path / "beside")
    assert "is a link" in machine.refused("end")
    (machine.work / FILE).unlink()
    (machine.work / FILE).write_text(PROGRAM)
    machine.fine("end")
    assert modes(machine) == {FILE: "100644"}


def test_filters_and_attributes_of_the_branch_change_nothing(machine: Machine) -> None:
    attributes = "* text eol=crlf ident working-tree-encoding=UTF-16 filter=lfs export-subst\n"
    put(machine, ("100644", ".gitattributes", attributes), ("100644", FILE, PROGRAM))
    machine.fine("begin")
    assert (machine.work / FILE).read_bytes() == PROGRAM.encode()
    machine.fine("end")
    assert raw(machine, "cat-file", "blob", f"{STATE}:{FILE}") == PROGRAM.strip()
    assert set(modes(machine)) == {".gitattributes", FILE}


def test_what_is_of_nobody_is_neither_read_nor_touched(machine: Machine) -> None:
    odd = "pushctl.state.json.aside-\\$(touch owned)"
    strange = (
        ("120000", "README", "/proc/self/environ"),
        ("120000", "mk/pushctl.state.json", "/proc/self/environ"),
        ("100755", "pushctl.prod.state.json", "x"),
        ("100644", odd, SECRET),
        ("160000", "module", ""),
    )
    put(machine, *strange)
    before = modes(machine)
    machine.fine("begin")
    (machine.work / FILE).write_text(PROGRAM)
    machine.fine("end")
    assert modes(machine) == {**before, FILE: "100644"}
    assert published(machine) == []
    assert not list(machine.folder.rglob("owned"))


def test_a_claim_is_words_and_no_commands(machine: Machine) -> None:
    told = "##[add-path]/tmp\r\n::error::owned\x1b[31m %0A ##vso[task] $(touch owned) `x`"
    put(machine, ("100644", "pushctl.claim", told + "x" * 100_000))
    said = machine.step("begin", INPUT_PATIENCE="1", INPUT_PAUSE="1").stdout
    said += machine.fine("begin", INPUT_COMMAND="plan")
    ours = said.replace("::error::The state", "The state").replace("::notice::At", "At")
    assert offences(ours) == []
    assert "add-path" in said
    assert len(said) < 5000


def test_a_plan_that_is_a_link_is_not_read(machine: Machine, tmp_path: Path) -> None:
    (machine.work / "plan.pushplan").symlink_to(tmp_path / "beside")
    assert "no plain file" in machine.refused("run", INPUT_PLAN_FILE="plan.pushplan")
    (machine.work / "plan.pushplan").unlink()
    assert published(machine) == []


def test_a_folder_that_looks_like_a_repository_is_none(machine: Machine) -> None:
    """Git takes a folder with these files for a repository, and runs what its settings name."""
    mk = machine.work / "mk"
    for part in ("objects", "refs"):
        (mk / part).mkdir(parents=True)
    (mk / "HEAD").write_text("ref: refs/heads/main\n")
    owned = machine.folder / "owned"
    (mk / "config").write_text(
        f"[core]\nbare = false\nworktree = .\nrepositoryformatversion = 0\n"
        f"fsmonitor = {json.dumps(f'touch {owned}; false')}\n"
    )
    assert "cannot tell which files" in machine.refused("begin", INPUT_WORKING_DIRECTORY="mk")
    assert not owned.exists()
