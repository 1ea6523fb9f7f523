"""Saved plans: the document that was reviewed, sealed, and the check that it still holds.

A saved plan is not a script. Applying it makes the plan again and goes on only if it is the same to
the last target; so the file needs to hold neither targets nor secrets, and an approved plan is
exactly what runs.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from msgspec import Struct, ValidationError, convert
from msgspec.structs import asdict, astuple, replace

from pushctl.cli.planning.plan_options import PlanOptions
from pushctl.cli.service.identity import differences
from pushctl.errors import PushctlError, StalePlanError
from pushctl.plan.change import push_of
from pushctl.plan.guards.thresholds import OF_CHANGES
from pushctl.plan.plan import Plan
from pushctl.push.identity import digest
from pushctl.regular_file import read_regular
from pushctl.render.json_output import FORMAT_VERSION
from pushctl.schedule.recurrence import Recurrence
from pushctl.schedule.zone_offsets import DAY_SECONDS, offset_runs
from pushctl.state.decoding import ODD, FormatError, epoch, get, iso, mapping, short
from pushctl.text.timestamps import zone_name
from pushctl.time_zones import edition

SEAL = "seal"


class SavedPlan(Struct, frozen=True):
    """What a plan file says about the plan that was approved. Instants in epoch seconds."""

    app: str
    workspace: str
    env: str | None
    lineage: str
    serial: int
    valid_until: int | None
    manifest: str
    policy: str
    actions: str
    plan_options: PlanOptions
    service: Mapping[str, str]
    created_at: int | None = None
    clocks: Mapping[str, str] | None = None


def without_changes(plan: Plan) -> Plan:
    """Return a plan that only tells how the service differs from the state."""
    quota = replace(plan.quota, after=plan.quota.now, peak=plan.quota.now)
    found = tuple(item for item in plan.diagnostics if item.code not in OF_CHANGES)
    return replace(
        plan, changes=(), reach=(), waiting=(), quota=quota, diagnostics=found, refresh_only=True
    )


def sealed(
    document: Mapping[str, Any], plan_options: PlanOptions, service: Mapping[str, str]
) -> dict[str, Any]:
    """Return the document of a plan with its options, its service by its parts, and a checksum."""
    body = {**document, "choices": asdict(plan_options), "service": dict(service)}
    return {**body, SEAL: digest(json.loads(json.dumps(body)))}


def clocks(plan: Plan, since: int) -> dict[str, str]:
    """Return the edition of the time zone data, and a digest of what it says of the next year."""
    pushes = [push for change in plan.effective if (push := push_of(change)) is not None]
    zones = {item.schedule.zone for item in pushes if isinstance(item.schedule, Recurrence)}
    end = since + 366 * DAY_SECONDS
    runs = {zone_name(zone): map(astuple, offset_runs(zone, since, end)) for zone in zones}
    return {"edition": edition().name, "clocks": digest({name: [*runs[name]] for name in runs})}


def read(path: Path) -> SavedPlan:
    """Read a plan file; raises `PushctlError` if it is not one, or was edited."""
    try:
        document = json.loads(read_regular(path))
    except OSError as error:
        raise _unreadable(path, error.strerror or str(error)) from error
    except (ValueError, RecursionError) as error:
        raise _unreadable(path, "it is not JSON") from error
    try:
        return _saved(document)
    except ODD as error:
        raise _unreadable(path, short(str(error))) from error


def _saved(document: Any) -> SavedPlan:
    body = dict(mapping(document, "it"))
    seal = body.pop(SEAL, None)
    if seal is None:
        raise FormatError("it was not written by `pushctl plan --out`")
    if seal != digest(body):
        raise FormatError("it was changed after it was written")
    version = get(body, "format_version", str)
    if version.partition(".")[0] != FORMAT_VERSION.partition(".")[0]:
        raise FormatError(f"it has format {version}")
    options = mapping(body.get("choices"), "choices")
    if not options.keys() <= set(PlanOptions.__struct_fields__):
        raise FormatError(f"it has options {sorted(options)}")
    said = {**body, **mapping(body.get("digests"), "digests"), "plan_options": options}
    said |= {name: epoch(body.get(name)) for name in ("valid_until", "created_at")}
    try:
        return convert({**said, "clocks": body.get("time_zone_data")}, SavedPlan)
    except ValidationError as error:
        raise FormatError(str(error)) from None


def _unreadable(path: Path, why: str) -> PushctlError:
    return PushctlError(
        "The plan file cannot be used", f"{path}: {why}", fix="make it again: pushctl plan --out"
    )


def check_service(saved: SavedPlan, service: Mapping[str, str]) -> None:
    """Raise `StalePlanError` if a plan was made for another service than this, by its parts."""
    other = differences(saved.service, service)
    if other:
        raise _stale("\n".join(["it was made for another service", *map(short, other.values())]))


def check(saved: SavedPlan, plan: Plan, *, lineage: str, serial: int, overtaken_by: str) -> None:
    """Raise `StalePlanError` unless `plan`, made just now, is the plan that was saved.

    `lineage` and `serial` are those of the state on disk, empty and 0 where there is none.
    """
    if (saved.app, saved.workspace, saved.env) != (plan.app, plan.workspace, plan.env):
        where = f"{saved.app}/{saved.workspace}" + (f" ({saved.env})" if saved.env else "")
        raise _stale(f"it was made for {where}")
    if saved.manifest != plan.manifest_digest:
        raise _stale("the manifest or a file that it reads has changed since")
    if saved.policy != plan.policy_digest:
        raise _stale("the policy has changed since")
    who = f"; {overtaken_by}" if overtaken_by else ""
    if not saved.lineage and lineage:
        raise _stale(
            f"it was made before anything was applied, and the state is #{serial} now{who}"
        )
    if saved.lineage != lineage:
        raise _stale(f"it was made from another state{who}")
    if saved.serial != serial:
        detail = f"it was made from state #{saved.serial}, and the state is #{serial} now"
        raise _stale(detail + who)
    if saved.valid_until is not None and plan.created_at >= saved.valid_until:
        raise _stale(f"it was valid until {iso(saved.valid_until)}, before its first delivery")
    now = clocks(plan, saved.created_at or plan.created_at)
    before = saved.clocks or now
    if before.get("clocks") != now["clocks"] or saved.actions != plan.actions_digest:
        if (made := before.get("edition")) != now["edition"]:
            data = f"{made}, and this machine has {now['edition']}"
            raise _stale(f"it was made with time zone data {data}, so its deliveries may differ")
        raise _stale("what the service lists has changed since, and so has what there is to do")


def _stale(why: str) -> StalePlanError:
    return StalePlanError(
        "The saved plan is stale", why, fix="plan again, review it, and apply that"
    )
