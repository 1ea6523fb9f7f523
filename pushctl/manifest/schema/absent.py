"""What to say about a field that has to be there and is not. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pushctl import schemas
from pushctl.diagnostics import Diagnostic, Severity
from pushctl.manifest.yaml import typos
from pushctl.manifest.yaml.positions import Path, Provenance

MISSING = "A required field is missing"
NO_ZONE = "The time zone is missing, or does not exist"

_ZONE = (
    "Every time in a manifest needs a time zone, and the zone of the machine that runs pushctl is "
    "never used."
)
_EXAMPLES = {
    "version": "version: 1",
    "app": "app: {id: ONEX570DA89211721, workspace: prod}",
    "app.id": "id: ONEX570DA89211721",
    "app.workspace": "workspace: prod",
    "schedule": "schedule: {at: 2026-12-24T20:00}",
    "to": "to: {users: [user1024]}",
    "message": "message: {title: Hello, body: It works.}",
    "message.title": "title: 8h flash sale",
    "message.body": "body: Up to 60% off until 04:00.",
    "schedule.at": 'at: 2026-12-24T20:00`, or `every: day` and `at: "09:45"',
    "sms.mode": "mode: fallback",
    "sms.sign": "sign: mPaaS Test",
    "sms.template": "template: SMS_216070269",
    "sms.params": 'params: {code: "123456"}',
    "live_activity.event": "event: end",
    "live_activity.state": "state: {step: done}",
    "allow.rule": "rule: PSH301",
    "allow.reason": "reason: agreed with legal",
    "freezes.reason": "reason: sale of the year",
    "freezes.from": "from: 2027-02-05",
    "freezes.until": "until: 2027-02-11",
    "skip.from": "from: 2027-02-05",
    "skip.until": "until: 2027-02-11",
    "quiet_hours.from": 'from: "22:00"',
    "quiet_hours.until": 'until: "08:00"',
    "moved.from": "from: old-id",
    "moved.to": "to: new-id",
    "removed.id": "id: flash-sale",
    "adopt.id": "id: flash-sale",
    "adopt.task": 'task: "2047"',
    "file": "file: audiences/vip.csv",
}
"""What to add, by the last one or two keys of a path."""


def finding(name: str, path: Path, beside: Mapping[str, Any], provenance: Provenance) -> Diagnostic:
    """Say that the field at a path is missing, `name` for people; `beside` is what is there."""
    comment = typos.comment_instead_of(provenance, path)
    if comment is not None:
        detail = f"{name} is missing: what stands here begins with #, so it is a comment."
        return Diagnostic(
            Severity.ERROR,
            "PSH111",
            MISSING,
            detail,
            comment.where,
            fix=comment.fix,
            edits=comment.edits,
        )
    misread = typos.in_neighbours(provenance, path, schemas.field_names())
    if misread is not None:
        return misread.finding("PSH104", typos.UNKNOWN)
    where = provenance.locate_key(*path[:-1])
    if path == ("timezone",):
        fix = "add the line `timezone: Asia/Shanghai`"
        return Diagnostic(Severity.ERROR, "PSH203", NO_ZONE, _ZONE, where, fix=fix)
    fix = f"add `{_example(path, beside)}`"
    return Diagnostic(Severity.ERROR, "PSH111", MISSING, f"{name} is missing.", where, fix=fix)


def _example(path: Path, beside: Mapping[str, Any]) -> str:
    keys = [part for part in path if isinstance(part, str)]
    if keys[-1] == "at" and ("every" in beside or "rrule" in beside):
        return 'at: "09:45"'
    known = (_EXAMPLES.get(name) for name in (".".join(keys[-2:]), keys[-1]))
    return next(filter(None, known), f"{keys[-1]}: ...")
