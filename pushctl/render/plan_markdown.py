"""A plan as one Markdown comment: what a reviewer has to know first, and the rest behind it.

A comment has a limit. A plan that is longer says less of each entry, and in the end of fewer of
them; it is never split, never cut in the middle, and always says what was left out.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from urllib.parse import quote

from pushctl.core.change import NoOp, creates_of
from pushctl.core.plan import Plan
from pushctl.core.refresh import DriftKind
from pushctl.core.task import digest
from pushctl.diagnostics import Diagnostic, Severity
from pushctl.render import moments, phrases
from pushctl.render.entry_markdown import Detail, details, row
from pushctl.render.escape import block
from pushctl.render.facts import count
from pushctl.render.findings import summary
from pushctl.render.markdown import code, folded, link, own, text
from pushctl.render.outline import Entry, Outline, Tariff, outline

LIMIT = 65_536
"""Characters that a comment on GitHub may have."""

LISTED = 8
"""Lines of a list that a reviewer has to see; the rest is counted."""

MARKED = 100
"""Characters of an app's, workspace's or environment's name that the marker holds."""


@dataclass(frozen=True, slots=True)
class _Level:
    """How much a page says; `lost` is what it leaves out of what the level before it says."""

    lost: str
    unchanged: bool = False
    detail: Detail | None = None


_LEVELS = (
    _Level("", unchanged=True, detail=Detail()),
    _Level("previews, requests and unchanged pushes", detail=Detail(previews=False)),
    _Level("what changes word by word", detail=Detail(previews=False, differences=False)),
    _Level("the dates of each push"),
)


def plan(
    plan: Plan,
    *,
    version: str,
    limit: int = LIMIT,
    elsewhere: str = "",
    tariff: Tariff | None = None,
) -> str:
    """Render a whole plan in at most `limit` characters.

    `elsewhere` is the address of a page that shows what has no room, such as the run of a CI job.
    """
    whole = outline(plan, tariff)
    lost: list[str] = []
    for level in _LEVELS:
        lost += [level.lost] if level.lost else []
        page = _joined(_blocks(whole, level, lost, elsewhere, version), limit)
        if page is not None:
            return page
    return _fewer(whole, lost, limit, elsewhere, version)


def no_plan(
    found: Sequence[Diagnostic],
    *,
    app: str,
    workspace: str,
    env: str | None,
    version: str,
    limit: int = LIMIT,
) -> str:
    """Render why there is no plan: the manifest has errors.

    `app` and `workspace` are empty where not even those could be read.
    """
    for shown in (50, LISTED, 0):
        more = len(found) - shown
        rest = [f"- and {count(more, 'more finding')}"] if more > 0 else []
        blocks = (
            f"{marker(app, workspace, env)}\n### pushctl plan",
            f"**No plan: the manifest has errors.** {summary(found)}.",
            "\n".join([*map(_finding, found[:shown]), *rest]),
            f"<sub>pushctl {text(version)}</sub>",
        )
        page = _joined(blocks, limit)
        if page is not None:
            return page
    return marker(app, workspace, env) + "\n"


def marker(app: str, workspace: str, env: str | None) -> str:
    """Return the first line, by which the comment is found again; nothing in it can end it."""
    named = (("app", app), ("workspace", workspace), ("env", env or ""))
    return f"<!-- pushctl:plan {' '.join(f'{key}={_marked(name)}' for key, name in named)} -->"


def _marked(name: str) -> str:
    if len(name) > MARKED:
        name = f"{name[:MARKED]}~{digest(name)[:8]}"
    return quote(name, safe="", errors="surrogatepass").replace("--", "-%2D")


def size(page: str) -> int:
    """Count characters as a code host may: one outside of the first plane counts twice."""
    return len(page.encode("utf-16-le", "surrogatepass")) // 2


# --- fitting --------------------------------------------------------------------------------------


def _joined(blocks: Iterable[str], limit: int) -> str | None:
    """Put blocks together; None as soon as they are too long."""
    kept, used = [], 0
    for part in blocks:
        used += size(part) + 2
        if used > limit:
            return None
        kept.append(part)
    return "\n\n".join(kept) + "\n"


