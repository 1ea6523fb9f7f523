"""Pages to look at: a believable review, one with hostile text everywhere, a huge one."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

from msgspec.structs import replace

from pushctl.diagnostics import Diagnostic, Position, Range, Severity
from pushctl.plan.plan import Plan
from pushctl.plan.planner import make_plan
from pushctl.push.message import Sms
from pushctl.push.push import Meta, Push
from pushctl.render.html.page import PageOptions, page
from pushctl.render.view.irreversible import Tariff
from pushctl.vendors.facts import Hours
from tests.builders import DAY, TODAY, changed, daily, desired, once, people, plan_request, state

REVIEW = Path(__file__).parents[3] / "docs" / "example-report.html"
"""The page of the pull request that `examples/team` is; a test keeps it current."""

SETTING = PageOptions("0.0.0", Hours(dt.time(22), dt.time(8)))

MEAN = (
    "@everyone | `x` <b>&<script>document.title='owned'</script> \x1b[31m ::error::x %0A "
    "\u202e \"' onload=x </style></title> "
)


def drawn(plan: Plan, setting: PageOptions = SETTING) -> str:
    return page(plan, setting)


def hostile(text: str = MEAN) -> str:
    """A page with a text in every place that somebody else fills."""
    pushes = (_mean(f"push-{number}", text, number) for number in range(4))
    plan = make_plan(plan_request(*pushes), state(), None)
    place = Range(text, Position(1, 1), Position(1, 2))
    found = Diagnostic(Severity.ERROR, "PSH100", text, text, place, text, text, "push-1")
    plan = replace(plan, app=text, workspace=text, env=text, diagnostics=(found,))
    return drawn(plan, replace(SETTING, tariff=Tariff(0.1, text)))


def _mean(id: str, text: str, number: int) -> Push:
    made = desired(
        id,
        schedule=once(DAY * (number + 1)),
        targets=[text, "u1"],
        title=(text * 40)[:5000] if number == 1 else text,
        content=text * 3,
        meta=Meta(owner=text, description=text, labels={text: text}),
    )
    return changed(
        made,
        url=text,
        style="image",
        image={"default": "https://evil.example/x.png"},
        sms=Sms("concurrent", text, text, {text: text}),
        raw={text: text},
    )


def huge(count: int) -> Plan:
    """A first plan of so many pushes, each to ten people, a third of them every day."""
    pushes = (_one_of_many(number) for number in range(count))
    return make_plan(plan_request(*pushes), state(), None)


def _one_of_many(number: int) -> Push:
    time = f"{8 + number % 12:02d}:{number % 60:02d}"
    often = daily(time, TODAY, TODAY + dt.timedelta(days=90))
    return desired(
        f"push-{number:05d}",
        schedule=often if number % 3 == 0 else once(DAY * (1 + number % 100) + number),
        targets=people(10),
        title=f"限时特惠 {number}",
        content="Only today: everything is cheaper. " * 4,
    )
