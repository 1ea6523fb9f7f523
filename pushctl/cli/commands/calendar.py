"""`pushctl calendar`: every push as an event of a calendar that programs subscribe to."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from pathlib import Path

import click

from pushctl import __version__
from pushctl.cli.global_options import GlobalOptions
from pushctl.cli.options import check_ids, family, output_option
from pushctl.cli.project.project import TOLERANT, Project, open_project
from pushctl.cli.write_file import write_file
from pushctl.errors import ExitCode
from pushctl.push.push import OnRemove, Push
from pushctl.render.ical import CalendarEntry, CalendarScope, calendar
from pushctl.render.schedule_text import of_loop
from pushctl.render.view.labels import audience_of
from pushctl.schedule.recurrence import Declared
from pushctl.schedule.service_schedule import Loop, remaining
from pushctl.state.state import PushRecord, State
from pushctl.text.escape import terminal
from pushctl.text.plural import count


@click.command("calendar", short_help="Write a calendar to subscribe to.")
@click.argument("ids", metavar="[ID]...", nargs=-1)
@output_option("Where to write it; to the screen if not given.")
@click.pass_obj
def command(options: GlobalOptions, ids: tuple[str, ...], output: Path | None) -> int:
    """Write a calendar (iCalendar, RFC 5545) of all pushes, or of some.

    Calendar programs subscribe to it wherever you publish it. Nobody is asked: it says what the
    manifest wants, and crosses out what is disabled, stopped, or no longer there.
    """
    with open_project(options, online=False, only_shows=True) as project:
        page = CalendarScope(
            app=project.manifest.app.id,
            workspace=project.manifest.app.workspace,
            zone=project.zone,
            now=int(project.clock.now()),
            version=__version__,
        )
        found = _selected(list(_entries(project, page.now)), ids)
    text = calendar(page, found)
    if output is None:
        options.output.result(text)
    else:
        write_file(output, text)
        options.output.talk(terminal(f"Wrote {output}."))
    return ExitCode.DONE


def _selected(entries: Sequence[CalendarEntry], ids: tuple[str, ...]) -> list[CalendarEntry]:
    """Return the entries that are meant; `promo` means every instance `promo[...]` as well."""
    check_ids(ids, [entry.id for entry in entries], "manifest or the state")
    return [entry for entry in entries if not ids or {entry.id, family(entry.id)} & set(ids)]


def _entries(project: Project, now: int) -> Iterator[CalendarEntry]:
    """Yield what is in the manifest, then what left it and would still be delivered."""
    state = project.state()
    pushes = project.compiled(lambda: state, TOLERANT).pushes
    former = {item.to: item.from_ for item in project.manifest.moved}
    service = project.horizon.zone
    for push in pushes:
        yield _wanted(push, _record(state, push.id, former), now, service)
    kept = {item.id for item in project.manifest.removed if not item.cancel}
    here = {id for push in pushes for id in _names(push.id, former)}
    for id, record in sorted(state.pushes.items()):
        left = _left(record, now, service)
        if id not in here and left:
            yield _unwanted(id, record, left, kept)


def _names(id: str, former: dict[str, str]) -> Iterator[str]:
    """Yield the id of an entry and those it had before."""
    seen: set[str] = set()
    while id not in seen:
        yield id
        seen.add(id)
        id = former.get(id, id)


def _record(state: State, id: str, former: dict[str, str]) -> PushRecord | None:
    found = (state.pushes.get(name) for name in _names(id, former))
    return next((record for record in found if record is not None), None)


def _wanted(push: Push, record: PushRecord | None, now: int, service: dt.tzinfo) -> CalendarEntry:
    stopped = record is not None and record.silences(push, service)
    began = [task.began_at for task in record.tasks] if record else []
    return CalendarEntry(
        id=push.id,
        title=push.message.title,
        body=push.message.body,
        audience=audience_of(push),
        schedules=(push.schedule,),
        since=min([now, *began]),
        labels=push.meta.labels,
        cancelled=stopped or not push.enabled,
        revision=record.generation if record else 0,
    )


def _left(record: PushRecord, now: int, service: dt.tzinfo) -> tuple[Declared, ...]:
    """Return the schedules of tasks that still have something to deliver, each once."""
    schedules = dict.fromkeys(task.schedule for task in record.live)
    coming = (item for item in schedules if remaining(item, now, service))
    return tuple(of_loop(item, service) if isinstance(item, Loop) else item for item in coming)


def _unwanted(
    id: str, record: PushRecord, schedules: tuple[Declared, ...], kept: set[str]
) -> CalendarEntry:
    """Return an entry that left the manifest; the next apply cancels it, if it may."""
    message = record.spec.get("message", {})
    stays = id in kept or record.meta.protect or record.meta.on_remove is not OnRemove.CANCEL
    return CalendarEntry(
        id=id,
        title=str(message.get("title", "")),
        body=str(message.get("body", "")),
        audience=count(len({name for task in record.live for name in task.targets}), "target"),
        schedules=schedules,
        since=min(task.began_at for task in record.tasks),
        labels=record.meta.labels,
        cancelled=not stays,
        revision=record.generation,
    )
