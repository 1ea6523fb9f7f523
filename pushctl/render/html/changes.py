"""What the plan does, entry by entry: the difference, the dates, the people."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from pushctl.plan.change import Blocked, Cancel, FieldChange, Rename
from pushctl.plan.plan import Plan
from pushctl.plan.reconcile.refresh import DriftKind
from pushctl.render import schedule_text
from pushctl.render.html.entries import Entry
from pushctl.render.html.markup import Html, join, said, tag, wide
from pushctl.render.markdown import truncation as truncation_markdown
from pushctl.render.view import facts, labels, origins
from pushctl.render.view.plan_view import Outline
from pushctl.schedule.recurrence import Recurrence
from pushctl.text import timestamps
from pushctl.text.plural import count
from pushctl.text.word_diff import Kind, diff

UNMANAGED = 100

VALUE = 5000
"""How many characters of a value are shown."""


def section(whole: Outline, entries: Sequence[Entry]) -> Html:
    """Tell every change, then what is beside them, then what stays as it is."""
    plan = whole.plan
    changed = [entry for entry in entries if entry.effective]
    told = [entry for entry in changed if entry.told]
    left = [entry.of for entry in changed if not entry.told]
    return join(
        tag("p", labels.headline(plan, rest="below"), class_="lead") if changed else None,
        *(_change(entry, whole) for entry in told),
        tag("p", f"and {len(left)} more ({truncation_markdown.changes(left)}).", class_="note")
        if left
        else None,
        _beside(whole),
        _unchanged(entries, plan),
    )


def sign(entry: Entry) -> Html:
    """Show what becomes of an entry, as a sign with its word."""
    symbol = labels.SYMBOLS[entry.action].strip() or "="
    word = str(entry.action) if entry.effective else "unchanged"
    return tag("span", tag("b", symbol, aria_hidden="true"), f" {word}", class_=f"chip {word}")


def _change(entry: Entry, whole: Outline) -> Html:
    place = facts.where(entry.change)
    drawn = tag("a", "on phones", href=f"#d{entry.number}") if entry.drawn else None
    return tag(
        "article",
        tag("h3", sign(entry), " ", said(entry.id)),
        tag(
            "p",
            tag("code", said(place[0]), f":{place[1]}") if place else None,
            " · " if place and drawn else None,
            drawn,
            class_="lead",
        )
        if place or drawn
        else None,
        _lasting(entry, whole),
        tag("dl", *_facts(entry, whole.plan)),
        _fields(entry),
        class_="change",
        id=f"c{entry.number}",
    )


def _lasting(entry: Entry, whole: Outline) -> Html | None:
    if not entry.of.irreversible:
        return None
    words = (labels.lasting(item, entry.of, whole.tariff) for item in entry.of.irreversible)
    items = (tag("li", "It ", word, ".") for word in words)
    return tag("div", tag("b", "Cannot be taken back"), tag("ul", *items), class_="note bad")


def _facts(entry: Entry, plan: Plan) -> Iterator[Html]:
    push, of = entry.push, entry.of
    reason = "" if entry.change.reason == "new" else entry.change.reason
    if isinstance(entry.change, Rename):
        reason = f"was {entry.change.before}; no call is made"
    yield from _fact("Why", reason)
    if entry.id in plan.origins:
        yield from _fact("Comes from", origins.sentence(plan.origins[entry.id]))
    if isinstance(entry.change, Blocked):
        yield from _fact("Fix", entry.change.fix)
    yield from _fact("Title", of.title or "")
    yield from _fact("Body", of.body or "")
    if push is not None:
        yield from _fact("Opens", push.message.url or push.message.intent or "")
    yield from _times(entry, plan)
    yield from _fact("Who", labels.audience(of))
    yield from _fact("Tasks", labels.tasks(of))
    if push is not None:
        yield from _fact("Owner", push.meta.owner or "")
        yield from _fact("About", push.meta.description or "")
        pairs = ", ".join(f"{key}: {value}" for key, value in push.meta.labels.items())
        yield from _fact("Labels", pairs)


def _times(entry: Entry, plan: Plan) -> Iterator[Html]:
    push, of = entry.push, entry.of
    if push is not None and isinstance(push.schedule, Recurrence):
        yield from _fact("When", schedule_text.english(push.schedule, push.schedule.zone))
    if of.at_once:
        yield from _fact("Next", "sent the moment this is applied")
    if of.upcoming:
        first = of.upcoming[0]
        ahead = timestamps.ahead(first, plan.created_at)
        yield from _fact("Next", f"{timestamps.moment(first, entry.zone)}, {ahead}")
        yield from _fact("Then", labels.following(of))
    if of.goes_on and of.upcoming:
        yield from _fact("After", "it goes on: apply renews it in time")
    if isinstance(entry.change, Cancel):
        yield from _fact("Lost", labels.some(of.shift.gone, entry.zone, shown=10))
    elif of.shift.gone or of.shift.moved or of.held:
        yield from _fact("Not today", labels.some(of.held, entry.zone))
        yield from _fact("No longer", labels.some(of.shift.gone, entry.zone, shown=10))
        yield from _fact("New", labels.some(of.shift.new, entry.zone, shown=10))
        yield from _fact("Moved", labels.moved(of.shift.moved, entry.zone, shown=5))


def _fact(name: str, value: str) -> Iterator[Html]:
    if value:
        more = len(value) - VALUE
        tail = f" … and {more} more characters" if more > 0 else None
        yield tag("div", tag("dt", name), tag("dd", said(value[:VALUE]), tail))


# --- differences ----------------------------------------------------------------------------------


def _fields(entry: Entry) -> Html | None:
    fields: Sequence[FieldChange] = getattr(entry.change, "fields", ())
    if not fields:
        return None
    rows = (
        tag("tr", tag("th", tag("code", said(field.path)), scope="row"), tag("td", _diff(field)))
        for field in fields
    )
    name = f"What changed in {entry.id}"
    heads = tag("tr", tag("th", "Field", scope="col"), tag("th", "Difference", scope="col"))
    table = tag("table", tag("thead", heads), tag("tbody", *rows), class_="fields")
    return wide(table, name)


def _diff(field: FieldChange) -> Html:
    """Show both values at once: what is gone and what is new, by element and not only by colour."""
    before, after = spelled(field.before), spelled(field.after)
    if field.before is None or field.after is None:
        gone = tag("del", said(before)) if field.before is not None else None
        return join(gone, " ", tag("ins", said(after)) if field.after is not None else _GONE)
    elements = {Kind.GONE: "del", Kind.NEW: "ins"}
    pieces = (
        tag(elements[piece.kind], piece.text) if piece.kind in elements else piece.text
        for piece in diff(before, after)
    )
    return tag("bdi", *pieces)


_GONE = tag("span", "(nothing)", class_="quiet-text")


def spelled(value: object) -> str:
    """Write any value of a manifest as a text, long ones shortened."""
    match value:
        case None:
            text = ""
        case bool():
            text = "true" if value else "false"
        case list() | tuple():
            text = ", ".join(map(spelled, value))
        case dict():
            text = ", ".join(f"{key}: {spelled(item)}" for key, item in value.items())
        case _:
            text = str(value)
    return text if len(text) <= VALUE else text[:VALUE] + "…"


# --- beside the changes ---------------------------------------------------------------------------


def _beside(whole: Outline) -> Html | None:
    plan = whole.plan
    items = [*_waiting(whole), *_differing(plan), *_strangers(plan)]
    if not items:
        return None
    return join(tag("h3", "Beside the changes"), tag("ul", *items, class_="beside"))


def _waiting(whole: Outline) -> Iterator[Html]:
    for item in whole.telling:
        yield tag("li", tag("b", said(item.id)), " ", said(item.reason))
    for wait in whole.plan.waiting:
        when = timestamps.moment(wait.first, whole.plan.timezone)
        number = count(wait.tasks, "task waits", "tasks wait")
        yield tag("li", tag("b", said(wait.id)), f" {number} for room, the first due {when}")


def _differing(plan: Plan) -> Iterator[Html]:
    for item in plan.drift:
        what = (
            "is not on the service any more"
            if item.kind is DriftKind.GONE
            else f"lost {item.missing} of {item.expected} deliveries on the service"
        )
        yield tag(
            "li", tag("b", said(item.id)), " task ", tag("code", said(item.task_id)), " ", what
        )
    for doubt in plan.doubts:
        yield tag("li", tag("b", said(doubt.id)), " in doubt: ", said(doubt.reason))


def _strangers(plan: Plan) -> Iterator[Html]:
    for task in plan.unmanaged[:UNMANAGED]:
        coming = task.unexecuted
        when = f", due {timestamps.moment(coming[0].at, plan.timezone)}" if coming else ""
        yield tag(
            "li",
            "not in the manifest: ",
            said(task.title),
            f"{when}, task ",
            tag("code", said(task.task_id)),
        )
    more = len(plan.unmanaged) - UNMANAGED
    if more > 0:
        yield tag("li", f"and {more} more tasks that are not in the manifest")


def _unchanged(entries: Sequence[Entry], plan: Plan) -> Html | None:
    kept = [entry for entry in entries if not entry.effective and entry.push is not None]
    if not kept:
        return None
    told = [entry for entry in kept if entry.told]
    rows = (_kept(entry, plan) for entry in told)
    heads = (tag("th", name, scope="col") for name in ("Push", "Next delivery", "Who", "State"))
    left = len(kept) - len(told)
    table = tag("table", tag("thead", tag("tr", *heads)), tag("tbody", *rows))
    return tag(
        "details",
        tag("summary", count(len(kept), "push stays as it is", "pushes stay as they are")),
        wide(table, "Pushes that stay as they are"),
        tag("p", f"and {left} more that are not listed") if left > 0 else None,
        class_="unchanged",
    )


def _kept(entry: Entry, plan: Plan) -> Html:
    when = timestamps.moment(entry.coming[0], entry.zone) if entry.coming else "nothing to come"
    return tag(
        "tr",
        tag("th", said(entry.id), scope="row"),
        tag("td", when),
        tag("td", labels.audience(entry.of)),
        tag("td", said(entry.change.reason)),
        id=f"c{entry.number}",
    )
