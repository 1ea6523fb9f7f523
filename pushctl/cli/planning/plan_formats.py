"""The formats of a plan. A new one is a renderer and a line in `FORMATS`."""

from __future__ import annotations

import datetime as dt
import os
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from msgspec import Struct
from msgspec.structs import replace

from pushctl import __version__
from pushctl.cli.global_options import GlobalOptions
from pushctl.cli.planning.git import path_of, place_of
from pushctl.cli.project.project import Project
from pushctl.cli.project.source_lines import attached
from pushctl.codehosts import ci_environment
from pushctl.diagnostics import Diagnostic
from pushctl.plan.plan import Plan
from pushctl.render.view.irreversible import Tariff
from pushctl.state.whoami import run_url

if TYPE_CHECKING:
    from pushctl.manifest.schema.models import Manifest
    from pushctl.render.markdown.plan import ManifestLocation


class PlanFormat(Struct, frozen=True):
    """How a plan is written, and why there is none.

    `plan` is given whether to show unchanged entries too; `no_plan` the findings because of which
    there is no plan, and the manifest if it could be read. `file_help` describes the option that
    writes this format to a file; a format without one has no such option.
    """

    plan: Callable[[Project, Plan, bool], str]
    no_plan: Callable[[GlobalOptions, Manifest | None, Sequence[Diagnostic]], str]
    file_help: str | None = None


def tariff(project: Project) -> Tariff | None:
    """Return what text messages cost here, if the policy says so."""
    sms = project.manifest.policy.sms
    return None if sms.price is None else Tariff(sms.price, sms.currency)


def document(project: Project, plan: Plan, unchanged: bool) -> dict[str, Any]:
    """Return a plan as data for JSON."""
    from pushctl.render import json_output  # noqa: PLC0415  (each format loads its own renderer)

    prices = tariff(project)
    found = json_output.plan(plan, version=__version__, with_noops=unchanged, tariff=prices)
    return {**found, **project.clock_fields}


def _text(project: Project, plan: Plan, _unchanged: bool) -> str:
    from pushctl.render.text import plan as plan_text  # noqa: PLC0415  (see above)

    text = plan_text.plan(plan, project.options.output.style, tariff=tariff(project))
    return project.clock_line + text


def _json(project: Project, plan: Plan, unchanged: bool) -> str:
    return project.options.json(document(project, plan, unchanged))


def _no_json(options: GlobalOptions, _manifest: object, found: Sequence[Diagnostic]) -> str:
    from pushctl.render import json_output  # noqa: PLC0415  (see above)

    return options.json(json_output.findings(found))


def _markdown(project: Project, plan: Plan, _unchanged: bool) -> str:
    from pushctl.render.markdown import plan as plan_markdown  # noqa: PLC0415  (see above)

    return plan_markdown.plan(
        plan,
        version=__version__,
        elsewhere=run_url(os.environ),
        tariff=tariff(project),
        place=_place(project.options),
        clock=project.clock_line.strip(),
    )


def _no_markdown(
    options: GlobalOptions, manifest: Manifest | None, found: Sequence[Diagnostic]
) -> str:
    from pushctl.render.markdown import plan as plan_markdown  # noqa: PLC0415  (see above)

    return plan_markdown.no_plan(
        found,
        app=manifest.app.id if manifest else "",
        workspace=manifest.app.workspace if manifest else "",
        env=options.env,
        version=__version__,
        place=_place(options),
    )


def _place(options: GlobalOptions) -> ManifestLocation:
    """Say where the manifest is: in its repository, and in a browser."""
    from pushctl.render.markdown.plan import ManifestLocation  # noqa: PLC0415  (see above)

    source = ci_environment.source(place_of(options.folder), os.environ)
    return ManifestLocation(path_of(options.folder, options.file), source)


def html(project: Project, plan: Plan, _unchanged: bool = False, *, preview: bool = False) -> str:
    """Write a plan as one file for a browser."""
    from pushctl.render.html.page import PageOptions, page  # noqa: PLC0415  (see above)
    from pushctl.vendors.facts import Hours  # noqa: PLC0415  (see above)

    hours = project.manifest.policy.quiet_hours
    quiet = Hours(dt.time.fromisoformat(hours.from_), dt.time.fromisoformat(hours.until))
    found = attached(plan.diagnostics, project.options.folder)
    setting = PageOptions(__version__, quiet, tariff(project), preview, project.clock_line.strip())
    return page(replace(plan, diagnostics=found), setting)


def _no_html(options: GlobalOptions, manifest: Manifest | None, found: Sequence[Diagnostic]) -> str:
    from pushctl.render.html.page import no_plan  # noqa: PLC0415  (see above)

    place = f"{manifest.app.id}/{manifest.app.workspace}" if manifest else ""
    return no_plan(found, place=place, env=options.env, version=__version__)


FORMATS: Mapping[str, PlanFormat] = {
    "text": PlanFormat(_text, lambda *_: ""),  # the error that ends the command says why
    "json": PlanFormat(_json, _no_json, "JSON"),
    "markdown": PlanFormat(_markdown, _no_markdown, "Markdown, for a comment"),
    "html": PlanFormat(html, _no_html, "one page for a browser that needs no network"),
}
