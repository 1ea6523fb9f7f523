"""A project as the server checked it: its entries, their schedules, its findings."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

from msgspec import Struct, field

from pushctl.diagnostics import Diagnostic, in_reading_order
from pushctl.lint.runner import accepted, linted
from pushctl.lint.severity import with_effective_severity
from pushctl.manifest.compile import compile_manifest
from pushctl.manifest.files.reader import Files
from pushctl.manifest.read import read_manifest
from pushctl.manifest.resolved import Reading
from pushctl.manifest.schema.models import Manifest
from pushctl.push.push import Push


class Surroundings(Struct, frozen=True):
    """What does not stand in the manifest: the time (epoch seconds), and what was applied.

    `recorded` holds the ids that have tasks, `label` names a target where people read.
    """

    now: int
    recorded: frozenset[str] = frozenset()
    label: Callable[[str], str] = str


class CheckedProject(Struct, frozen=True):
    """A project at one moment; `unsaved` are the texts by file name that counted instead of files.

    `pushes` are those that could be compiled, by id.
    """

    reading: Reading
    pushes: Mapping[str, Push]
    diagnostics: tuple[Diagnostic, ...]
    surroundings: Surroundings
    unsaved: Mapping[str, bytes] = field(default_factory=dict)

    @property
    def readable(self) -> bool:
        """Whether all files could be read as YAML."""
        return not any(item.code == "PSH100" for item in self.diagnostics)

    @property
    def ids(self) -> tuple[str, ...]:
        """Return the ids of all valid entries, in their order."""
        return tuple(push.id for push in self.reading.pushes)

    def instances(self, id: str) -> tuple[str, ...]:
        """Return the pushes of an entry: itself, or one for each item of its `for_each`."""
        return tuple(known for known in self.ids if known == id or known.startswith(f"{id}["))


def check_project(
    folder: Path,
    *,
    file: str,
    environment: str | None,
    unsaved: Mapping[str, bytes],
    surroundings: Callable[[Manifest], Surroundings],
) -> CheckedProject:
    """Read, compile and check a project as `pushctl validate` does, unsaved texts included."""
    reading = read_manifest(Files(folder, unsaved, fetch=False), file=file, environment=environment)
    manifest = reading.manifest
    if manifest is None:
        return CheckedProject(reading, {}, reading.diagnostics, Surroundings(0), unsaved)
    around = surroundings(manifest)
    compiled = compile_manifest(reading, now=around.now, recorded=around.recorded)
    findings = [*reading.diagnostics, *compiled.diagnostics]
    findings += linted(
        reading, compiled, now=around.now, recorded=around.recorded, label=around.label
    )
    left = with_effective_severity(findings, manifest.policy.rules, accepted(reading))
    pushes = {push.id: push for push in compiled.pushes}
    return CheckedProject(reading, pushes, in_reading_order(left), around, unsaved)
