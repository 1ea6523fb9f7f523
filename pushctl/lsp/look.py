"""What is known of a project at one moment: its entries, its schedules, its findings."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from pushctl.diagnostics import Diagnostic, in_reading_order
from pushctl.lint.runner import accepted, linted
from pushctl.lint.severity import with_effective_severity
from pushctl.manifest.compile import Compiled, compile_manifest
from pushctl.manifest.files.reader import Files
from pushctl.manifest.read import Reading, read_manifest
from pushctl.push.push import DesiredPush

if TYPE_CHECKING:
    from pushctl.manifest.schema.models import Manifest


@dataclass(frozen=True, slots=True)
class Present:
    """What does not stand in the manifest: the moment (epoch seconds), and what was applied.

    `recorded` holds the ids that have tasks, `label` names a target where people read.
    """

    now: int
    recorded: frozenset[str] = frozenset()
    label: Callable[[str], str] = str


@dataclass(frozen=True, slots=True)
class Look:
    """A project as it was looked at; `unsaved` are the texts that counted instead of files."""

    folder: Path
    reading: Reading
    pushes: Mapping[str, DesiredPush]
    diagnostics: tuple[Diagnostic, ...]
    present: Present
    unsaved: Mapping[str, bytes] = field(default_factory=dict)

    @property
    def readable(self) -> bool:
        """Whether all files could be read as YAML."""
        return not any(item.code == "PSH100" for item in self.diagnostics)

    @property
    def ids(self) -> tuple[str, ...]:
        """Return the ids of all entries that could be read, in their order."""
        return tuple(push.id for push in (*self.reading.pushes, *self.reading.sketches))

    def instances(self, id: str) -> tuple[str, ...]:
        """Return the pushes of an entry: itself, or one for each item of its `for_each`."""
        return tuple(known for known in self.ids if known == id or known.startswith(f"{id}["))


def look(
    folder: Path,
    *,
    file: str,
    environment: str | None,
    unsaved: Mapping[str, bytes],
    present: Callable[[Manifest], Present],
) -> Look:
    """Read, compile and check a project as `pushctl validate` does, unsaved texts included."""
    reading = read_manifest(Files(folder, unsaved), file=file, environment=environment)
    manifest = reading.manifest
    if manifest is None:
        return Look(folder, reading, {}, reading.diagnostics, Present(0), unsaved)
    circumstances = present(manifest)
    compiled = compile_manifest(reading, now=circumstances.now, recorded=circumstances.recorded)
    findings = [*reading.diagnostics, *compiled.diagnostics]
    findings += linted(
        reading,
        compiled,
        now=circumstances.now,
        recorded=circumstances.recorded,
        label=circumstances.label,
    )
    left = with_effective_severity(findings, manifest.policy.rules, accepted(reading))
    return Look(
        folder,
        reading,
        _by_id(compiled),
        in_reading_order(left),
        circumstances,
        unsaved,
    )


def _by_id(compiled: Compiled) -> dict[str, DesiredPush]:
    return {push.id: push for push in compiled.pushes}
