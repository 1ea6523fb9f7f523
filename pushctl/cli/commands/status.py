"""`pushctl status`: what is scheduled, sent and in doubt, and until when."""

from __future__ import annotations

from collections.abc import Mapping

import click

from pushctl.apply.observe import observe
from pushctl.cli.global_options import GlobalOptions
from pushctl.cli.options import format_option, option
from pushctl.cli.project.project import TOLERANT, Project, open_project, record_of
from pushctl.errors import ExitCode
from pushctl.plan.coverage import Coverage, coverage
from pushctl.plan.guards.quota import Quota, in_use
from pushctl.plan.plan import Plan
from pushctl.plan.planner import make_plan, reconcile
from pushctl.plan.reconcile.refresh import Refreshed
from pushctl.plan.status import count_statuses, needs_attention, rows, with_coverage
from pushctl.render import json_output
from pushctl.render.text import state as state_text
from pushctl.render.text import status as status_text


@click.command("status", short_help="Show what is scheduled, sent and in doubt.")
@click.argument("id", required=False)
@option("--offline", is_flag=True, help="Do not ask the service; believe the state.")
@format_option("text", "json")
@click.pass_obj
def command(options: GlobalOptions, id: str | None, offline: bool, format_: str) -> int:
    """Show what is scheduled, sent and in doubt, until when, and what needs attention."""
    with open_project(options, online=not offline) as project:
        recorded = project.state()
        if id is not None:
            record_of(recorded, id)
        request = project.plan_request(recorded, TOLERANT)
        seen = None
        if project.endpoint is not None:
            seen = observe(project.service(), recorded, project.clock, project.observe_options)
        _, refreshed = reconcile(request, recorded, seen)
        covered = {
            push.id: found
            for push in request.desired
            if (found := coverage(push, refreshed.state.pushes.get(push.id), request.context))
        }
        plan = make_plan(request, recorded, seen)
        _show(project, refreshed, covered, plan, id, format_)
    doubtful = any(record.in_doubt for record in refreshed.state.pushes.values())
    return ExitCode.IN_DOUBT if doubtful else ExitCode.DONE


def _show(
    project: Project,
    found: Refreshed,
    covered: Mapping[str, Coverage],
    plan: Plan,
    id: str | None,
    format_: str,
) -> None:
    now, output = int(project.clock.now()), project.options.output
    service_zone, local = project.horizon.zone, project.zone
    recorded = rows(found.state, now=now, zone=service_zone)
    every = with_coverage(recorded, covered, plan.waiting, now=now)
    told = needs_attention(every, covered, plan.waiting, plan, now=now)
    listed = [row for row in every if id is None or row.id == id]
    reach = [item for item in covered.values() if id is None or item.id == id]
    waiting = [item for item in plan.waiting if id is None or item.id == id]
    told = tuple(item for item in told if id is None or item.id == id)
    quota = _quota(project, found, now)
    if format_ == "json":
        document = json_output.status(
            plan,
            quota=quota,
            pushes=state_text.rows_document(listed, covered),
            standings=count_statuses(every),
            attention=status_text.document(told),
            waiting_tasks=waiting,
            unmanaged_tasks=found.unmanaged,
            last_apply=_last_apply(project),
        )
        output.result(project.options.json(document | project.clock_fields))
        return
    output.show(project.clock_line)
    output.result(state_text.entries(listed, zone=local, now=now, style=output.style))
    if id is not None:
        output.show("\n" + state_text.entry(id, found.state.pushes[id], zone=local, now=now))
    elif every:
        output.result("\n" + status_text.summary(count_statuses(every), output.style))
    output.show(state_text.reach(reach, zone=local))
    output.show(state_text.quota(quota))
    typed = project.options.typed
    text = status_text.attention(told, typed=typed, zone=local, style=output.style)
    output.result("\n" + text)


def _last_apply(project: Project) -> str | None:
    """Return when the last apply ended that changed something; ISO 8601 in UTC."""
    applied = (item for item in project.store.history() if item.what.startswith("apply"))
    return max((item.at for item in applied), default=None)


def _quota(project: Project, found: Refreshed, now: int) -> Quota:
    quota = project.manifest.app.quota
    used = in_use(
        found.state,
        found.unmanaged,
        now=now,
        zone=project.horizon.zone,
        weigh_deliveries=quota.counts == "deliveries",
    )
    return Quota(quota.limit, used, used, used)
