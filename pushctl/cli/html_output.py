"""The page of a plan: what the manifest has to say about how it is drawn."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from pushctl import __version__
from pushctl.cli.source_lines import attached
from pushctl.diagnostics import Diagnostic

if TYPE_CHECKING:
    from pushctl.cli.project import Session
    from pushctl.manifest.schema.models import Manifest
    from pushctl.plan.plan import Plan
    from pushctl.render.view.irreversible import Tariff


def html(session: Session, plan: Plan, tariff: Tariff | None, *, preview: bool = False) -> str:
    """Write a plan as one file for a browser; `tariff` is what text messages cost."""
    from pushctl.render.html.page import Setting, page  # noqa: PLC0415  (only where it is needed)
    from pushctl.vendors.facts import Hours  # noqa: PLC0415

    hours = session.manifest.policy.quiet_hours
    quiet = Hours(dt.time.fromisoformat(hours.from_), dt.time.fromisoformat(hours.until))
    found = attached(plan.diagnostics, session.invocation.folder)
    setting = Setting(__version__, quiet, tariff, preview)
    return page(replace(plan, diagnostics=found), setting)


def no_plan(found: Sequence[Diagnostic], manifest: Manifest | None, env: str | None) -> str:
    """Write why there is no plan, in place of its page."""
    from pushctl.render.html.page import no_plan  # noqa: PLC0415  (only where it is needed)

    app = manifest.app if manifest else None
    place = f"{app.id}/{app.workspace}" if app else ""
    return no_plan(found, place=place, env=env, version=__version__)