def _fewer(whole: Outline, lost: Sequence[str], limit: int, elsewhere: str, version: str) -> str:
    """Show as many lines as there is room for; the most pressing come first."""
    rows = whole.by_weight
    top = [*_top(whole)]
    for shown in _guesses(whole, limit - sum(size(part) + 2 for part in top) - ROOM):
        missing = [*lost, f"the last {len(rows) - shown} of {count(len(rows), 'push', 'pushes')}"]
        blocks = (
            *top,
            *([_lines(rows[:shown], whole.plan)] if shown else []),
            _shortened(missing, elsewhere),
            _footer(whole.plan, version),
        )
        page = _joined(blocks, limit)
        if page is not None:
            return page
    head = (marker(whole.plan.app, whole.plan.workspace, whole.plan.env), _counts(whole.plan))
    return "\n\n".join(head) + "\n"


ROOM = 1_000
"""Characters kept free for the last lines of a page."""


def _guesses(whole: Outline, room: int) -> Iterator[int]:
    """Yield how many lines may fit: as many as there is room for, then none."""
    used, shown = 0, 0
    for item in whole.by_weight:
        used += size(row(item, whole.plan)) + len("<li></li>\n")
        if used > room:
            break
        shown += 1
    yield from (shown, 0)


# --- the page -------------------------------------------------------------------------------------


def _blocks(
    whole: Outline, level: _Level, lost: Sequence[str], elsewhere: str, version: str
) -> Iterator[str]:
    plan = whole.plan
    yield from _top(whole)
    if level.detail is None:
        yield _lines(whole.by_weight, plan)
    else:
        for item in whole.by_weight:
            more = list(details(item, plan, level.detail))
            yield folded(row(item, plan), more) if more else f"<p>{row(item, plan)}</p>"
    yield from _beside(whole)
    if level.unchanged:
        yield from _unchanged(whole)
        yield from _all_findings(whole)
    if lost:
        yield _shortened(lost, elsewhere)
    yield _footer(plan, version)


def _top(whole: Outline) -> Iterator[str]:
    """Yield what is on the first screen of a phone, up to the changes."""
    plan = whole.plan
    yield f"{marker(plan.app, plan.workspace, plan.env)}\n{_title(plan)}"
    yield f"**{_counts(plan)}**"
    yield " · ".join(_bounds(whole))
    if whole.irreversible:
        yield _irreversible(whole)
    if whole.refused:
        yield _refusal(whole)
    if plan.diagnostics:
        yield _worst(whole)
    if whole.entries:
        zone = own(moments.zone_name(plan.timezone))
        yield f"The most pressing first. Times are {zone} where no other zone is named."


def _title(plan: Plan) -> str:
    word = "drift" if plan.refresh_only else "plan"
    env = f" · {code(plan.env, limit=60)}" if plan.env else ""
    return f"### pushctl {word}{env} · {code(f'{plan.app}/{plan.workspace}', limit=120)}"


def _counts(plan: Plan) -> str:
    return phrases.headline(plan, rest="below")


def _bounds(whole: Outline) -> Iterator[str]:
    plan = whole.plan
    yield f"Quota {phrases.quota(plan)}"
    if plan.offline:
        yield "the service was not asked"
    if valid := phrases.validity(plan):
        yield own(valid)
    if plan.diagnostics:
        yield f"**{summary(plan.diagnostics)}**"


def _irreversible(whole: Outline) -> str:
    said = [
        f"{code(item.id, limit=120)} {own(phrases.lasting(item, entry, whole.tariff))}"
        for entry in whole.by_weight
        for item in entry.irreversible
    ]
    return _alert("CAUTION", "Cannot be taken back once applied", said)


def _refusal(whole: Outline) -> str:
    """Say why the plan cannot be applied; what is wrong in detail stands among the findings."""
    wrong = [
        f"{code(item.id, limit=120)} {text(item.reason, limit=300)}. "
        f"**Fix:** {text(item.fix, limit=300)}"
        for item in whole.plan.stopping
    ]
    errors = sum(item.severity is Severity.ERROR for item in whole.plan.diagnostics)
    if errors:
        wrong.append(f"{count(errors, 'error')}, see the findings")
    return _alert("WARNING", "Apply refuses this plan", wrong)


def _alert(kind: str, title: str, lines: Sequence[str]) -> str:
    """Write a box that GitHub and GitLab colour, and everybody else shows as a quote."""
    listed = [f"> - {line}" for line in lines[:LISTED]]
    if len(lines) > LISTED:
        listed.append(f"> - and {len(lines) - LISTED} more")
    return "\n".join((f"> [!{kind}]", f"> **{title}**", ">", *listed))


