"""The HTML section with findings."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from pushctl.diagnostics import Diagnostic, Severity
from pushctl.render.html.markup import Html, join, left_out, tag, user_text
from pushctl.render.html.selection import linked
from pushctl.render.view.change_view import ChangeView
from pushctl.text.messages import _, local

TITLES = {Severity.ERROR: "Errors", Severity.WARNING: "Warnings", Severity.INFO: "Notes"}

SHOWN = 500
"""How many findings of a kind are on the page."""


def section(found: Sequence[Diagnostic], by_id: Mapping[str, ChangeView]) -> Html:
    """List findings by severity; `by_id` holds the entries."""
    if not found:
        return tag("p", _("Nothing was found."), class_="lead")
    return join(*(_kind(severity, found, by_id) for severity in Severity))


def _kind(
    severity: Severity, found: Sequence[Diagnostic], by_id: Mapping[str, ChangeView]
) -> Html | None:
    items = [item for item in found if item.severity is severity]
    if not items:
        return None
    return join(
        tag("h3", f"{_(TITLES[severity])} ({len(items)})"),
        *(_finding(item, by_id) for item in items[:SHOWN]),
        left_out(len(items) - SHOWN, "more; `pushctl validate` lists all."),
    )


def _finding(item: Diagnostic, by_id: Mapping[str, ChangeView]) -> Html:
    chip = tag("span", _(item.severity), class_=f"chip {item.severity}")
    return tag(
        "article",
        tag("h4", chip, " ", tag("code", item.code), " ", user_text(local(item.summary))),
        tag("p", user_text(local(item.detail))) if item.detail else None,
        _place(item),
        tag("p", tag("b", _("Fix: ")), user_text(local(item.fix))) if item.fix else None,
        _about(item, by_id),
        class_="finding",
    )


def _place(item: Diagnostic) -> Html | None:
    if item.range is None:
        return None
    start = item.range.start
    line = item.snippet.strip() if item.snippet else ""
    return join(
        tag("p", tag("code", user_text(item.range.filename), f":{start.line}:{start.column}")),
        tag("pre", user_text(line[:400]), tabindex="0") if line else None,
    )


def _about(item: Diagnostic, by_id: Mapping[str, ChangeView]) -> Html:
    view = by_id.get(item.push or "")
    about = join(_("about "), linked(view), "; ") if view is not None else None
    return tag("p", about, _("why: "), tag("code", f"pushctl explain {item.code}"), class_="lead")
