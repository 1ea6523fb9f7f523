"""A project in a git repository of its own, in this process."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path
from typing import Any

from tests.acceptance.cli import Here, Ran

IDENTITY = {
    "GIT_AUTHOR_NAME": "Lin",
    "GIT_AUTHOR_EMAIL": "lin@acme.example",
    "GIT_COMMITTER_NAME": "Lin",
    "GIT_COMMITTER_EMAIL": "lin@acme.example",
    "GIT_CONFIG_GLOBAL": os.devnull,
    "GIT_CONFIG_SYSTEM": os.devnull,
}


def git(folder: Path, *arguments: str) -> str:
    """Run git, and return what it says."""
    done = subprocess.run(
        ["git", *arguments],
        cwd=folder,
        env={**os.environ, **IDENTITY},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


class Tracked(Here):
    """A project whose `main` is a branch of a repository; `inside` is its folder there."""

    def commit(self, message: str = "Change") -> None:
        """Commit everything."""
        git(self.folder, "add", "-A", ".")
        git(self.folder, "commit", "-q", "--allow-empty", "-m", message)

    def replace(self, name: str, now: str, then: str) -> None:
        """Edit a file in one place."""
        text = (self.folder / name).read_text("utf-8")
        assert text.count(now) == 1, text
        self.write(text.replace(now, then), name)

    def since(self, base: str = "main", *options: str) -> Ran:
        """Plan with a base, as JSON."""
        return self.run("plan", "--format", "json", "--base", base, *options)


def tracked(folder: Path, inside: str = "") -> Tracked:
    """Make an empty repository."""
    git(folder, "init", "-q", "-b", "main")
    (folder / ".gitignore").write_text(".pushctl/\n*.state.*\n")
    project = Tracked(folder / inside)
    project.folder.mkdir(exist_ok=True)
    return project


def causes(ran: Ran) -> dict[str, str]:
    """Return the cause of every change of a plan, by id."""
    return {item["id"]: item["origin"]["cause"] for item in ran.json["changes"]}


def lines(ran: Ran, id: str) -> list[str]:
    """Return the lines that a change comes from, as people write them."""
    origin: Any = next(item["origin"] for item in ran.json["changes"] if item["id"] == id)
    return [
        f"{item['file']}:{item['first']}-{item['last']}{' gone' if item['former'] else ''}"
        f"{' ' + item['part'] if item['part'] else ''}"
        for item in origin["lines"]
    ]


def told(ran: Ran) -> list[Any]:
    """Return what a plan finds about the edits, and not about the manifest itself."""
    return [item for item in ran.json["diagnostics"] if "PSH609" <= item["code"] <= "PSH615"]


def codes(ran: Ran) -> list[str]:
    """Return the codes of those findings."""
    return [item["code"] for item in told(ran)]