def _worst(whole: Outline) -> str:
    lines = [_finding(item) for item in whole.findings[:LISTED]]
    if len(whole.findings) > LISTED:
        lines.append(f"- and {count(len(whole.findings) - LISTED, 'more finding')}")
    return "\n".join(("**Findings**", "", *lines))


def _finding(item: Diagnostic) -> str:
    where = f" · {code(f'{item.range.filename}:{item.range.start.line}')}" if item.range else ""
    fix = f" **Fix:** {text(item.fix, limit=300)}" if item.fix else ""
    said = f"{text(item.summary)}. {text(item.detail, limit=400)}{fix}"
    return f"- **{item.severity.value}** {code(item.code)} {said}{where}"


def _lines(rows: Sequence[Entry], plan: Plan) -> str:
    listed = "\n".join(f"<li>{row(item, plan)}</li>" for item in rows)
    return f"<ul>\n{listed}\n</ul>" if rows else ""


# --- around the changes ---------------------------------------------------------------------------


def _beside(whole: Outline) -> Iterator[str]:
    lists = (
        ("Unchanged, with something to say", [*_telling(whole)]),
        ("Waiting for room", [*_waiting(whole.plan)]),
        ("Not as the state says", [*_differing(whole.plan)]),
        ("On the service, and not in the manifest", [*_strangers(whole.plan)]),
    )
    for title, lines in lists:
        if lines:
            more = len(lines) - LISTED
            rest = [f"- and {more} more"] if more > 0 else []
            yield "\n".join((f"**{title}**", "", *lines[:LISTED], *rest))


def _telling(whole: Outline) -> Iterator[str]:
    for item in whole.telling:
        yield f"- {code(item.id, limit=120)} {text(item.reason)}"


def _waiting(plan: Plan) -> Iterator[str]:
    for item in plan.waiting:
        when = own(moments.moment(item.first, plan.timezone))
        yield f"- {code(item.id, limit=120)} {count(item.tasks, 'task')}, the first due {when}"


def _differing(plan: Plan) -> Iterator[str]:
    for item in plan.drift:
        what = "is not on the service any more"
        if item.kind is not DriftKind.GONE:
            what = f"lost {item.missing} of {item.expected} deliveries on the service"
        yield f"- {code(item.id, limit=120)} task {code(item.task_id)} {what}"
    for doubt in plan.doubts:
        yield f"- {code(doubt.id, limit=120)} in doubt: {text(doubt.reason)}"


def _strangers(plan: Plan) -> Iterator[str]:
    for task in plan.unmanaged:
        coming = task.unexecuted
        when = own(moments.moment(coming[0].at, plan.timezone)) if coming else ""
        yield f"- {code(task.task_id)} “{text(task.title, limit=60)}” {when}"


def _unchanged(whole: Outline) -> Iterator[str]:
    ids = [item.id for item in whole.plan.changes if isinstance(item, NoOp) and not item.telling]
    if ids:
        names = ", ".join(code(id, limit=120) for id in ids)
        yield folded(block(f"{len(ids)} unchanged"), [names])


def _all_findings(whole: Outline) -> Iterator[str]:
    rest = whole.findings[LISTED:]
    if rest:
        found = block(f"{count(len(rest), 'more finding')}")
        yield folded(found, ["\n".join(map(_finding, rest))])


def _shortened(lost: Sequence[str], elsewhere: str) -> str:
    where = link("the run shows all of it", elsewhere) if elsewhere else "`pushctl plan` shows it"
    return f"*Shortened to fit into a comment. Left out: {own('; '.join(lost))}; {where}.*"


def _footer(plan: Plan, version: str) -> str:
    """Say what the comment is about, so that an approval and an apply can be compared."""
    made = moments.moment(plan.created_at, plan.timezone)
    tasks = sum(len(creates_of(change)) for change in plan.changes)
    parts = (
        f"plan {code(plan.actions_digest[:12])}",
        f"manifest {code(plan.manifest_digest[:12])}",
        f"state {code(str(plan.serial))}",
        count(tasks, "call"),
        f"made {own(made)}",
        f"pushctl {own(version)}",
    )
    return f"<sub>{' · '.join(parts)}</sub>"
