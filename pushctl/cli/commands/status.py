"""`pushctl status`: what is scheduled, sent and in doubt, and when the next deliveries are."""

from __future__ import annotations

import click

from pushctl import __version__
from pushctl.cli.invocation import Invocation
from pushctl.cli.options import format_option, option
from pushctl.cli.session import Choices, Session, begin
from pushctl.core.plan import Quota, in_use
from pushctl.core.planner import believed
from pushctl.core.report import rows
from pushctl.core.state import State
from pushctl.core.task import ActualTask
from pushctl.engine.looking import look
from pushctl.errors import ExitCode, PushctlError
from pushctl.manifest.times import zone
from pushctl.render import documents, state_text


@click.command("status", short_help="Show what is scheduled, sent and in doubt.")
@click.argument("id", required=False)
@option("--offline", is_flag=True, help="Do not ask the service; believe the state.")
@format_option("text", "json")
@click.pass_obj
def command(invocation: Invocation, id: str | None, offline: bool, format_: str) -> int:
    """Show what is scheduled, sent and in doubt, the next deliveries, and the quota."""
    with begin(invocation, online=not offline) as session:
        recorded = session.store.read() or session.empty_state()
        state, unmanaged = _as_it_is(session, recorded)
        if id is not None and id not in state.pushes:
            raise PushctlError("Nothing is recorded under this id", id, fix="pushctl state list")
        _show(session, state, unmanaged, id, format_)
    return ExitCode.IN_DOUBT if any(r.in_doubt for r in state.pushes.values()) else ExitCode.DONE


def _as_it_is(session: Session, recorded: State) -> tuple[State, tuple[ActualTask, ...]]:
    if session.endpoint is None:
        return recorded, ()
    wishes = session.wishes(recorded, Choices(send_late=True))
    seen = look(session.service(), recorded, session.clock, session.sight)
    _, refreshed = believed(wishes, recorded, seen)
    return refreshed.state, refreshed.unmanaged


def _show(
    session: Session,
    state: State,
    unmanaged: tuple[ActualTask, ...],
    id: str | None,
    format_: str,
) -> None:
    now, output = int(session.clock.now()), session.invocation.output
    service_zone, local = session.horizon.zone, zone(session.manifest.timezone)
    listed = [row for row in rows(state, now=now, zone=service_zone) if id is None or row.id == id]
    used = in_use(
        state,
        unmanaged,
        now=now,
        zone=service_zone,
        weigh_deliveries=session.manifest.app.quota.counts == "deliveries",
    )
    quota = Quota(session.manifest.app.quota.limit, used, used, used)
    if format_ == "json":
        document = {
            "format_version": documents.FORMAT_VERSION,
            "pushctl_version": __version__,
            "app": state.app,
            "workspace": state.workspace,
            "quota": {"limit": quota.limit, "now": quota.now},
            "pushes": state_text.rows_document(listed),
            "unmanaged": [documents.unmanaged(task) for task in unmanaged],
        }
        output.result(documents.text(document))
        return
    output.result(state_text.entries(listed, zone=local, now=now, style=output.style))
    if id is not None:
        output.result("\n" + state_text.entry(id, state.pushes[id], zone=local, now=now))
    output.result(state_text.quota(quota))
