"""Adds to a plan where its changes come from, by the plan of an earlier commit (`--base REF`)."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from msgspec import Struct
from msgspec.structs import replace

from pushctl.cli.planning import git
from pushctl.cli.planning.plan_options import PlanOptions
from pushctl.cli.project.project import TOLERANT, Project
from pushctl.diagnostics import Diagnostic, Severity
from pushctl.errors import ManifestError
from pushctl.lint.policy_changes import (
    by_strictest_policy,
    policy_changes,
    suppressed_findings,
    under_former_policy,
)
from pushctl.manifest.diff.versions import Version, compare
from pushctl.manifest.files.git_tree import Tree
from pushctl.manifest.files.reader import Files
from pushctl.manifest.read import read_manifest
from pushctl.manifest.resolved import Reading
from pushctl.plan.change_origin import change_origins, findings
from pushctl.plan.origin import origin_of_edit
from pushctl.plan.plan import Plan
from pushctl.plan.planner import PlanRequest, make_plan, reconcile
from pushctl.plan.reconcile.listing import Listing
from pushctl.state.state import State


class PlanInputs(Struct, frozen=True):
    """What a plan was made from, besides the manifest."""

    request: PlanRequest
    state: State
    seen: Listing | None
    choices: PlanOptions


def with_change_origins(session: Project, plan: Plan, made: PlanInputs, ref: str) -> Plan:
    """Say of every change of a plan where it comes from; raises `ConfigError`."""
    folder = session.options.folder
    repository = git.repository(folder)
    base = repository.base(ref)
    plan = replace(plan, base=str(base))
    with git.blob_reader(repository) as read_blob:
        files = (repository.files(base), read_blob, partial(repository.outside, base))
        earlier = _read(session, Tree(folder, *files))
        wanted = _plan_request(session, earlier.reading, made.state, made.request)
        head = Version(session.reading, Files(folder), session.options.env)
        diff = compare(earlier, head)
    if isinstance(wanted, Diagnostic):
        found: tuple[Diagnostic, ...] = (wanted,)
    else:
        before = make_plan(wanted, made.state, made.seen)
        edits = {
            id: origin_of_edit(entry.lines, indented=entry.indented)
            for id, entry in diff.entries.items()
        }
        _, refreshed = reconcile(made.request, made.state, made.seen)
        origins = change_origins(plan, before, edits, diff.settings, refreshed.state, made.request)
        plan = replace(plan, origins=origins)
        found = findings(plan)
    rules = tuple(_rules(session, plan, made, earlier.reading))
    # Edits must not hide themselves: the stricter policy judges what is found about them.
    then = earlier.reading.manifest
    former = then.policy.rules if then else {}
    judged = by_strictest_policy(found, former, session.manifest.policy.rules)
    return replace(plan, diagnostics=(*plan.diagnostics, *rules, *judged))


def _rules(
    session: Project, plan: Plan, made: PlanInputs, earlier: Reading
) -> Iterator[Diagnostic]:
    """Yield what is not told because the edits change the rules, and which those are."""
    changed = tuple(policy_changes(earlier, session.reading))
    former = under_former_policy(earlier, session.reading)
    if not changed or former.manifest is None:
        return  # a manifest that was not there before, or could not be read, has no rules
    then = session.with_reading(former)
    refused: set[str] = set()
    try:
        strict = make_plan(
            then.plan_request(made.state, made.choices, lint=True), made.state, made.seen
        )
        told = strict.diagnostics
        refused = {item.id for item in strict.stopping} - {item.id for item in plan.stopping}
    except ManifestError as error:
        told = error.diagnostics
    yield from suppressed_findings(plan.diagnostics, told, sorted(refused), plan.base or "")
    yield from changed


def _read(session: Project, tree: Tree) -> Version:
    """Read an earlier version; one without a manifest wanted nothing."""
    name = tree.name(session.options.file)
    reading = replace(session.reading, manifest=None, pushes=(), diagnostics=(), documents=())
    if tree.exists(name):
        reading = read_manifest(tree, file=name, environment=session.options.env)
    return Version(reading, tree, session.options.env)


def _plan_request(
    session: Project, earlier: Reading, state: State, request: PlanRequest
) -> PlanRequest | Diagnostic:
    """Return what the earlier version wanted, or why that cannot be known."""
    if earlier.manifest is None:
        if not earlier.diagnostics:
            return replace(request, desired=(), adopts={}, diagnostics=())
        return _unreadable(ManifestError(earlier.diagnostics))
    then = session.with_reading(earlier)
    try:
        wanted = then.plan_request(state, TOLERANT)
    except ManifestError as error:
        return _unreadable(error)
    now = request.context.options
    options = replace(
        wanted.context.options,
        now_or_never=now.now_or_never,
        send_late=now.send_late,
        allow_immediate=now.allow_immediate,
    )
    context = replace(wanted.context, options=options)
    return replace(wanted, context=context, only=request.only, exclude=request.exclude)


def _unreadable(error: ManifestError) -> Diagnostic:
    first = next(item for item in error.diagnostics if item.severity is Severity.ERROR)
    place = f"{first.range.filename}, line {first.range.start.line}: " if first.range else ""
    summary = "The version to compare with has errors"
    detail = f"So no change can be traced to an edit. {place}{first.detail}"
    fix = "look at every change of this plan"
    return Diagnostic(Severity.WARNING, "PSH613", summary, detail, fix=fix)
