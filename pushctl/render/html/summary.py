"""The HTML section on top: counts, what cannot be taken back, and how long a plan is valid."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from pushctl.plan.change import Action, Rename
from pushctl.plan.plan import Plan
from pushctl.render.html.changes import old_and_new, sign
from pushctl.render.html.markup import Content, Html, join, pairs, table, tag, user_text
from pushctl.render.html.selection import linked
from pushctl.render.text.findings import summary
from pushctl.render.view import labels, truncation
from pushctl.render.view.change_view import ChangeView
from pushctl.render.view.plan_view import PlanView
from pushctl.text import local_times
from pushctl.text.messages import _, count

ROWS = 12
"""How many changes are listed on the first screen."""

IRREVERSIBLE = 12
"""How many things that cannot be taken back are listed there; one of each kind at least."""

ALWAYS = (Action.CREATE, Action.REPLACE, Action.CANCEL, Action.NOOP)
NAMES = {Action.NOOP: "unchanged", Action.BLOCKED: "blocked"}


def section(whole: PlanView, views: Sequence[ChangeView]) -> Html:
    """Say the most important things, the worst first."""
    plan = whole.plan
    if plan.refresh_only:
        return tag("p", labels.headline(plan))
    by = {(view.id, view.action): view for view in views}
    ordered = [by[view.id, view.action] for view in whole.by_urgency]
    return join(
        _verdict(whole),
        tag("ul", *_counts(plan), class_="counts"),
        _irreversible(whole, ordered),
        _rows(plan, ordered) if ordered else tag("p", labels.headline(plan, rest=_("below"))),
        pairs(_bounds(whole), class_="bounds"),
    )


def _verdict(whole: PlanView) -> Html | None:
    if not whole.refused:
        return None
    counted = ((len(whole.plan.stopping), "blocked change"), (whole.errors, "error"))
    why = _(" and ").join(count(number, name) for number, name in counted if number)
    return tag("p", tag("strong", _("Apply would refuse this plan: ")), why, ".", class_="note bad")


def _counts(plan: Plan) -> Iterator[Html]:
    for action, number in plan.counts.items():
        if number or action in ALWAYS:
            name = _(NAMES[action]) if action in NAMES else _("to {action}", _(action))
            kind = f"{action}" if number else "none"
            yield tag("li", tag("b", str(number)), " ", name, class_=kind)


def _irreversible(whole: PlanView, ordered: Sequence[ChangeView]) -> Html | None:
    shown, others = truncation.irreversible(ordered, IRREVERSIBLE)
    if not shown:
        return None
    lines = (
        tag("li", linked(view), " ", labels.irreversible(item, view, whole.tariff))
        for item, view in shown
    )
    rest = _(
        "and {number} more: {count_irreversible}", len(others), labels.count_irreversible(others)
    )
    return tag(
        "div",
        tag("h3", _("Cannot be taken back once applied")),
        tag("ul", *lines),
        tag("p", rest, _("; see "), tag("a", _("the changes"), href="#changes"), ".")
        if others
        else None,
        class_="note bad",
    )


def _bounds(whole: PlanView) -> Iterator[tuple[str, Content]]:
    plan, now = whole.plan, whole.plan.quota
    used, most = min(now.after, now.limit), max(now.limit, 1)
    meter = tag("meter", value=used, min=0, max=most, aria_label=_("Quota used"))
    yield _("Quota"), (f"{labels.quota(plan)} ", meter)
    found = summary(plan.diagnostics, notes=True)
    yield _("Findings"), tag("a", found, href="#findings") if plan.diagnostics else _("none")
    first = min((view.soonest for view in whole.changes if view.soonest is not None), default=None)
    if first is not None:
        when = local_times.moment(first, plan.timezone)
        yield (
            _("First due"),
            _("{when}, {ahead}", when, local_times.ahead(first, plan.created_at)),
        )
    if valid := labels.validity(plan):
        yield _("Approval"), valid


def _rows(plan: Plan, ordered: Sequence[ChangeView]) -> Html:
    caption = _("What would happen, the most important first")
    heads = (_("Change"), _("Push"), _("Next delivery"), _("Who"))
    rows = (_row(view, plan) for view in ordered[:ROWS])
    link = tag("p", tag("a", _("All {number} changes", len(ordered)), href="#changes"))
    shown = table(caption, heads, rows, class_="rows", roles=True)
    return join(shown, link if len(ordered) > ROWS else None)


def _row(view: ChangeView, plan: Plan) -> Html:
    title = (view.title or "")[:60]
    if isinstance(view.change, Rename):
        title = _("was {before}", view.change.before)
    told = old_and_new(view.main_field) if view.main_field else user_text(title) if title else None
    return tag(
        "tr",
        tag("td", sign(view), role="cell"),
        tag(
            "th", linked(view), tag("small", told) if told else None, scope="row", role="rowheader"
        ),
        tag("td", *_next(view, plan), role="cell"),
        tag("td", labels.audience(view) or None, role="cell"),
        role="row",
    )


def _next(view: ChangeView, plan: Plan) -> Iterator[Html | str]:
    """Say when it is delivered next, or would have been."""
    if view.at_once:
        yield _("at once")
        return
    at = next(iter((*view.coming, *view.proposed, *view.delta.gone)), None)
    if at is None:
        return
    text = local_times.moment(at, view.zone)
    yield tag("del", text) if at in view.delta.gone else text
    yield tag("small", local_times.ahead(at, plan.created_at))
