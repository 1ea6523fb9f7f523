"""`validate --fix`: applies the edits of findings, file by file, until there are none left."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path

from msgspec import Struct, field

from pushctl.cli.write_file import rewrite
from pushctl.diagnostics import Diagnostic, Edit
from pushctl.errors import PushctlError
from pushctl.manifest.edit.apply import apply_edits, compatible, files_of
from pushctl.manifest.files.reader import FileProblem, Files
from pushctl.manifest.yaml.loader import MAX_BYTES

MAX_ROUNDS = 30
"""One fixed value may bring up the next, and one look shows only the first thousand findings."""

Findings = tuple[Diagnostic, ...]


class Fixed(Struct):
    """What was fixed, in the order in which it was done, and why some of it was not."""

    done: list[Diagnostic] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)

    @property
    def files(self) -> int:
        """How many files were written."""
        return len({name for item in self.done for name in files_of(item)})


def fix(folder: Path, findings: Callable[[], Findings]) -> Fixed:
    """Apply the edits of findings to files below a folder; `findings` checks the manifest anew."""
    fixed = Fixed()
    failed: set[tuple[Edit, ...]] = set()
    for _ in range(MAX_ROUNDS):
        wanted = compatible(item for item in findings() if item.edits not in failed)
        if not wanted:
            return fixed
        before = len(fixed.done)
        for name in dict.fromkeys(name for item in wanted for name in files_of(item)):
            # Half of a change would be worse than none.
            here = [item for item in wanted if files_of(item) == {name}]
            if here:
                _fix_file(folder, name, here, fixed)
        failed |= {item.edits for item in wanted if item not in fixed.done[before:]}
    fixed.problems.append("there is more to fix; run the same command again")
    return fixed


def _fix_file(folder: Path, name: str, wanted: list[Diagnostic], fixed: Fixed) -> None:
    """Write one file with as many of the edits as go together, and note the rest."""
    try:
        content = Files(folder).read(name, limit=MAX_BYTES)
        after, done = _applied(content, wanted)
        if after != content:
            rewrite(folder, name, content, after)
    except FileProblem as problem:
        fixed.problems.append(str(problem))
        return
    except PushctlError as error:
        fixed.problems.append(f"{error.detail}; {error.fix}" if error.fix else error.detail)
        return
    fixed.done += done
    for item in wanted:
        if item not in done and item.range is not None:
            line = item.range.start.line
            fixed.problems.append(f"{name}:{line} {item.code} cannot be fixed automatically")


def _applied(content: bytes, wanted: list[Diagnostic]) -> tuple[bytes, list[Diagnostic]]:
    after = apply_edits(content, _edits(wanted))
    if after is not None:
        return after, wanted
    after, done = content, list[Diagnostic]()
    for item in wanted:
        more = apply_edits(content, _edits([*done, item]))
        if more is not None:
            after, done = more, [*done, item]
    return after, done


def _edits(findings: Iterable[Diagnostic]) -> list[Edit]:
    return [edit for item in findings for edit in item.edits]
