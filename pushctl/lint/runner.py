"""Runs every check over a project: from entries to findings with a place."""

from __future__ import annotations

from collections.abc import Callable, Container, Iterable, Iterator, Mapping

from pushctl.diagnostics import Diagnostic, Range, Severity
from pushctl.lint.check import Finding, LintTarget, Project, ProjectCheck
from pushctl.lint.context import project
from pushctl.lint.plugins import own_checks
from pushctl.lint.registry import checks, rule
from pushctl.manifest import redaction
from pushctl.manifest.compile import Compiled
from pushctl.manifest.resolved import Reading


def linted(
    reading: Reading,
    compiled: Compiled,
    *,
    now: int,
    recorded: Container[str],
    label: Callable[[str], str],
) -> tuple[Diagnostic, ...]:
    """Return what all checks find in a manifest, those of the team included.

    `now` is in epoch seconds, `recorded` the ids that were applied before; `label` names a target.
    Raises `ConfigError` if a check of the team fails.
    """
    found = project(reading, compiled, now=now, recorded=recorded, label=label)
    return () if found is None else findings(found, reading, own_checks())


def findings(
    project: Project, reading: Reading, own: Iterable[ProjectCheck] = ()
) -> tuple[Diagnostic, ...]:
    """Return what all checks find; `own` are the team's."""
    found = tuple(_diagnostic(subject, item, reading) for subject, item in _found(project, own))
    return redaction.without_lines(found) if project.context.app.targets == "hashed" else found


def _found(
    project: Project, own: Iterable[ProjectCheck]
) -> Iterator[tuple[LintTarget | None, Finding]]:
    of_entries, of_projects = checks()
    for subject in project.subjects:
        for check in of_entries:
            for item in check(subject, project.context):
                yield subject, item
    for check_project in (*of_projects, *own):
        yield from check_project(project)


def _diagnostic(subject: LintTarget | None, item: Finding, reading: Reading) -> Diagnostic:
    known = rule(item.code)
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


def _place(subject: LintTarget | None, item: Finding, reading: Reading) -> Range | None:
    provenance = reading.provenance if subject is None else subject.push.provenance
    if provenance is None:
        return None
    locate = provenance.locate_key if item.of_key else provenance.locate
    return locate(*item.path)


def accepted(reading: Reading) -> Mapping[str, frozenset[str]]:
    """Return the codes that each entry accepts."""
    return {
        push.id: frozenset(allow.rule for allow in push.entry.allow)
        for push in reading.pushes
        if push.entry.allow
    }
