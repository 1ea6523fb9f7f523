"""Policy changes between two versions of a manifest, and the findings that they suppress.

A pull request that raises a threshold, turns a rule off or accepts a finding changes nothing on the
service, and is the one that a reviewer should not overlook.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from msgspec.structs import replace

from pushctl.diagnostics import Diagnostic, Range, Severity
from pushctl.lint.context import is_marketing
from pushctl.lint.registry import rule
from pushctl.lint.severity import with_effective_severity
from pushctl.manifest.resolved import Reading, ResolvedPush
from pushctl.manifest.schema.models import Manifest
from pushctl.text.duration import duration
from pushctl.text.plural import count, named, some

MAX_VALUE = 60
"""Characters of a value before it is cut off."""

MAX_NAMED = 20
"""Values, or rules, that one finding names before it only counts them."""

DURATIONS = frozenset({"danger_window", "renew_before", "min_lead", "min_gap", "settle_time"})
"""Fields that are seconds, and were written otherwise."""

RANK = {Severity.INFO: 1, Severity.WARNING: 2, Severity.ERROR: 3}


def policy_changes(base: Reading, head: Reading) -> Iterator[Diagnostic]:
    """Yield how the rules differ from those of an earlier version, each with its place."""
    if base.manifest is None or head.manifest is None:
        return
    for section in ("policy", "app"):
        yield from _section(section, base.manifest, head)
    fewer = len(base.suppressed - head.suppressed)
    if fewer:
        people = count(fewer, "person who wanted", "people who wanted")
        detail = f"{people} no marketing cannot be found in `policy.suppressed` any more."
        yield _finding(detail, head.locate("policy", "suppressed"))
    yield from _entries(base, head, head.manifest)


def _section(section: str, base: Manifest, head: Reading) -> Iterator[Diagnostic]:
    """Yield one finding for all fields of a section: many harmless ones must not hide another."""
    was, now = (getattr(item, section).data() for item in (base, head.manifest))
    changes, names = [], []
    for name in was:
        for path, before, after in _differing(was[name], now[name]):
            if path and name == "rules" and before is None and (known := rule(path[0])):
                before = str(known.severity)  # what it counts if nobody says otherwise
            field = ".".join((section, name, *path))
            changes.append(f"`{_cut(field)}` from {_shown(before, name)} to {_shown(after, name)}")
            names.append(name)
    if changes:
        told = some(changes, "; ", MAX_NAMED)
        yield _finding(f"Changed: {told}.", head.locate(section, names[0]))


def _differing(
    before: Any, after: Any, path: tuple[str, ...] = ()
) -> Iterator[tuple[tuple[str, ...], Any, Any]]:
    """Yield the paths of the values that differ, and both values."""
    if isinstance(before, dict) and isinstance(after, dict):
        for key in sorted({*before, *after}):
            yield from _differing(before.get(key), after.get(key), (*path, key))
    elif before != after:
        yield path, before, after


def _shown(value: Any, name: str) -> str:
    if value is None:
        return "nothing"
    if name in DURATIONS and isinstance(value, int):
        return duration(value)
    return _cut(value if isinstance(value, str) else json.dumps(value, ensure_ascii=False))


def _cut(text: str) -> str:
    return text if len(text) <= MAX_VALUE else f"{text[: MAX_VALUE - 1]}…"


# --- entries --------------------------------------------------------------------------------------


def _entries(base: Reading, head: Reading, manifest: Manifest) -> Iterator[Diagnostic]:
    """Yield what entries say about rules: of one that is new, only what it accepts."""
    known = {push.id: push for push in base.pushes}
    former = {item.to: item.from_ for item in manifest.moved}
    found: dict[str, list[tuple[str, Range | None]]] = {}
    for push in head.pushes:
        before = known.get(push.id) or known.get(former.get(push.id, ""))
        for what, path in _of_entry(before, push, manifest):
            found.setdefault(what, []).append((push.id, push.locate(*path)))
    for what, places in sorted(found.items()):
        yield _finding(f"{what}: {named([id for id, _ in places])}.", places[0][1])


def _of_entry(
    before: ResolvedPush | None, push: ResolvedPush, manifest: Manifest
) -> Iterator[tuple[str, tuple[str | int, ...]]]:
    accepted = {(item.rule, item.until) for item in before.entry.allow} if before else set()
    for index, item in enumerate(push.entry.allow):
        if (item.rule, item.until) not in accepted:
            until = f" until {item.until}" if item.until else ""
            yield f"{item.rule} is accepted{until}", ("allow", index)
    if before is None:
        return
    was, now = (is_marketing(item.entry, manifest.policy.marketing) for item in (before, push))
    if was and not now:
        yield "No longer marketing", ("labels",)
    if before.entry.offer_ends is not None and push.entry.offer_ends != before.entry.offer_ends:
        yield "The offer no longer ends when it did", ("offer_ends",)


# --- what that hides ------------------------------------------------------------------------------


def under_former_policy(base: Reading, head: Reading) -> Reading:
    """Return the entries of a version under the rules of an earlier one."""
    if base.manifest is None or head.manifest is None:
        return head
    former = {"policy": base.manifest.policy, "app": base.manifest.app}
    manifest = head.manifest.replace(**former)
    known = {push.id: push for push in base.pushes}
    pushes = tuple(_entry_under_former_policy(push, known.get(push.id)) for push in head.pushes)
    head = replace(head, suppressed=base.suppressed, not_suppressed=base.not_suppressed)
    return replace(head, manifest=manifest, pushes=pushes)


def _entry_under_former_policy(push: ResolvedPush, before: ResolvedPush | None) -> ResolvedPush:
    """Return an entry with what it accepted before, which is nothing if it is new."""
    former: dict[str, Any] = {"allow": before.entry.allow if before else ()}
    if before is not None:
        former |= {"labels": before.entry.labels, "offer_ends": before.entry.offer_ends}
    return replace(push, entry=push.entry.replace(**former))


def suppressed_findings(
    findings: Iterable[Diagnostic], before: Iterable[Diagnostic], refused: Iterable[str], base: str
) -> Iterator[Diagnostic]:
    """Yield one finding about those that count less than by the rules of `base`.

    `before` are the findings by those rules, `refused` the ids of what they would refuse.
    """
    counts: dict[tuple[object, ...], int] = {}
    for item in findings:
        counts[_key(item)] = max(RANK[item.severity], counts.get(_key(item), 0))
    hidden: dict[tuple[int, str], list[str]] = {}
    for item in before:
        rank = RANK[item.severity]
        if rank > max(1, counts.get(_key(item), 0)):
            hidden.setdefault((-rank, item.code), []).append(item.push or "")
    details = [f"{id} would be refused" for id in refused]
    details += [
        f"{code} ({'an error' if -rank == RANK[Severity.ERROR] else 'a warning'})"
        + (f" of {named(ids)}" if all(ids) else "")
        for (rank, code), ids in sorted(hidden.items())
    ]
    if details:
        told = some(details, "; ", MAX_NAMED)
        yield _finding(f"By the rules of {base}, more would be told: {told}.", None)


def _key(item: Diagnostic) -> tuple[object, ...]:
    return item.code, item.push, item.range


def by_strictest_policy(
    findings: Iterable[Diagnostic], *levels: Mapping[str, str]
) -> Iterator[Diagnostic]:
    """Yield findings with the highest severity that one of the policies gives them.

    `levels` are the `policy.rules` of each. So an edit cannot hide itself.
    """
    for item in findings:
        kept = [found for each in levels for found in with_effective_severity([item], each, {})]
        if kept:
            yield max(kept, key=lambda found: RANK[found.severity])


def _finding(detail: str, where: Range | None) -> Diagnostic:
    summary = "The rules of this project change"
    fix = "let somebody agree who answers for the project"
    return Diagnostic(Severity.WARNING, "PSH614", summary, detail, where, fix=fix)
