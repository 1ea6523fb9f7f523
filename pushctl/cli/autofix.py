"""`validate --fix`: make the edits of findings, file by file, until there are none left to make."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from pushctl.cli.write_file import rewrite
from pushctl.diagnostics import Diagnostic, Edit
from pushctl.errors import PushctlError
from pushctl.manifest.edit.apply import mended, together
from pushctl.manifest.files.reader import FileProblem, Files
from pushctl.manifest.yaml.loader import MAX_BYTES

MAX_ROUNDS = 30
"""One mended value may bring up the next, and a look shows only the first thousand findings."""

Findings = tuple[Diagnostic, ...]


@dataclass(slots=True)
class Fixed:
    """What was mended, in the order in which it was done, and why some of it was not."""

    done: list[Diagnostic] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)

    @property
    def files(self) -> int:
        """How many files were written."""
        return len({edit.range.filename for item in self.done for edit in item.edits})


def fix(folder: Path, findings: Callable[[], Findings]) -> Fixed:
    """Mend what can be mended below a folder; `findings` looks at the manifest anew."""
    fixed = Fixed()
    given_up: set[tuple[Edit, ...]] = set()
    for _ in range(MAX_ROUNDS):
        open_ = (item for item in findings() if item.edits and item.edits not in given_up)
        wanted = together(open_)
        if not wanted:
            break
        done = list(_round(folder, wanted, fixed))
        fixed.done += done
        given_up |= {item.edits for item in wanted if item not in done}
    else:
        fixed.problems.append("there is more to mend; run the same command again")
    return fixed


def _round(folder: Path, wanted: list[Diagnostic], fixed: Fixed) -> Iterator[Diagnostic]:
    """Make the edits of one round; yields the findings that are mended."""
    for name in dict.fromkeys(edit.range.filename for item in wanted for edit in item.edits):
        here = [item for item in wanted if _only_in(item, name)]
        if not here:
            continue
        try:
            content = Files(folder).read(name, limit=MAX_BYTES)
            mendable, after = _mendable(content, here)
            if after != content:
                rewrite(folder, name, content, after)
        except FileProblem as problem:
            fixed.problems.append(str(problem))
            continue
        except PushctlError as error:
            fixed.problems.append(f"{error.detail}; {error.fix}" if error.fix else error.detail)
            continue
        yield from mendable
        for item in here:
            if item not in mendable and item.range is not None:
                line = item.range.start.line
                fixed.problems.append(f"{name}:{line} {item.code} cannot be mended by itself")


def _only_in(item: Diagnostic, name: str) -> bool:
    """Tell whether a finding is mended in this file alone; half of a change would be worse."""
    return {edit.range.filename for edit in item.edits} == {name}


def _mendable(content: bytes, items: list[Diagnostic]) -> tuple[list[Diagnostic], bytes]:
    """Make all edits; if they do not go together, as many as do."""
    after = mended(content, [edit for item in items for edit in item.edits])
    if after is not None:
        return items, after
    found: list[Diagnostic] = []
    for item in items:
        if mended(content, item.edits) is not None:
            after = mended(content, [edit for one in (*found, item) for edit in one.edits])
            found += [item] if after is not None else []
    edits = [edit for item in found for edit in item.edits]
    return found, (mended(content, edits) if edits else None) or content
