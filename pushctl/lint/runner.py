"""Run every check over a project: from entries to findings with a place."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import TYPE_CHECKING

from pushctl.diagnostics import Diagnostic, Range, Severity
from pushctl.lint.catalogue.catalogue import rules
from pushctl.lint.checks import ENTRY_CHECKS, PROJECT_CHECKS
from pushctl.lint.context import project
from pushctl.lint.plugins import own_checks
from pushctl.lint.rule import Finding, Project, ProjectCheck, Subject
from pushctl.manifest import redaction
from pushctl.manifest.resolved import Reading

if TYPE_CHECKING:
    from pushctl.manifest.compile import Compiled


def linted(
    reading: Reading,
    compiled: Compiled,
    *,
    now: int,
    recorded: frozenset[str],
    label: Callable[[str], str],
) -> tuple[Diagnostic, ...]:
    """Return what all checks find in a manifest, those of the team included.

    `now` is in epoch seconds, `recorded` the ids that were applied before; `label` names a target.
    Raises `ConfigError` if a check of the team fails.
    """
    found = project(reading, compiled, now=now, recorded=recorded, label=label)
    if found is None:
        return ()
    return findings(found, reading, own_checks())


def findings(
    project: Project, reading: Reading, own: Iterable[ProjectCheck] = ()
) -> tuple[Diagnostic, ...]:
    """Return what all checks find; `own` are the team's."""
    found = tuple(
        _diagnostic(subject, item, reading) for subject, item in _found(project, tuple(own))
    )
    hashed = project.setting.app.targets == "hashed"
    return redaction.without_lines(found) if hashed else found


def _found(
    project: Project, own: tuple[ProjectCheck, ...]
) -> Iterator[tuple[Subject | None, Finding]]:
    off = {code for code, level in project.setting.policy.rules.items() if level == "off"}
    for subject in project.subjects:
        for check in ENTRY_CHECKS:
            for item in check(subject, project.setting):
                if item.code not in off:
                    yield subject, item
    for everywhere in (*PROJECT_CHECKS, *own):
        for subject_, item in everywhere(project):
            if item.code not in off:
                yield subject_, item


def _diagnostic(subject: Subject | None, item: Finding, reading: Reading) -> Diagnostic:
    known = rules().get(item.code)
    severity = item.severity or (known.severity if known is not None else Severity.WARNING)
    title = item.title or (known.title if known is not None else "A rule of this team")
    return Diagnostic(
        severity=severity,
        code=item.code,
        summary=title,
        detail=item.detail,
        range=_place(subject, item, reading),
        snippet="" if item.hidden else None,
        fix=item.fix,
        push=None if subject is None else subject.id,
        edits=item.edits,
    )


def _place(subject: Subject | None, item: Finding, reading: Reading) -> Range | None:
    return reading.locate(*item.path) if subject is None else subject.push.locate(*item.path)


def accepted(reading: Reading) -> Mapping[str, frozenset[str]]:
    """Return the codes that each entry accepts."""
    return {
        push.id: frozenset(allow.rule for allow in push.entry.allow)
        for push in reading.pushes
        if push.entry.allow
    }
