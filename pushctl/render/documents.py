"""The JSON documents that scripts read: plan, findings, status, progress. Plain data, versioned.

`schemas/plan.schema.json` describes the plan. Within a `format_version` of the same major number,
fields are only ever added.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any

from pushctl.core.change import (
    Action,
    Change,
    NoOp,
    Replace,
    action_of,
    cancels_of,
    creates_of,
    push_of,
)
from pushctl.core.overflow import Waiting
from pushctl.core.plain import iso
from pushctl.core.plan import Plan
from pushctl.core.progress import ApplyResult, Progress
from pushctl.core.refresh import Drift
from pushctl.core.settle import Doubt
from pushctl.core.task import ActualTask
from pushctl.diagnostics import Diagnostic, Range
from pushctl.render import facts, moments, origins
from pushctl.render.escape import json_text

FORMAT_VERSION = "1.0"


def text(document: Any) -> str:
    """Write a document for people who read JSON: indented, text as it is where that is harmless."""
    return json_text(json.dumps(document, indent=2, ensure_ascii=False)) + "\n"


def line(document: Any) -> str:
    """Write a document as one JSON line."""
    return json_text(json.dumps(document, ensure_ascii=False, separators=(",", ":"))) + "\n"


def plan(plan: Plan, *, version: str, with_noops: bool = False) -> dict[str, Any]:
    """Return the document of a plan."""
    changes = plan.changes if with_noops else plan.effective
    return {
        "format_version": FORMAT_VERSION,
        "pushctl_version": version,
        "app": plan.app,
        "workspace": plan.workspace,
        "env": plan.env,
        "lineage": plan.lineage,
        "serial": plan.serial,
        "created_at": iso(plan.created_at),
        "valid_until": iso(plan.valid_until),
        "offline": plan.offline,
        **({} if plan.base is None else {"base": plan.base}),
        "summary": {str(action): count for action, count in plan.counts.items()},
        "quota": {
            "limit": plan.quota.limit,
            "now": plan.quota.now,
            "after": plan.quota.after,
            "peak": plan.quota.peak,
        },
        "changes": [change(item, plan) for item in changes],
        "drift": [drift(item) for item in plan.drift],
        "in_doubt": [doubt(item) for item in plan.doubts],
        "unmanaged": [unmanaged(item) for item in plan.unmanaged],
        "waiting": [waiting(item) for item in plan.waiting],
        "diagnostics": [diagnostic(item) for item in plan.diagnostics],
        "digests": {
            "manifest": plan.manifest_digest,
            "policy": plan.policy_digest,
            "actions": plan.actions_digest,
        },
    }


def change(item: Change, plan: Plan) -> dict[str, Any]:
    """Return the document of one change."""
    upcoming = facts.upcoming(item, plan)
    place = facts.where(item)
    document: dict[str, Any] = {
        "id": item.id,
        "action": str(action_of(item)),
        "reason": item.reason,
        "source": None if place is None else {"file": place[0], "line": place[1]},
        "fields": [
            {"path": field.path, "before": field.before, "after": field.after}
            for field in getattr(item, "fields", ())
        ],
        "tasks": {
            "create": len(creates_of(item)),
            "cancel": len(cancels_of(item)),
            "keep": len(facts.kept(item)),
        },
        "targets": {"before": facts.targets_before(item), "after": _targets_after(item)},
        "next_delivery": moments.iso(upcoming[0], plan.timezone) if upcoming else None,
        "deliveries": len(upcoming),
        **_shifts(item, plan),
    }
    if item.id in plan.origins:
        document["origin"] = origins.document(plan.origins[item.id])
    for extra in ("cause", "fix", "before"):
        if hasattr(item, extra):
            document[extra] = str(getattr(item, extra))
    return document


def _shifts(item: Change, plan: Plan) -> dict[str, Any]:
    """Return which deliveries of a replaced entry appear, disappear and move."""
    if not isinstance(item, Replace):
        return {}
    shift, zone = facts.shift(item, plan), facts.zone_of(item, plan)
    return {
        "delivery_changes": {
            "disappear": [moments.iso(at, zone) for at in shift.gone],
            "appear": [moments.iso(at, zone) for at in shift.new],
            "move": [
                {"from": moments.iso(before, zone), "to": moments.iso(after, zone)}
                for before, after in shift.moved
            ],
        }
    }


def _targets_after(item: Change) -> int:
    push = push_of(item)
    if isinstance(item, NoOp) and push is not None:
        return len(push.targets)
    return facts.targets_after(item)


def drift(item: Drift) -> dict[str, Any]:
    """Return the document of one difference between the record and the service."""
    return {
        "id": item.id,
        "kind": str(item.kind),
        "task_id": item.task_id,
        "missing": item.missing,
        "expected": item.expected,
    }


def doubt(item: Doubt) -> dict[str, Any]:
    """Return the document of one task whose last call has no known outcome."""
    return {
        "id": item.id,
        "phase": str(item.phase),
        "chunk": item.slot.chunk,
        "reason": item.reason,
        "candidates": list(item.candidates),
    }


def waiting(item: Waiting) -> dict[str, Any]:
    """Return the document of what waits for room in the quota."""
    return {"id": item.id, "tasks": item.tasks, "first": iso(item.first), "late": item.late}


def unmanaged(item: ActualTask) -> dict[str, Any]:
    """Return the document of a task that no entry accounts for."""
    coming = item.unexecuted
    return {
        "task_id": item.task_id,
        "title": item.title,
        "next_delivery": iso(coming[0].at) if coming else None,
        "deliveries": len(coming),
    }


def diagnostic(item: Diagnostic) -> dict[str, Any]:
    """Return the document of one finding; lines and columns count from 1."""
    document: dict[str, Any] = {
        "severity": str(item.severity),
        "code": item.code,
        "summary": item.summary,
        "detail": item.detail,
        "range": None if item.range is None else _range(item.range),
    }
    if item.snippet:
        document["snippet"] = item.snippet
    if item.fix is not None:
        document["fix"] = item.fix
    return document


def _range(place: Range) -> dict[str, Any]:
    return {
        "filename": place.filename,
        "start": {"line": place.start.line, "column": place.start.column},
        "end": {"line": place.end.line, "column": place.end.column},
    }


def findings(items: Iterable[Diagnostic], *, version: str) -> dict[str, Any]:
    """Return the document of a validation."""
    listed = [diagnostic(item) for item in items]
    errors = sum(item["severity"] == "error" for item in listed)
    return {
        "format_version": FORMAT_VERSION,
        "pushctl_version": version,
        "valid": errors == 0,
        "error_count": errors,
        "warning_count": sum(item["severity"] == "warning" for item in listed),
        "diagnostics": listed,
    }


def progress(item: Progress) -> dict[str, Any]:
    """Return the document of one event of an apply."""
    stamp = iso(int(item.at)) or ""
    document: dict[str, Any] = {
        "ts": stamp.replace("Z", f".{int(item.at * 1000) % 1000:03d}Z"),
        "type": item.type,
    }
    if item.id is not None:
        document["id"] = item.id
    if item.task is not None:
        document["task"] = item.task
    return {**document, **item.data}


def result(item: ApplyResult) -> Mapping[str, Any]:
    """Return what an apply amounts to, as the data of its last event."""
    return {
        **{str(action): item.done.get(action, 0) for action in Action if action != Action.NOOP},
        "failed": len(item.failures),
        "in_doubt": len(item.in_doubt),
        "interrupted": item.interrupted,
    }
