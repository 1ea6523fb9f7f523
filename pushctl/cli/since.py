"""`--base REF`: the plan of an earlier version, and which changes the edits since then explain."""

from __future__ import annotations

from dataclasses import replace

from pushctl.cli import git
from pushctl.cli.session import TOLERANT, Session
from pushctl.core.explained import explained
from pushctl.core.plan import Plan
from pushctl.core.planner import Look, Wishes, believed, make_plan
from pushctl.core.state import State
from pushctl.core.unexplained import findings
from pushctl.diagnostics import Diagnostic, Severity
from pushctl.errors import ManifestError
from pushctl.lint.run import accepted
from pushctl.lint.verdict import judged
from pushctl.manifest.compare import Version, edits, version
from pushctl.manifest.files import Files
from pushctl.manifest.read import read_manifest
from pushctl.manifest.tree import Tree


def with_origins(
    session: Session, plan: Plan, wishes: Wishes, state: State, seen: Look | None, ref: str
) -> Plan:
    """Say of every change of a plan where it comes from; raises `ConfigError`."""
    folder = session.invocation.folder
    repository = git.repository(folder)
    base = repository.base(ref)
    listed = repository.files(base)
    with git.blobs(repository) as contents:
        tree = Tree(folder, listed, contents.read)
        plan = replace(plan, base=str(base))
        name = tree.name(session.invocation.file)
        if name not in listed:
            earlier = replace(session.reading, manifest=None, pushes=(), documents=())
            earlier_wishes = replace(wishes, desired=(), adopts={}, diagnostics=())
        else:
            earlier = read_manifest(tree, file=name, environment=session.invocation.env)
            wanted = _wishes(session, version(earlier, tree), state, wishes)
            if isinstance(wanted, Diagnostic):
                return replace(plan, diagnostics=(*plan.diagnostics, wanted))
            earlier_wishes = wanted
        compared = edits(version(earlier, tree), version(session.reading, Files(folder)))
    before = make_plan(earlier_wishes, state, seen)
    _, refreshed = believed(wishes, state, seen)
    told = explained(plan, before, compared, refreshed.state, wishes)
    plan = replace(plan, origins=told)
    levels = session.manifest.policy.rules
    found = judged(findings(plan), levels, accepted(session.reading))
    return replace(plan, diagnostics=(*plan.diagnostics, *found))


def _wishes(
    session: Session, earlier: Version, state: State, wishes: Wishes
) -> Wishes | Diagnostic:
    """Return what the earlier version wanted, or why that cannot be known."""
    manifest = earlier.reading.manifest
    if manifest is None:
        return _unreadable(ManifestError(earlier.reading.diagnostics))
    then = replace(session, reading=earlier.reading, manifest=manifest)
    try:
        wanted = then.wishes(state, TOLERANT)
    except ManifestError as error:
        return _unreadable(error)
    intent = replace(
        wanted.context.intent,
        now_or_never=wishes.context.intent.now_or_never,
        send_late=wishes.context.intent.send_late,
        allow_immediate=wishes.context.intent.allow_immediate,
    )
    return replace(
        wanted,
        context=replace(wanted.context, intent=intent),
        only=wishes.only,
        exclude=wishes.exclude,
    )


def _unreadable(error: ManifestError) -> Diagnostic:
    first = next(item for item in error.diagnostics if item.severity is Severity.ERROR)
    place = f"{first.range.filename}, line {first.range.start.line}: " if first.range else ""
    return Diagnostic(
        Severity.WARNING,
        "PSH613",
        "The version to compare with has errors",
        f"So no change can be traced to an edit. {place}{first.detail}",
        fix="look at every change of this plan",
    )
