"""What an editor shows about the thing under the pointer, as Markdown."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterator

from pushctl.lint.registry import rule
from pushctl.lsp.cursor import Cursor
from pushctl.lsp.project import CheckedProject
from pushctl.manifest.format import field_order
from pushctl.manifest.schedule.timezones import TimeError, zone
from pushctl.manifest.yaml.positions import Path
from pushctl.push.push import Push
from pushctl.render.schedule_text import english
from pushctl.render.view.upcoming import outlook
from pushctl.schedule.recurrence import Recurrence
from pushctl.schedule.service_schedule import Horizon
from pushctl.text import timestamps
from pushctl.text.escape import visible
from pushctl.text.width import table

DELIVERIES = 5
MOST_INSTANCES = 5


def hover(cursor: Cursor, project: CheckedProject | None, *, kind: str = "file") -> str | None:
    """Return what to show; None if there is nothing to say.

    `kind` is what the file is to `field_order.of_file`.
    """
    path = cursor.path
    code = _code(cursor)
    if code is not None:
        return _rule(code)
    id = _entry(path)
    inside = path[path.index("pushes") + 2 :] if id is not None else ()
    if id is not None and project is not None and (not inside or inside[0] == "schedule"):
        shown = [part for part in _deliveries_of(project, id) if part]
        if shown:
            # Times and names of zones are full of what Markdown would take for something else.
            return "```text\n" + visible("\n\n".join(shown), lines=True) + "\n```"
    return _field(path, kind) if cursor.is_key else None


def _code(cursor: Cursor) -> str | None:
    """Return the code of a rule that the pointer is on."""
    path = cursor.path
    if len(path) > 2 and path[-1] == "rule" and path[-3:-2] == ("allow",) and not cursor.is_key:
        return cursor.text.strip("\"'")
    if path[-2:-1] == ("rules",) and path[-3:-2] == ("policy",) and cursor.is_key:
        return str(path[-1])
    return None


def _rule(code: str) -> str | None:
    known = rule(code)
    if known is None:
        return None
    return f"**{known.code}** {known.title}\n\n{known.why}\n\n*What to do:* {known.fix}"


def _entry(path: Path) -> str | None:
    """Return the id of the entry that a path leads into, in a manifest or an environment."""
    if path[:1] == ("pushes",) and len(path) > 1:
        return str(path[1])
    if path[:1] == ("environments",) and path[2:3] == ("pushes",) and len(path) > 3:
        return str(path[3])
    return None


def _deliveries_of(project: CheckedProject, id: str) -> Iterator[str]:
    """Yield what is to say about an entry, or about each push that its `for_each` makes."""
    ids = project.instances(id)
    pushes = [project.pushes[name] for name in ids if name in project.pushes]
    for push in pushes[:MOST_INSTANCES]:
        yield _deliveries(push, project)
    if len(pushes) > MOST_INSTANCES:
        yield f"and {len(pushes) - MOST_INSTANCES} more pushes"


def _deliveries(push: Push, project: CheckedProject) -> str:
    manifest = project.reading.manifest
    assert manifest is not None  # there is no push otherwise
    try:
        local, service = zone(manifest.timezone), zone(manifest.app.service_timezone)
    except TimeError:  # there is a finding about that already
        return ""
    own = push.zone or local
    if isinstance(push.schedule, Recurrence):
        own = push.schedule.zone
    horizon = Horizon(service, manifest.app.behaviour.horizon_days)
    seen = outlook(
        push.schedule,
        now=project.surroundings.now,
        horizon=horizon,
        zones=(own, dt.UTC),
        count=DELIVERIES,
        targets=len(push.targets),
    )
    lines = [f"{push.id}: {english(push.schedule, own)}"]
    if not push.enabled:
        lines.append("disabled: none of this is delivered while it says `enabled: false`")
    rows = [(*(timestamps.zone_name(where) for where in seen.zones), "")]
    for item in seen.deliveries:
        cells = [timestamps.moment(item.at, where, with_zone=False) for where in seen.zones]
        rows.append((*cells, "; ".join((timestamps.ahead(item.at, seen.now), *item.notes))))
    lines.append(table(rows) if seen.deliveries else "no deliveries ahead")
    return "\n".join(lines)


def _field(path: Path, kind: str) -> str | None:
    """Return what the schema says about a field."""
    shape = field_order.of_file(kind)
    for key in path[:-1]:
        shape = shape.below(key)
    if not isinstance(path[-1], str) or path[-1] not in shape.fields:
        return None
    schema = shape.below(path[-1]).schema
    shown = str(schema.get("description", ""))
    examples = schema.get("examples") or []
    if not examples:
        return shown or None
    example = json.dumps(examples[0], ensure_ascii=False)
    return f"{shown}\n\n```yaml\n{path[-1]}: {example}\n```"
