"""The JSON documents of plan, findings and progress, as in `schemas/plan.schema.json`."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, assert_never

from msgspec import to_builtins
from msgspec.structs import asdict

from pushctl.apply.result import ApplyResult, Progress
from pushctl.diagnostics import Diagnostic
from pushctl.plan.change import Action, NoOp, Replace, cancels_of, creates_of
from pushctl.plan.guards.quota import Quota, Waiting
from pushctl.plan.origin import Origin
from pushctl.plan.plan import Plan
from pushctl.plan.reconcile.in_doubt import Doubt
from pushctl.plan.reconcile.refresh import Drift
from pushctl.plan.status import Status
from pushctl.push.task import ActualTask
from pushctl.render.view.audience import kept_by, targets_after, targets_before
from pushctl.render.view.change_view import ChangeView
from pushctl.render.view.irreversible import (
    Abandoned,
    Irreversible,
    LostDeliveries,
    SentAgain,
    SentImmediately,
    Tariff,
    TextMessages,
)
from pushctl.render.view.plan_view import plan_view
from pushctl.state.decoding import iso
from pushctl.text import timestamps
from pushctl.text.escape import json_text

FORMAT_VERSION = "1.0"
"""Within a major number, fields are only ever added."""


def text(document: Any) -> str:
    """Write a document for people who read JSON: indented, text as it is where that is harmless."""
    return json_text(json.dumps(document, indent=2, ensure_ascii=False)) + "\n"


def line(document: Any) -> str:
    """Write a document as one JSON line."""
    return json_text(json.dumps(document, ensure_ascii=False, separators=(",", ":"))) + "\n"


def plan(
    plan: Plan, *, version: str, with_noops: bool = False, tariff: Tariff | None = None
) -> dict[str, Any]:
    """Return the document of a plan; `tariff` is what text messages cost, if anybody said so."""
    whole = plan_view(plan, tariff)
    changes = whole.with_unchanged() if with_noops else whole.changes
    return {
        "format_version": FORMAT_VERSION,
        "pushctl_version": version,
        "app": plan.app,
        "workspace": plan.workspace,
        "env": plan.env,
        "lineage": plan.lineage,
        "serial": plan.serial,
        "timezone": timestamps.zone_name(plan.timezone),
        "created_at": iso(plan.created_at),
        "valid_until": iso(plan.valid_until),
        "offline": plan.offline,
        **({} if plan.base is None else {"base": plan.base}),
        "summary": {str(action): count for action, count in plan.counts.items()},
        "quota": asdict(plan.quota),
        "irreversible": [_irreversible(item, whole.tariff) for item in whole.irreversible],
        "changes": [_change(item, plan) for item in changes],
        "drift": [_drift(item) for item in plan.drift],
        "in_doubt": [_doubt(item) for item in plan.doubts],
        "unmanaged": [unmanaged(item) for item in plan.unmanaged],
        "waiting": [waiting(item) for item in plan.waiting],
        "diagnostics": [diagnostic(item) for item in plan.diagnostics],
        "digests": {
            "manifest": plan.manifest_digest,
            "policy": plan.policy_digest,
            "actions": plan.actions_digest,
        },
    }


def _irreversible(item: Irreversible, tariff: Tariff | None) -> dict[str, Any]:
    match item:
        case SentImmediately() | SentAgain():
            kind = "sent-at-once" if isinstance(item, SentImmediately) else "sent-again"
            return {"kind": kind, "id": item.id, "targets": item.recipients}
        case TextMessages():
            return {
                "kind": "text-messages",
                "id": item.id,
                "targets": item.recipients,
                "messages": item.messages,
                "mode": item.mode,
                "cost": None if item.cost is None else round(item.cost, 4),
                "currency": None if tariff is None else tariff.currency,
            }
        case LostDeliveries():
            return {
                "kind": "deliveries-lost",
                "id": item.id,
                "targets": item.recipients,
                "deliveries": len(item.instants),
                "first": iso(item.instants[0]),
            }
        case Abandoned():
            return {"kind": "let-go", "id": item.id, "tasks": item.tasks}
        case _:
            assert_never(item)


def _change(view: ChangeView, plan: Plan) -> dict[str, Any]:
    place = view.place
    document: dict[str, Any] = {
        "id": view.id,
        "action": str(view.action),
        "reason": view.change.reason,
        "source": None if place is None else {"file": place[0], "line": place[1]},
        "message": {"title": view.title, "body": view.body} if view.known else None,
        "fields": [asdict(field) for field in getattr(view.change, "fields", ())],
        "tasks": {
            "create": len(creates_of(view.change)),
            "cancel": len(cancels_of(view.change)),
            "keep": len(kept_by(view.change)),
        },
        "targets": _targets(view),
        "next_delivery": timestamps.iso(view.upcoming[0], plan.timezone) if view.upcoming else None,
        "deliveries": len(view.upcoming),
        "delivery_counts": {
            "disappear": _counted(view.delta.gone, view.zone),
            "appear": _counted(view.delta.new, view.zone),
            "move": {
                "count": len(view.delta.moved),
                "first": _moves(view.delta.moved[:DATES_SHOWN], view.zone),
            },
        },
        **_delivery_changes(view),
    }
    if view.id in plan.origins:
        document["origin"] = _origin(plan.origins[view.id])
    for extra in ("cause", "fix", "before"):
        if hasattr(view.change, extra):
            document[extra] = str(getattr(view.change, extra))
    return document


DATES_SHOWN = 5
"""Instants of a kind that `delivery_counts` names."""


def _counted(found: Sequence[int], zone: dt.tzinfo) -> dict[str, Any]:
    return {"count": len(found), "first": _instants(found[:DATES_SHOWN], zone)}


def _instants(found: Iterable[int], zone: dt.tzinfo) -> list[str]:
    return [timestamps.iso(at, zone) for at in found]


def _moves(found: Iterable[tuple[int, int]], zone: dt.tzinfo) -> list[dict[str, str]]:
    return [dict(zip(("from", "to"), _instants(pair, zone), strict=True)) for pair in found]


def _delivery_changes(view: ChangeView) -> dict[str, Any]:
    """Return every delivery of a replaced entry that appears, disappears or moves."""
    if not isinstance(view.change, Replace):
        return {}
    changes = {
        "disappear": _instants(view.delta.gone, view.zone),
        "appear": _instants(view.delta.new, view.zone),
        "move": _moves(view.delta.moved, view.zone),
    }
    return {"delivery_changes": changes}


def _targets(view: ChangeView) -> dict[str, int]:
    """Count the audience; `before` is that of the tasks that the change holds."""
    unchanged = isinstance(view.change, NoOp) and view.push is not None
    size = view.audience
    return {
        "before": len(targets_before(view.change)),
        "after": size.after if unchanged else len(targets_after(view.change)),
        "joined": size.joined,
        "left": size.left,
    }


def _drift(item: Drift) -> dict[str, Any]:
    return {name: value for name, value in to_builtins(item).items() if name != "slot"}


def _doubt(item: Doubt) -> dict[str, Any]:
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
        "range": to_builtins(item.range),
    }
    optional = {"snippet": item.snippet or None, "fix": item.fix, "push": item.push}
    return {**document, **{name: text for name, text in optional.items() if text is not None}}


def findings(items: Iterable[Diagnostic]) -> dict[str, Any]:
    """Return the document of a validation."""
    listed = [diagnostic(item) for item in items]
    errors = sum(item["severity"] == "error" for item in listed)
    return {
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


def status(
    plan: Plan,
    *,
    quota: Quota,
    pushes: Sequence[Mapping[str, Any]],
    standings: Mapping[Status, int],
    attention: Sequence[Mapping[str, Any]],
    waiting_tasks: Iterable[Waiting],
    unmanaged_tasks: Iterable[ActualTask],
    last_apply: str | None = None,
) -> dict[str, Any]:
    """Return the document of `pushctl status`: what is scheduled, sent and in doubt."""
    return {
        "app": plan.app,
        "workspace": plan.workspace,
        "timezone": timestamps.zone_name(plan.timezone),
        "at": iso(plan.created_at),
        "last_apply": last_apply,
        "quota": {"limit": quota.limit, "now": quota.now},
        "pushes": pushes,
        "summary": {str(key): number for key, number in standings.items()},
        "attention": attention,
        "waiting": [waiting(item) for item in waiting_tasks],
        "unmanaged": [unmanaged(item) for item in unmanaged_tasks],
    }


def _origin(origin: Origin) -> dict[str, Any]:
    """Return the document of an origin; `first` and `last` are null if it is about a whole file."""
    return {
        "cause": str(origin.cause),
        "lines": [
            {
                "file": item.file,
                "first": item.number or None,
                "last": item.number or None,
                "part": item.part or None,
                "former": item.former,
            }
            for item in origin.lines
        ],
    }
