"""What a newer version would write into CI files, with what their owner changed kept."""

from __future__ import annotations

import difflib
from importlib import resources
from pathlib import Path
from tempfile import TemporaryDirectory

from msgspec import Struct

from pushctl.cli.ci.templates import ACTION, LISTS, USES, digest, signed, templates
from pushctl.errors import ConfigError
from pushctl.git_command import run_git
from pushctl.text.escape import terminal
from pushctl.text.regex import regex

_SIGNED = regex(r"# Written by pushctl (\S+) \(([0-9a-f]{12})\).*\n")


class Upgrade(Struct, frozen=True):
    """A file as it is (empty: not there) and as it would be; `conflicts` have marks around them."""

    name: str
    before: str
    after: str
    conflicts: int = 0

    def diff(self) -> str:
        """Return the difference for people."""
        old, new = self.before.splitlines(), self.after.splitlines()
        lines = difflib.unified_diff(old, new, f"a/{self.name}", f"b/{self.name}", lineterm="")
        return "".join(f"{terminal(line)}\n" for line in lines)


def upgrades(root: Path, ci: str) -> list[Upgrade]:
    """Return which CI files of a repository this version would change.

    Raises `ConfigError` if there are none, or a version wrote them that is not known here.
    """
    newest, listed = templates(ci), _read(root / LISTS[ci])
    if not listed:
        fix = f"write them: pushctl init --ci {ci}"
        raise ConfigError("There are no CI files to upgrade", LISTS[ci], fix=fix)
    if USES not in listed:
        newest.pop(ACTION, None)
    found = (upgraded(name, _read(root / name), text, ci) for name, text in newest.items())
    return [item for item in found if item.after != item.before]


def _read(path: Path) -> str:
    return path.read_bytes().decode() if path.is_file() else ""


def upgraded(name: str, before: str, newest: str, ci: str) -> Upgrade:
    """Merge three ways: what is there, the template it was made from, and the newest template."""
    body = before.replace("\r\n", "\n")
    wrote = _SIGNED.match(body)
    if wrote and wrote[2] == digest(newest):
        return Upgrade(name, before, before)
    body = body[wrote.end() :] if wrote else body
    merged, conflicts = newest, 0
    if before:
        kept = [text for text in earlier(name) if wrote is None or digest(text) == wrote[2]]
        if not kept:
            detail = f"{name}, by pushctl {wrote[1] if wrote else '?'}"
            raise ConfigError("Another version wrote this file", detail, fix="use a newer pushctl")
        merged, conflicts = _merged(body, kept[0], newest)
    after = signed(merged, ci, digest(newest))
    ends = "\r\n" if "\r\n" in before else "\n"
    return Upgrade(name, before, after.replace("\n", ends), conflicts)


def earlier(name: str) -> list[str]:
    """Return the templates of a file in earlier versions, that of before 0.1.0 first."""
    folder = resources.files("pushctl") / "templates" / "earlier"
    paths = (folder / version / name[1:] for version in sorted(at.name for at in folder.iterdir()))
    return [path.read_text("utf-8") for path in paths if path.is_file()]


def _merged(text: str, old: str, new: str) -> tuple[str, int]:
    """Return the text with what is new, and how many conflicts have marks in it."""
    with TemporaryDirectory() as folder:
        for name, content in {"yours": text, "base": old, "newer": new}.items():
            Path(folder, name).write_bytes(content.encode())
        done = run_git("merge-file", "-p", "yours", "base", "newer", folder=Path(folder))
    if done.returncode > 127:
        raise ConfigError("git could not merge", done.stderr.decode("utf-8", "replace"))
    return done.stdout.decode(), done.returncode
