"""The HTML section with every change: its facts, its differences, and the lists beside them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from pushctl.plan.change import FieldChange
from pushctl.plan.plan import Plan
from pushctl.render.html.markup import Html, join, left_out, pairs, table, tag, user_text, wide
from pushctl.render.view import labels
from pushctl.render.view.change_facts import MOVES, WHEN, change_facts
from pushctl.render.view.change_view import ChangeView
from pushctl.render.view.plan_view import PlanView
from pushctl.render.view.side_lists import Quoted, SideList, Topic, side_lists
from pushctl.text import local_times
from pushctl.text.messages import _, count, local
from pushctl.text.word_diff import Kind, Piece, changed_words, diff

UNMANAGED = 100

ELEMENTS = {Kind.GONE: "del", Kind.NEW: "ins"}

AROUND = 20
"""Characters shown on both sides of a changed word on the first line of a change."""

VALUE = 5000
"""How many characters of a value are shown."""


def section(whole: PlanView, views: Sequence[ChangeView]) -> Html:
    """Tell every change, then what is beside them, then what stays as it is."""
    changed = [view for view in views if view.effective]
    rest = [view for view in changed if not view.listed]
    kinds = _("and {number} more ({count_changes}).", len(rest), labels.count_changes(rest))
    return join(
        tag("p", labels.headline(whole.plan, rest=_("below")), class_="lead") if changed else None,
        *(_change(view, whole) for view in changed if view.listed),
        tag("p", kinds, class_="note") if rest else None,
        _beside(whole.plan),
        _unchanged(views),
    )


def sign(view: ChangeView) -> Html:
    """Show what becomes of an entry, as a sign with its word."""
    symbol = labels.SYMBOLS[view.action].strip() or "="
    word = str(view.action) if view.effective else "unchanged"
    return tag("span", tag("b", symbol, aria_hidden="true"), f" {_(word)}", class_=f"chip {word}")


def _change(view: ChangeView, whole: PlanView) -> Html:
    place = view.place
    drawn = tag("a", _("on phones"), href=f"#d{view.number}") if view.drawn else None
    where = (
        tag("code", user_text(place[0]), f":{place[1]}") if place else None,
        " · " if place and drawn else None,
        drawn,
    )
    facts = ((_(name), _value(value)) for name, value in _facts(view, whole.plan) if value)
    return tag(
        "article",
        tag("h3", sign(view), " ", user_text(view.id)),
        tag("p", old_and_new(view.main_field)) if view.main_field else None,
        tag("p", *where, class_="lead") if place or drawn else None,
        _irreversible(view, whole),
        pairs(facts),
        _fields(view),
        class_="change",
        id=f"c{view.number}",
    )


def _irreversible(view: ChangeView, whole: PlanView) -> Html | None:
    if not view.irreversible:
        return None
    words = (labels.irreversible(item, view, whole.tariff) for item in view.irreversible)
    items = (tag("li", _("It {word}.", word)) for word in words)
    return tag("div", tag("b", _("Cannot be taken back")), tag("ul", *items), class_="note bad")


def _facts(view: ChangeView, plan: Plan) -> Iterator[tuple[str, str]]:
    push, facts = view.push, change_facts(view, plan, shown=10)
    values = {name: fact.value for name, fact in facts.items()}
    yield from ((name, values.get(name, "")) for name in ("Why", "Comes from", "Fix"))
    for name in ("title", "body"):
        yield name.capitalize(), getattr(view, name) or ""
    if push is not None:
        yield "Opens", push.message.link or ""
    rows = (*WHEN, "Covered", "Lost", *MOVES, "Who", "Tasks")
    yield from ((row, values.get(row, "")) for row in rows)
    if push is not None:
        yield "Owner", view.owner
        yield "About", push.meta.description or ""
        yield "Labels", ", ".join(f"{key}: {value}" for key, value in push.meta.labels.items())


def _value(value: str) -> Html:
    more = len(value) - VALUE
    return join(
        user_text(value[:VALUE]), _(" … and {more} more characters", more) if more > 0 else None
    )


# --- differences ----------------------------------------------------------------------------------


def _fields(view: ChangeView) -> Html | None:
    changes: Sequence[FieldChange] = getattr(view.change, "fields", ())
    if not changes:
        return None
    rows = (
        tag(
            "tr",
            tag("th", tag("code", user_text(field.path)), scope="row"),
            tag("td", _diff(field)),
        )
        for field in changes
    )
    found = table(None, (_("Field"), _("Difference")), rows, class_="fields")
    return wide(found, _("What changed in {id}", view.id))


def _diff(field: FieldChange) -> Html:
    """Show both values at once: what is gone and what is new, by element and not only by colour."""
    before, after = spelled(field.before), spelled(field.after)
    if field.before is None or field.after is None:
        gone = tag("del", user_text(before)) if field.before is not None else None
        new = tag("ins", user_text(after)) if field.after is not None else _nothing()
        return join(gone, " ", new)
    return tag("bdi", *map(_marked, diff(before, after)))


def old_and_new(field: FieldChange) -> Html:
    """Show what a field was and will be on one line; of a long text the words that changed."""
    name = tag("code", user_text(field.path))
    pieces = changed_words(field.before, field.after, escape=str, around=AROUND, changes=2)
    if pieces is not None:
        return join(name, " ", tag("bdi", *map(_marked, pieces)))
    sides = (("del", field.before), ("ins", field.after))
    old, new = (
        _nothing() if value is None else tag(kind, user_text(spelled(value)[: 4 * AROUND]))
        for kind, value in sides
    )
    return join(name, " ", old, " → ", new)


def _marked(piece: Piece) -> Html | str:
    return tag(ELEMENTS[piece.kind], piece.text) if piece.kind in ELEMENTS else piece.text


def _nothing() -> Html:
    return tag("span", _("(nothing)"), class_="quiet-text")


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


def _beside(plan: Plan) -> Html | None:
    items = [line for found in side_lists(plan) for line in _side_list(found)]
    if not items:
        return None
    return join(tag("h3", _("Beside the changes")), tag("ul", *items, class_="beside"))


def _side_list(found: SideList) -> Iterator[Html]:
    shown = UNMANAGED if found.topic is Topic.UNMANAGED else len(found.lines)
    for id, parts in found.lines[:shown]:
        yield tag("li", tag("b", user_text(id)), " ", *map(_part, parts))
    if len(found.lines) > shown:
        yield tag("li", _("and {number} more", len(found.lines) - shown))


def _part(part: str | Quoted) -> Html | str:
    if isinstance(part, str):
        return part
    return tag("code", user_text(part.text)) if part.code else user_text(part.text)


def _unchanged(views: Sequence[ChangeView]) -> Html | None:
    kept = [view for view in views if not view.effective and view.push is not None]
    if not kept:
        return None
    listed = [view for view in kept if view.listed]
    heads = (_("Push"), _("Next delivery"), _("Who"), _("State"))
    return tag(
        "details",
        tag("summary", count(len(kept), "push stays as it is", "pushes stay as they are")),
        wide(table(None, heads, map(_kept, listed)), _("Pushes that stay as they are")),
        left_out(len(kept) - len(listed), "more that are not listed"),
        class_="unchanged",
    )


def _kept(view: ChangeView) -> Html:
    when = local_times.moment(view.coming[0], view.zone) if view.coming else _("nothing to come")
    cells = (when, labels.audience(view), user_text(local(view.change.reason)))
    name = tag("th", user_text(view.id), scope="row")
    return tag("tr", name, *(tag("td", cell) for cell in cells), id=f"c{view.number}")
