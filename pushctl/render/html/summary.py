"""The first screen: what would happen, what cannot be taken back, and until when it holds."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from pushctl.diagnostics import Severity
from pushctl.plan.change import Action, Rename
from pushctl.plan.plan import Plan
from pushctl.render.html.changes import sign
from pushctl.render.html.entries import Entry
from pushctl.render.html.markup import Html, join, said, tag
from pushctl.render.markdown import truncation as truncation_markdown
from pushctl.render.view import labels
from pushctl.render.view.plan_view import Outline
from pushctl.text import timestamps
from pushctl.text.plural import count

ROWS = 12
"""How many changes are listed on the first screen."""

LASTING = 12
"""How many things that cannot be taken back are listed there; one of each kind at least."""

ALWAYS = (Action.CREATE, Action.REPLACE, Action.CANCEL, Action.NOOP)
NAMES = {Action.NOOP: "unchanged", Action.BLOCKED: "blocked"}


def section(whole: Outline, entries: Sequence[Entry]) -> Html:
    """Say the most important things, the worst first."""
    plan = whole.plan
    if plan.refresh_only:
        return tag("p", labels.headline(plan))
    return join(
        _verdict(whole),
        tag("ul", *_counts(plan), class_="counts"),
        _lasting(whole, entries),
        tag("dl", *_bounds(whole), class_="bounds"),
        _rows(whole, entries),
    )


def _verdict(whole: Outline) -> Html | None:
    if not whole.refused:
        return None
    why = []
    blocked = len(whole.plan.stopping)
    errors = sum(item.severity is Severity.ERROR for item in whole.plan.diagnostics)
    if blocked:
        why.append(count(blocked, "blocked change"))
    if errors:
        why.append(count(errors, "error"))
    return tag(
        "p",
        tag("strong", "Apply would refuse this plan: "),
        " and ".join(why),
        ".",
        class_="note bad",
    )


def _counts(plan: Plan) -> Iterator[Html]:
    for action, number in plan.counts.items():
        if number or action in ALWAYS:
            name = NAMES.get(action, f"to {action}")
            kind = f"{action}" if number else "none"
            yield tag("li", tag("b", str(number)), " ", name, class_=kind)


def _lasting(whole: Outline, entries: Sequence[Entry]) -> Html | None:
    if not whole.irreversible:
        return None
    by = {(entry.id, entry.action): entry for entry in entries}
    found = [(item, of) for of in whole.by_weight for item in of.irreversible]
    shown, others = truncation_markdown.parted(found, LASTING, lambda pair: type(pair[0]).__name__)
    lines = (
        tag("li", by[of.id, of.action].named(), " ", labels.lasting(item, of, whole.tariff))
        for item, of in shown
    )
    rest = (
        f"and {len(others)} more: {truncation_markdown.lasting(item for item, _ in others)}; see "
    )
    return tag(
        "div",
        tag("h3", "Cannot be taken back once applied"),
        tag("ul", *lines),
        tag("p", rest, tag("a", "the changes", href="#changes"), ".") if others else None,
        class_="note bad",
    )


def _bounds(whole: Outline) -> Iterator[Html]:
    plan = whole.plan
    now = plan.quota
    meter = tag(
        "meter",
        value=min(now.after, now.limit),
        min=0,
        max=max(now.limit, 1),
        aria_label="Quota used",
    )
    yield _bound("Quota", f"{labels.quota(plan)} ", meter)
    found = plan.diagnostics
    if found:
        kinds = ((Severity.ERROR, "error"), (Severity.WARNING, "warning"), (Severity.INFO, "note"))
        words = ", ".join(
            count(number, name)
            for severity, name in kinds
            if (number := sum(item.severity is severity for item in found))
        )
        yield _bound("Findings", tag("a", words, href="#findings"))
    else:
        yield _bound("Findings", "none")
    first = min((of.soonest for of in whole.entries if of.soonest is not None), default=None)
    if first is not None:
        when = timestamps.moment(first, plan.timezone)
        yield _bound("First due", f"{when}, {timestamps.ahead(first, plan.created_at)}")
    if valid := labels.validity(plan):
        yield _bound("Approval", valid)


def _bound(name: str, *value: Html | str) -> Html:
    return tag("div", tag("dt", name), tag("dd", *value))


def _rows(whole: Outline, entries: Sequence[Entry]) -> Html:
    by = {(entry.id, entry.action): entry for entry in entries}
    ordered = [by[of.id, of.action] for of in whole.by_weight]
    if not ordered:
        return tag("p", labels.headline(whole.plan, rest="below"))
    heads = ("Change", "Push", "Next delivery", "Who")
    left = len(ordered) - ROWS
    return join(
        tag(
            "table",
            tag("caption", "What would happen, the most important first"),
            tag(
                "thead",
                tag(
                    "tr",
                    *(tag("th", head, scope="col", role="columnheader") for head in heads),
                    role="row",
                ),
                role="rowgroup",
            ),
            tag("tbody", *(_row(entry, whole.plan) for entry in ordered[:ROWS]), role="rowgroup"),
            class_="rows",
            role="table",
        ),
        tag("p", tag("a", f"All {len(ordered)} changes", href="#changes")) if left > 0 else None,
    )


def _row(entry: Entry, plan: Plan) -> Html:
    title = (entry.of.title or "")[:60]
    if isinstance(entry.change, Rename):
        title = f"was {entry.change.before}"
    return tag(
        "tr",
        tag("td", sign(entry), role="cell"),
        tag(
            "th",
            entry.named(),
            tag("small", said(title)) if title else None,
            scope="row",
            role="rowheader",
        ),
        tag("td", *_next(entry, plan), role="cell"),
        tag("td", labels.audience(entry.of) or None, role="cell"),
        role="row",
    )


def _next(entry: Entry, plan: Plan) -> Iterator[Html | str]:
    """Say when it is delivered next, or would have been."""
    if entry.of.at_once:
        yield "at once"
        return
    at = entry.next
    if at is None:
        return
    text = timestamps.moment(at, entry.zone)
    yield tag("del", text) if at in entry.of.shift.gone else text
    yield tag("small", timestamps.ahead(at, plan.created_at))
