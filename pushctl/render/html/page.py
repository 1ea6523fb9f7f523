"""The HTML page of a plan: one file that loads nothing and runs nothing."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Sequence
from functools import cache
from importlib.resources import files

from msgspec import Struct

from pushctl.diagnostics import Diagnostic
from pushctl.plan.plan import Plan
from pushctl.render.html import (
    calendar,
    changes,
    findings,
    hourly_load,
    phones,
    recipients,
    requests,
    summary,
)
from pushctl.render.html.markup import Html, join, pairs, switch, tag, trusted, user_text
from pushctl.render.html.selection import selected
from pushctl.render.view.irreversible import Tariff
from pushctl.render.view.plan_view import PlanView, plan_view
from pushctl.text import local_times
from pushctl.text.messages import _, chosen
from pushctl.vendors.facts import Hours


class PageOptions(Struct, frozen=True):
    """What a page has to know besides the plan.

    `quiet` are the hours in which marketing should wake nobody, `tariff` is what text messages
    cost. A `preview` says so in its title. `clock` is what a sandbox's clock shows, if
    there is one.
    """

    version: str
    quiet: Hours
    tariff: Tariff | None = None
    preview: bool = False
    clock: str = ""


SECTIONS = (
    ("summary", "Summary"),
    ("changes", "Changes"),
    ("calendar", "Calendar"),
    ("devices", "Devices"),
    ("people", "People"),
    ("findings", "Findings"),
    ("requests", "Requests"),
)

OF_DRIFT = ("summary", "changes", "findings")
"""The sections that are left where nothing is to be done."""


def page(plan: Plan, setting: PageOptions) -> str:
    """Write the page of a plan, the same for the same values."""
    whole = plan_view(plan, setting.tariff)
    return document(
        f"{_kind(plan, setting)} · {plan.app}/{plan.workspace}",
        tag("a", _("Skip to the summary"), href="#summary", class_="skip"),
        _header(plan, setting),
        _navigation(plan),
        tag("main", *_sections(whole, setting)),
        _footer(plan, setting),
    )


def no_plan(found: Sequence[Diagnostic], *, place: str, env: str | None, version: str) -> str:
    """Write the page that stands in for a plan that could not be made: the findings."""
    where = [user_text(part) for part in (env, place) if part]
    names = [join(part, " · ") for part in where[:-1]] + where[-1:]
    header = tag("div", tag("h1", _("No push plan")), tag("p", *names))
    why = tag("p", _("The manifest has errors, so there is no plan."), class_="note bad")
    listed = (tag("h2", _("Findings")), why, findings.section(found, {}))
    return document(
        _("No push plan"),
        tag("header", header, themes(), class_="top"),
        tag("main", tag("section", *listed, id="findings")),
        tag("footer", tag("p", f"pushctl {version}")),
    )


def document(title: str, *body: Html) -> str:
    """Write a whole page with the style of all."""
    head, content = tag("head", *_head(title)), tag("body", *body)
    return f"<!doctype html>\n{tag('html', head, content, lang=chosen())}\n"


def _kind(plan: Plan, setting: PageOptions) -> str:
    if setting.preview:
        return _("Push preview")
    return _("Push drift") if plan.refresh_only else _("Push plan")


def _sections(whole: PlanView, setting: PageOptions) -> tuple[Html, ...]:
    plan = whole.plan
    views = selected(whole)
    by_id = {view.id: view for view in views}
    bodies = {
        "summary": summary.section(whole, views),
        "calendar": join(
            calendar.section(plan, views), hourly_load.section(plan, views, setting.quiet)
        ),
        "devices": phones.section(views),
        "people": recipients.section(plan, views),
        "changes": changes.section(whole, views),
        "findings": findings.section(whole.findings, by_id),
        "requests": requests.section(plan, views),
    }
    return tuple(
        tag("section", tag("h2", name), bodies[id], id=id, aria_label=name)
        for id, name in _shown(plan)
    )


def _shown(plan: Plan) -> tuple[tuple[str, str], ...]:
    return tuple((id, _(name)) for id, name in SECTIONS if not plan.refresh_only or id in OF_DRIFT)


# --- the head -------------------------------------------------------------------------------------


@cache
def style() -> str:
    """Return the style sheet, without what only people need."""
    text = files(__package__).joinpath("page.css").read_text("utf-8")
    return "".join(line.strip() for line in _uncommented(text).splitlines())


def _uncommented(text: str) -> str:
    parts = text.split("/*")
    return parts[0] + "".join(part.partition("*/")[2] for part in parts[1:])


@cache
def policy() -> str:
    """Return the Content-Security-Policy: nothing but this very style sheet, and an empty icon."""
    digest = base64.b64encode(hashlib.sha256(style().encode("utf-8")).digest()).decode("ascii")
    return (
        f"default-src 'none'; style-src 'sha256-{digest}'; img-src data:; "
        "base-uri 'none'; form-action 'none'"
    )


def _head(title: str) -> tuple[Html, ...]:
    return (
        tag("meta", charset="utf-8"),
        tag("meta", http_equiv="Content-Security-Policy", content=policy()),
        tag("meta", name="viewport", content="width=device-width, initial-scale=1"),
        tag("meta", name="referrer", content="no-referrer"),
        tag("meta", name="color-scheme", content="light dark"),
        tag("title", title),
        # Without it a browser would ask the host of the page for one.
        tag("link", rel="icon", href="data:,"),
        tag("style", trusted(style())),
    )


# --- around the sections --------------------------------------------------------------------------


def _header(plan: Plan, setting: PageOptions) -> Html:
    known = _("the service was not asked") if plan.offline else _("the service was asked")
    env = join(user_text(plan.env), " · ") if plan.env else None
    made = local_times.moment(plan.created_at, plan.timezone)
    lines = (
        tag("h1", _kind(plan, setting)),
        tag("p", env, user_text(plan.app), " / ", user_text(plan.workspace), class_="place"),
        tag("p", _("{made} · state #{serial}, {known}", made, plan.serial, known), class_="lead"),
        *([tag("p", user_text(setting.clock), class_="lead")] if setting.clock else []),
    )
    return tag("header", tag("div", *lines), themes(), class_="top")


def themes() -> Html:
    """Let the reader choose between light and dark."""
    return switch(
        _("Colours"), "theme", (("auto", _("Auto")), ("bright", _("Light")), ("dim", _("Dark")))
    )


def _navigation(plan: Plan) -> Html:
    links = (tag("a", name, href=f"#{id}") for id, name in _shown(plan))
    return tag("nav", *links, aria_label=_("Sections"))


def _footer(plan: Plan, setting: PageOptions) -> Html:
    facts = (
        (_("Plan"), plan.actions_digest),
        (_("Manifest"), plan.manifest_digest),
        (_("Policy"), plan.policy_digest),
        (
            _("State"),
            _("#{serial} of {lineage}", plan.serial, plan.lineage)
            if plan.lineage
            else _("none yet"),
        ),
        (_("Compared with"), plan.base or ""),
        (_("Made"), local_times.moment(plan.created_at, plan.timezone)),
        (_("By"), f"pushctl {setting.version}"),
    )
    return tag("footer", pairs((name, user_text(value)) for name, value in facts if value))
