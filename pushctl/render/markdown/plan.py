"""A plan as one Markdown comment that fits into its limit and says what it left out."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from urllib.parse import quote

from msgspec import Struct

from pushctl.diagnostics import Diagnostic
from pushctl.plan.change import NoOp, creates_of
from pushctl.plan.plan import Plan
from pushctl.push.identity import digest
from pushctl.render.markdown.change import Detail, details, row
from pushctl.render.markdown.syntax import code, folded, line_of, link, own_text, prose, text
from pushctl.render.text.findings import summary
from pushctl.render.view import labels, truncation
from pushctl.render.view.change_view import ChangeView
from pushctl.render.view.irreversible import Tariff
from pushctl.render.view.plan_view import PlanView, plan_view
from pushctl.render.view.side_lists import Sentence, SideList, side_lists
from pushctl.text import local_times, timestamps
from pushctl.text.escape import block
from pushctl.text.messages import _, count, local
from pushctl.text.width import utf16_units

LIMIT = 65_536
"""Characters that a comment on GitHub may have."""

LISTED = 8
"""Lines of a list that a reviewer has to see; the rest is counted."""

MARKED = 100
"""Characters of an app's, workspace's, environment's or folder's name that the marker holds."""


class ManifestLocation(Struct, frozen=True):
    """Where a manifest is.

    `path` is its place in its repository, empty at the root. `source` is the address of its folder
    at the commit that was read, below which lines are linked; empty where nobody knows.
    """

    path: str = ""
    source: str = ""


NOWHERE = ManifestLocation()


class _About(Struct, frozen=True):
    """What a page has to know besides the plan; see `plan`."""

    version: str
    place: ManifestLocation
    elsewhere: str = ""
    clock: str = ""


class _Level(Struct, frozen=True):
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
    place: ManifestLocation = NOWHERE,
    tariff: Tariff | None = None,
    clock: str = "",
) -> str:
    """Render a whole plan in at most `limit` characters.

    `elsewhere` is the address of a page that shows what has no room, such as the run of a CI job.
    `clock` says what the clock of a sandbox shows, if the plan goes by one.
    """
    whole, about = plan_view(plan, tariff), _About(version, place, elsewhere, clock)
    lost: list[str] = []
    for level in _LEVELS:
        lost += [_(level.lost)] if level.lost else []
        page = _joined(_blocks(whole, level, lost, about), limit)
        if page is not None:
            return page
    return _fewer(whole, lost, limit, about)


def no_plan(
    found: Sequence[Diagnostic],
    *,
    app: str,
    workspace: str,
    env: str | None,
    version: str,
    limit: int = LIMIT,
    place: ManifestLocation = NOWHERE,
) -> str:
    """Render why there is no plan: the manifest has errors.

    `app` and `workspace` are empty where not even those could be read.
    """
    mark, about = marker(app, workspace, env, place.path), _About(version, place)
    for shown in (50, LISTED, 0):
        blocks = (
            f"{mark}\n### pushctl {_('plan')}",
            _("**No plan: the manifest has errors.** {summary}.", summary(found)),
            "\n".join(_some(found, shown, about)),
            f"<sub>pushctl {text(about.version)}</sub>",
        )
        page = _joined(blocks, limit)
        if page is not None:
            return page
    return f"{mark}\n"


def marker(app: str, workspace: str, env: str | None, path: str = "") -> str:
    """Return the first line, by which the comment is found again; nothing in it can end it.

    `path` keeps two manifests of one repository apart that are about the same workspace.
    """
    named = [("app", app), ("workspace", workspace), ("env", env or "")]
    named += [("path", path)] if path else []
    return f"<!-- pushctl:plan {' '.join(f'{key}={_marked(name)}' for key, name in named)} -->"


def _marked(name: str) -> str:
    if len(name) > MARKED:
        name = f"{name[:MARKED]}~{digest(name)[:8]}"
    return quote(name, safe="/", errors="surrogatepass").replace("--", "-%2D")


# --- fitting --------------------------------------------------------------------------------------


def _joined(blocks: Iterable[str], limit: int) -> str | None:
    """Put blocks together; None as soon as they are too long."""
    kept, used = [], 0
    for part in blocks:
        used += utf16_units(part) + 2
        if used > limit:
            return None
        kept.append(part)
    return "\n\n".join(kept) + "\n"


def _fewer(whole: PlanView, lost: Sequence[str], limit: int, about: _About) -> str:
    """Show as many lines as there is room for: one of each kind, then the most pressing."""
    lists = side_lists(whole.plan)
    few = sum(utf16_units(_side_list(item)) for item in lists) <= limit // 4
    changes = whole.by_urgency
    lines = {id(view): _line(view, whole.plan) for view in changes}

    def page(shown: int, beside: Sequence[SideList]) -> str | None:
        rows, others = truncation.parted(changes, shown, truncation.kind_of)
        dropped = [item for item in lists if item not in beside]
        blocks = (
            *_top(whole, about),
            *([_list(lines[id(view)] for view in rows)] if rows else []),
            *map(_side_list, beside),
            _shortened([*lost, *_missing(others, dropped, whole)], about),
            *_end(whole, about),
        )
        return _joined(blocks, limit)

    kept = lists if few and page(0, lists) else ()
    numbers = range(1, len(changes) + 1)
    shown = bisect_left(numbers, True, key=lambda number: page(number, kept) is None)
    return (
        page(shown, kept)
        or f"{_marker(whole.plan, about)}\n\n{labels.headline(whole.plan, rest=_('below'))}\n"
    )


def _missing(
    others: Sequence[ChangeView], lists: Iterable[SideList], whole: PlanView
) -> Iterator[str]:
    """Say what is not even named, by kind."""
    if others:
        lost = labels.count_irreversible(item for view in others for item in view.irreversible)
        kinds = "; ".join(part for part in (labels.count_changes(others), lost) if part)
        pushes = count(len(whole.changes), "push", "pushes")
        yield _("{number} of {pushes} ({kinds})", len(others), pushes, kinds)
    yield from (item.counted for item in lists)


# --- the page -------------------------------------------------------------------------------------


def _blocks(whole: PlanView, level: _Level, lost: Sequence[str], about: _About) -> Iterator[str]:
    plan = whole.plan
    yield from _top(whole, about)
    if level.detail is not None:
        for view in whole.by_urgency:
            more = list(details(view, plan, level.detail, about.place.source))
            yield folded(row(view, plan), more) if more else f"<p>{row(view, plan)}</p>"
    elif whole.changes:
        yield _list(_line(view, plan) for view in whole.by_urgency)
    yield from (_side_list(item) for item in side_lists(whole.plan))
    if level.unchanged:
        yield from _unchanged(whole)
        yield from _all_findings(whole, about)
    if lost:
        yield _shortened(lost, about)
    yield from _end(whole, about)


def _top(whole: PlanView, about: _About) -> Iterator[str]:
    """Yield what is on the first screen of a phone, up to the changes."""
    plan = whole.plan
    yield f"{_marker(plan, about)}\n{_title(plan, about.place.path)}"
    yield f"**{labels.headline(plan, rest=_('below'))}**"
    yield " · ".join(_bounds(whole))
    if whole.irreversible:
        yield _irreversible(whole)
    if whole.refused:
        yield _refusal(whole)
    if plan.diagnostics:
        yield "\n".join((_("**Findings**"), "", *_some(whole.findings, LISTED, about)))
    if whole.changes:
        zone = own_text(timestamps.zone_name(plan.timezone))
        yield _("The most pressing first. Times are {zone} where no other zone is named.", zone)


def _marker(plan: Plan, about: _About) -> str:
    return marker(plan.app, plan.workspace, plan.env, about.place.path)


def _title(plan: Plan, path: str) -> str:
    word = _("drift") if plan.refresh_only else _("plan")
    word += f" · {code(path, limit=120)}" if path else ""
    env = f" · {code(plan.env, limit=60)}" if plan.env else ""
    return f"### pushctl {word}{env} · {code(f'{plan.app}/{plan.workspace}', limit=120)}"


def _bounds(whole: PlanView) -> Iterator[str]:
    plan = whole.plan
    yield _("Quota {quota}", labels.quota(plan))
    if plan.offline:
        yield _("the service was not asked")
    if valid := labels.validity(plan):
        yield own_text(valid)
    if plan.diagnostics:
        yield f"**{summary(plan.diagnostics)}**"


def _irreversible(whole: PlanView) -> str:
    shown, others = truncation.irreversible(whole.by_urgency, LISTED)
    said = [
        f"{code(item.id, limit=120)} {own_text(labels.irreversible(item, view, whole.tariff))}"
        for item, view in shown
    ]
    if others:
        what = own_text(labels.count_irreversible(others))
        said.append(_("and {number} more: {count_irreversible}", len(others), what))
    return _alert("CAUTION", _("Cannot be taken back once applied"), said)


def _refusal(whole: PlanView) -> str:
    """Say why the plan cannot be applied; what is wrong in detail stands among the findings."""
    shown, others = truncation.parted(whole.plan.stopping, LISTED, lambda item: item.cause)
    wrong = [
        _(
            "{id} {reason}. **Fix:** {fix}",
            code(item.id, limit=120),
            text(local(item.reason), limit=300),
            prose(local(item.fix), limit=300),
        )
        for item in shown
    ]
    if others:
        wrong.append(_("and {number} more blocked", len(others)))
    if whole.errors:
        wrong.append(_("{errors}, see the findings", count(whole.errors, "error")))
    return _alert("WARNING", _("Apply refuses this plan"), wrong)


def _alert(kind: str, title: str, lines: Iterable[str]) -> str:
    """Write a box that GitHub and GitLab colour, and everybody else shows as a quote."""
    listed = [f"> - {line}" for line in lines]
    return "\n".join((f"> [!{kind}]", f"> **{title}**", ">", *listed))


def _some(found: Sequence[Diagnostic], shown: int, about: _About) -> Iterator[str]:
    """List the first findings, and count the others."""
    yield from (_finding(item, about) for item in found[:shown])
    if rest := found[shown:]:
        yield _("- and {more_findings}: {summary}", count(len(rest), "more finding"), summary(rest))


def _finding(item: Diagnostic, about: _About) -> str:
    where = ""
    if item.range:
        where = f" · {line_of(item.range.filename, item.range.start.line, about.place.source)}"
    fix = _(" **Fix:** {fix}", prose(local(item.fix), limit=300)) if item.fix else ""
    said = _("{summary}. {detail}", text(local(item.summary)), prose(local(item.detail)))
    return f"- **{_(item.severity.value)}** {code(item.code)} {said}{fix}{where}"


def _line(view: ChangeView, plan: Plan) -> str:
    return f"<li>{row(view, plan)}</li>"


def _list(lines: Iterable[str]) -> str:
    return "\n".join(("<ul>", *lines, "</ul>"))


# --- around the changes ---------------------------------------------------------------------------


def _side_list(found: SideList) -> str:
    """Write a list, or its beginning."""
    lines = [f"- {code(id, limit=120)} {_sentence(said)}" for id, said in found.lines[:LISTED]]
    more = len(found.lines) - LISTED
    rest = [_("- and {more} more", more)] if more > 0 else []
    return "\n".join((f"**{_(found.topic)}**", "", *lines, *rest))


def _sentence(parts: Sentence) -> str:
    return "".join(
        own_text(part)
        if isinstance(part, str)
        else code(part.text)
        if part.code
        else text(part.text)
        for part in parts
    )


def _unchanged(whole: PlanView) -> Iterator[str]:
    ids = [item.id for item in whole.plan.changes if isinstance(item, NoOp) and not item.telling]
    if ids:
        names = ", ".join(code(id, limit=120) for id in ids)
        yield folded(block(_("{number} unchanged", len(ids))), [names])


def _all_findings(whole: PlanView, about: _About) -> Iterator[str]:
    rest = whole.findings[LISTED:]
    if rest:
        found = block(f"{count(len(rest), 'more finding')}")
        yield folded(found, ["\n".join(_finding(item, about) for item in rest)])


def _shortened(lost: Iterable[str], about: _About) -> str:
    where = _("`pushctl plan` shows it")
    if about.elsewhere:
        where = link(_("the run shows all of it"), about.elsewhere)
    missing = own_text("; ".join(lost))
    return _("*Shortened to fit into a comment. Left out: {lost}; {where}.*", missing, where)


def _end(whole: PlanView, about: _About) -> Iterator[str]:
    """Say what the comment is about, so that an approval and an apply can be compared."""
    plan = whole.plan
    made = local_times.moment(plan.created_at, plan.timezone)
    tasks = sum(len(creates_of(change)) for change in plan.changes)
    parts = (
        _("plan {actions_digest}", code(plan.actions_digest[:12])),
        _("manifest {manifest_digest}", code(plan.manifest_digest[:12])),
        _("state {serial}", code(str(plan.serial))),
        count(tasks, "call"),
        _("made {made}", own_text(made)),
        *([own_text(about.clock.rstrip("."))] if about.clock else []),
        f"pushctl {own_text(about.version)}",
    )
    yield f"<sub>{' · '.join(parts)}</sub>"
