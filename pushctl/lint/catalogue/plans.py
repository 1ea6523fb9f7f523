"""What a plan would do."""

from __future__ import annotations

from pushctl.diagnostics import Severity
from pushctl.lint.catalogue import edits
from pushctl.lint.catalogue.rule import Example, Rule

QUOTA = "mPaaS documentation, PushSimple: at most 100 tasks that are not executed yet"


def _app(quota: str) -> str:
    return f"app: {{id: ONEX0000000000000, workspace: test, quota: {quota}}}\n"


_ENTRIES = tuple(
    f"""\
  {name}:
    owner: crm@acme.example
    schedule: {{at: 2026-12-{day}T20:00}}
    to: {{users: [user1024]}}
    message: {{title: {title}, body: Until midnight.}}
"""
    for name, day, title in (
        ("advent", "06", "Advent sale"),
        ("christmas", "24", "Christmas sale"),
        ("new-year", "31", "New Year sale"),
    )
)


def _sales(number: int, head: str = "") -> str:
    entries = "\n".join(_ENTRIES[:number])
    return f"{head}pushes:\n{entries}" if entries else f"{head}pushes: {{}}\n"


RULES: tuple[Rule, ...] = (
    Rule(
        code="PSH601",
        title="The plan needs more scheduled tasks than the service allows",
        severity=Severity.ERROR,
        why=(
            "The service holds 100 tasks that are still to be delivered, those made in its console "
            "included, and refuses the next one. A plan that needs more would end halfway. What is "
            "replaced counts twice for a moment."
        ),
        fix="Remove or shorten pushes, let later ones wait, or raise `app.quota.limit`.",
        bad=Example(_sales(2, _app("{limit: 1}")), offline=False),
        good=Example(_sales(2, _app("{limit: 10}")), offline=False),
        sources=(QUOTA,),
    ),
    Rule(
        code="PSH602",
        title="Most of the quota is used up",
        severity=Severity.WARNING,
        why=(
            "At least four fifths of the tasks that the service allows will be in use. The next "
            "campaign may find no room, on the day on which it is needed."
        ),
        fix="Remove what is no longer needed, or ask the vendor for more.",
        bad=Example(_sales(2, _app("{limit: 2}")), offline=False),
        good=Example(_sales(2, _app("{limit: 10}")), offline=False),
        sources=(QUOTA,),
        adjustable=True,
    ),
    Rule(
        code="PSH603",
        title="A task that belongs to no entry has the same title at the same time",
        severity=Severity.WARNING,
        why=(
            "On the service is a task that nobody declared here, with the title of one of these "
            "pushes, within an hour of it. Somebody may have made it in the console for the same "
            "people. The service does not tell for whom a task is."
        ),
        fix="Ask who made it, and cancel it in the console if it is for the same people.",
        bad=Example(
            _sales(1),
            offline=False,
            made=(("Advent sale", "Today only.", "2026-12-06T20:30:00+08:00"),),
        ),
        good=Example(
            _sales(1),
            offline=False,
            made=(("Advent sale", "Tomorrow only.", "2026-12-07T20:30:00+08:00"),),
        ),
        adjustable=True,
    ),
    Rule(
        code="PSH604",
        title="The plan creates unusually many pushes",
        severity=Severity.ERROR,
        why=(
            "More pushes would be created than the policy allows at once. A loop over a list that "
            "is longer than anybody thought looks like this."
        ),
        fix="Look at the plan. If it is meant, plan and apply with `--max-creates`.",
        bad=Example("policy:\n  max_creates: 1\n" + _sales(2), offline=False),
        good=Example("policy:\n  max_creates: 1\n" + _sales(1), offline=False),
        settings=("max_creates",),
    ),
    Rule(
        code="PSH605",
        title="The plan cancels or replaces unusually many pushes",
        severity=Severity.ERROR,
        why=(
            "A large part of what is scheduled would be cancelled. A file that was not found or a "
            "wrong branch looks like this, and a push that is cancelled too close to its time is "
            "lost."
        ),
        fix="Look at the plan. If it is meant, plan and apply with `--max-cancels`.",
        bad=Example(_sales(0), before=_sales(2), offline=False),
        good=Example(_sales(2), before=_sales(3), offline=False),
        settings=("max_cancels",),
    ),
    Rule(
        code="PSH606",
        title="The service lists none of the recorded tasks",
        severity=Severity.ERROR,
        why=(
            "All that was scheduled is missing from the service's list. More often than a console "
            "in which somebody cancelled everything, this is another workspace, or a list that is "
            "wrong. To create all of it again could deliver it twice."
        ),
        fix="Check app, workspace and credentials. If all was cancelled, use `--force`.",
        bad=Example(_sales(3), before=_sales(3), offline=False, cancelled=True),
        good=Example(_sales(3), before=_sales(3), offline=False),
    ),
    Rule(
        code="PSH607",
        title="A push may be delivered twice",
        severity=Severity.WARNING,
        why=(
            "A push is scheduled, and so is a task that belongs to no entry, with the same text at "
            "the same moment. Somebody may have made it by hand, or a call whose answer was lost "
            "made two."
        ),
        fix="Cancel that task in the console unless it is for other people.",
        bad=Example(
            _sales(1),
            before=_sales(1),
            offline=False,
            made=(("Advent sale", "Until midnight.", "2026-12-06T20:00:00+08:00"),),
        ),
        good=Example(_sales(1), before=_sales(1), offline=False),
        adjustable=True,
    ),
    Rule(
        code="PSH608",
        title="The quota has no room for everything yet",
        severity=Severity.WARNING,
        why=(
            "The service allows no more tasks, so what is due later waits, as the app says it "
            "should. It is created by the first apply that finds room. What finds none in time is "
            "missed, and named."
        ),
        fix="Apply again when scheduled pushes are over, or make room.",
        bad=Example(_sales(2, _app("{limit: 1, overflow: soonest}")), offline=False),
        good=Example(_sales(2, _app("{limit: 10, overflow: soonest}")), offline=False),
        sources=(QUOTA,),
        adjustable=True,
    ),
    *edits.RULES,
)
