"""Rules about the quota and the thresholds of a policy."""

from __future__ import annotations

from pushctl.diagnostics import Severity
from pushctl.rule import Example, Rule, entry, entry_text, manifest_text

QUOTA = "mPaaS documentation, PushSimple: at most 100 tasks that are not executed yet"
SALES = (
    ("advent", "06", "Advent sale"),
    ("christmas", "24", "Christmas sale"),
    ("new-year", "31", "New Year sale"),
)


def _quota(quota: str) -> str:
    return f"app: {{id: ONEX0000000000000, workspace: test, quota: {quota}}}\n"


def _sales(
    number: int, *, head: str = "", before: str | None = None, cancelled: bool = False
) -> Example:
    entries = (
        entry_text(
            f"schedule: {{at: 2026-12-{day}T20:00}}",
            f"message: {{title: {title}, body: Until midnight.}}",
            id=id,
        )
        for id, day, title in SALES[:number]
    )
    text = manifest_text(*entries, head=head)
    return Example(text, before=before, offline=False, cancelled=cancelled)


def _audience(first: int, last: int) -> Example:
    """Return an example of an audience that was u1 to u10 before."""
    return entry(_users(first, last), before=entry(_users(1, 10)).text, offline=False)


def _users(first: int, last: int) -> str:
    return "to: {users: [" + ", ".join(f"u{number}" for number in range(first, last + 1)) + "]}"


RULES = (
    Rule(
        code="PSH504",
        title="The size of an audience is unusual",
        severity=Severity.ERROR,
        why="""More than half of the people have changed, or there are more than the policy allows.
        A broken export looks just like this. Names are compared, not only numbers, so another file
        of the same length is found too.""",
        fix="Look at the file. If it is meant, plan and apply with `--max-audience`.",
        bad=_audience(11, 20),
        good=_audience(1, 11),
        settings=("max_audience", "max_audience_change"),
    ),
    Rule(
        code="PSH601",
        title="The plan needs more scheduled tasks than the service allows",
        severity=Severity.ERROR,
        why="""The service holds 100 tasks that are still to be delivered, those made in its console
        included, and refuses the next one. A plan that needs more would end halfway. What is
        replaced counts twice for a moment.""",
        fix="Remove or shorten pushes, let later ones wait, or raise `app.quota.limit`.",
        bad=_sales(2, head=_quota("{limit: 1}")),
        good=_sales(2, head=_quota("{limit: 10}")),
        sources=(QUOTA,),
    ),
    Rule(
        code="PSH602",
        title="Most of the quota is used up",
        severity=Severity.WARNING,
        why="""At least four fifths of the tasks that the service allows will be in use. The next
        campaign may find no room, on the day on which it is needed.""",
        fix="Remove what is no longer needed, or ask the vendor for more.",
        bad=_sales(2, head=_quota("{limit: 2}")),
        good=_sales(2, head=_quota("{limit: 10}")),
        sources=(QUOTA,),
        adjustable=True,
    ),
    Rule(
        code="PSH604",
        title="The plan creates unusually many pushes",
        severity=Severity.ERROR,
        why="""More pushes would be created than the policy allows at once. A loop over a list that
        is longer than anybody thought looks like this.""",
        fix="Look at the plan. If it is meant, plan and apply with `--max-creates`.",
        bad=_sales(2, head="policy:\n  max_creates: 1\n"),
        good=_sales(1, head="policy:\n  max_creates: 1\n"),
        settings=("max_creates",),
    ),
    Rule(
        code="PSH605",
        title="The plan cancels or replaces unusually many pushes",
        severity=Severity.ERROR,
        why="""A large part of what is scheduled would be cancelled. A file that was not found or a
        wrong branch looks like this, and a push that is cancelled too close to its time is
        lost.""",
        fix="Look at the plan. If it is meant, plan and apply with `--max-cancels`.",
        bad=_sales(0, before=_sales(2).text),
        good=_sales(2, before=_sales(3).text),
        settings=("max_cancels",),
    ),
    Rule(
        code="PSH606",
        title="The service lists none of the recorded tasks",
        severity=Severity.ERROR,
        why="""All that was scheduled is missing from the service's list. More often than a console
        in which somebody cancelled everything, this is another workspace, or a list that is wrong.
        To create all of it again could deliver it twice.""",
        fix="Check app, workspace and credentials. If all was cancelled, use `--force`.",
        bad=_sales(3, before=_sales(3).text, cancelled=True),
        good=_sales(3, before=_sales(3).text),
    ),
    Rule(
        code="PSH608",
        title="The quota has no room for everything yet",
        severity=Severity.WARNING,
        why="""The service allows no more tasks, so what is due later waits, as the app says it
        should. It is created by the first apply that finds room. What finds none in time is missed,
        and named.""",
        fix="Apply again when scheduled pushes are over, or make room.",
        bad=_sales(2, head=_quota("{limit: 1, overflow: soonest}")),
        good=_sales(2, head=_quota("{limit: 10, overflow: soonest}")),
        sources=(QUOTA,),
        adjustable=True,
    ),
)
