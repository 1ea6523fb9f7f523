"""Rules about where the changes of a plan come from: `plan --base`."""

from __future__ import annotations

from pushctl.diagnostics import Severity
from pushctl.rule import Example, Rule

BASE = ("--base", "HEAD")


def _digest(body: str = "What is new today.", *, default: str = "4h", end: str = "") -> str:
    return f"""\
defaults: {{owner: crm@acme.example, expires_after: {default}}}
pushes:
  digest:
    schedule: {{at: 2026-12-06T12:00}}
    to: {{users: [user1024]}}
    message:
      title: Daily digest
      body: {body}
      extras:
        source: editors
{end}"""


def _seen(text: str, *, commit: str, before: str | None = None) -> Example:
    """A plan with --base; what was applied is what was committed, unless `before` says so."""
    applied = commit if before is None else before
    return Example(text, before=applied, commit=commit, offline=False, options=BASE)


_NEW = _digest("All that is new today.")
_MOVED = {"digest.yaml": _digest()}
_EXPIRY = _digest(end="    expires_after: 8h\n")


RULES = (
    Rule(
        code="PSH609",
        title="A change comes from no edit",
        severity=Severity.ERROR,
        why="""The plan would do something that no edited line asks for: the commit that it is
        compared with says the same, and the service does something else. That commit was never
        applied, or somebody applied another one since. Whoever approves the edits would approve
        that as well, unseen.""",
        fix="Apply that commit first and plan again. `pushctl history` says who applied what.",
        bad=_seen(_NEW, commit=_NEW, before=_digest()),
        good=_seen(_NEW, commit=_digest()),
    ),
    Rule(
        code="PSH610",
        title="Only indentation was changed",
        severity=Severity.WARNING,
        why="""A push has come to mean something else, or is gone, and all its lines are still
        there: they only stand further in or out. A slip of the keyboard does that, and a comparison
        that hides white space shows nothing at all.""",
        fix="Put the indentation back, unless that is what was meant.",
        bad=_seen(_digest(end="        expires_after: 8h\n"), commit=_EXPIRY),
        good=_seen(_digest(end="    expires_after: 9h\n"), commit=_EXPIRY),
        adjustable=True,
    ),
    Rule(
        code="PSH611",
        title="Pushes change without an edit of their own",
        severity=Severity.WARNING,
        why="""A line elsewhere changes these pushes: a default, a variable, an environment, the
        time zone, what is included. One line can change all pushes of a project, and a reviewer who
        reads only that line may not think of them.""",
        fix="Make sure that all of them are meant. If not, say it in the pushes that need it.",
        bad=_seen(_digest(default="5h"), commit=_digest()),
        good=_seen(_digest(end="    expires_after: 5h\n"), commit=_digest()),
        adjustable=True,
    ),
    Rule(
        code="PSH612",
        title="An edit changes nothing on the service",
        severity=Severity.INFO,
        why="""A push was edited, and there is nothing to do: it was delivered already, it is
        stopped, or somebody applied the edit before. Whoever reads the edit expects an effect, and
        there is none.""",
        fix="Nothing, if that is no surprise.",
        bad=_seen(_NEW, commit=_digest(), before=_NEW),
        good=_seen(_NEW, commit=_digest()),
        adjustable=True,
    ),
    Rule(
        code="PSH613",
        title="The version to compare with has errors",
        severity=Severity.WARNING,
        why="""The manifest of the commit that the plan is compared with cannot be understood, so no
        change can be traced to an edit. The plan itself is as good as without `--base`.""",
        fix="Look at every change of this plan, or compare with a commit that is in order.",
        bad=_seen(_NEW, commit=_digest(end="    expires: 8h\n"), before=_digest()),
        good=_seen(_NEW, commit=_digest()),
        adjustable=True,
    ),
    Rule(
        code="PSH614",
        title="The rules of this project change",
        severity=Severity.WARNING,
        why="""The edits change what the project goes by: its policy, which app and service it is
        about, what a push accepts, or what counts as marketing. That changes nothing on the service
        today, and may be why the next mistake is not found. What is no longer found because of it
        is named. It takes effect when it is applied or merged; until then, the findings about edits
        count as the compared commit says.""",
        fix="Let somebody agree who answers for the project, best in a change of its own.",
        bad=_seen("policy:\n  max_cancels: 1.0\n" + _NEW, commit=_digest()),
        good=_seen(_NEW, commit=_digest()),
    ),
    Rule(
        code="PSH615",
        title="A push is gone, and its lines are in a file that is not included",
        severity=Severity.WARNING,
        why="""A push is cancelled because nothing takes in the file any more in which it is
        written: it was renamed or moved, and no pattern of `include` fits it. The edit looks as if
        nothing had been taken out.""",
        fix="Add the file to `include`, or delete it if its pushes are to end.",
        bad=Example("pushes: {}\n", _MOVED, before=_digest(), offline=False),
        good=Example("include: [digest.yaml]\n", _MOVED, before=_digest(), offline=False),
        adjustable=True,
    ),
)
