"""`pushctl status`: what is scheduled, sent and in doubt, and until when."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import click

from pushctl import __version__
from pushctl.apply.observe import look
from pushctl.cli.global_options import Invocation
from pushctl.cli.options import format_option, option
from pushctl.cli.project import Choices, Session, begin
from pushctl.errors import ExitCode, PushctlError
from pushctl.manifest.schedule.timezones import zone
from pushctl.plan.coverage import Coverage, coverage
from pushctl.plan.guards.quota import Quota, in_use
from pushctl.plan.plan import Plan
from pushctl.plan.planner import believed, make_plan
from pushctl.plan.status import concerns, placed, rows, standings
from pushctl.push.task import ActualTask
from pushctl.render import json_output
from pushctl.render.text import state as state_text
from pushctl.render.text import status as status_text
from pushctl.state.state import State


@click.command("status", short_help="Show what is scheduled, sent and in doubt.")
@click.argument("id", required=False)
@option("--offline", is_flag=True, help="Do not ask the service; believe the state.")
@format_option("text", "json")
@click.pass_obj
def command(invocation: Invocation, id: str | None, offline: bool, format_: str) -> int:
    """Show what is scheduled, sent and in doubt, until when, and what needs attention."""
    with begin(invocation, online=not offline) as session:
        recorded = session.store.read() or session.empty_state()
        found = _looked(session, recorded)
        if id is not None and id not in found.state.pushes:
            raise PushctlError("Nothing is recorded under this id", id, fix="pushctl state list")
        _show(session, found, id, format_)
    doubtful = any(record.in_doubt for record in found.state.pushes.values())
    return ExitCode.IN_DOUBT if doubtful else ExitCode.DONE


@dataclass(frozen=True, slots=True)
class _Found:
    """What is recorded, brought up to what the service lists, and what the manifest wants of it."""

    state: State
    unmanaged: tuple[ActualTask, ...]
    coverage: Mapping[str, Coverage]
    plan: Plan


def _looked(session: Session, recorded: State) -> _Found:
    wishes = session.wishes(recorded, Choices(send_late=True))
    seen = None
    if session.endpoint is not None:
        seen = look(session.service(), recorded, session.clock, session.sight)
    _, refreshed = believed(wishes, recorded, seen)
    state = refreshed.state
    reach = {
        push.id: found
        for push in wishes.desired
        if (found := coverage(push, state.pushes.get(push.id), wishes.context)) is not None
    }
    return _Found(state, refreshed.unmanaged, reach, make_plan(wishes, recorded, seen))


def _show(session: Session, found: _Found, id: str | None, format_: str) -> None:
    now, output = int(session.clock.now()), session.invocation.output
    service_zone, local = session.horizon.zone, zone(session.manifest.timezone)
    recorded = rows(found.state, now=now, zone=service_zone)
    every = placed(recorded, found.coverage, found.plan.waiting, now=now)
    told = concerns(every, found.coverage, found.plan.waiting, found.plan, now=now)
    listed = [row for row in every if id is None or row.id == id]
    reach = [item for item in found.coverage.values() if id is None or item.id == id]
    waiting = [item for item in found.plan.waiting if id is None or item.id == id]
    told = tuple(item for item in told if id is None or item.id == id)
    quota = _quota(session, found, now)
    if format_ == "json":
        document = {
            "format_version": json_output.FORMAT_VERSION,
            "pushctl_version": __version__,
            "app": found.state.app,
            "workspace": found.state.workspace,
            "quota": {"limit": quota.limit, "now": quota.now},
            "pushes": state_text.rows_document(listed, found.coverage),
            "summary": {str(key): number for key, number in standings(every).items()},
            "attention": status_text.document(told),
            "waiting": [json_output.waiting(item) for item in waiting],
            "unmanaged": [json_output.unmanaged(task) for task in found.unmanaged],
        }
        output.result(json_output.text(document))
        return
    output.result(state_text.entries(listed, zone=local, now=now, style=output.style))
    if id is not None:
        output.result("\n" + state_text.entry(id, found.state.pushes[id], zone=local, now=now))
    elif every:
        output.result("\n" + status_text.summary(standings(every), output.style))
    output.result(state_text.reach(reach, zone=local))
    output.result(state_text.quota(quota))
    typed = session.invocation.typed
    text = status_text.attention(told, typed=typed, zone=local, style=output.style)
    output.result("\n" + text)


def _quota(session: Session, found: _Found, now: int) -> Quota:
    quota = session.manifest.app.quota
    used = in_use(
        found.state,
        found.unmanaged,
        now=now,
        zone=session.horizon.zone,
        weigh_deliveries=quota.counts == "deliveries",
    )
    return Quota(quota.limit, used, used, used)
