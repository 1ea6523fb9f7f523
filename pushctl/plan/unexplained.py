"""What the origins of changes mean for a reviewer, as findings. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from pushctl.diagnostics import Diagnostic, Position, Range, Severity
from pushctl.plan.change import Rename, push_of
from pushctl.plan.change_origin import idle
from pushctl.plan.guards.thresholds import NAMED
from pushctl.plan.origin import FILES, LEFT_OUT, OWN, Cause, Lines
from pushctl.plan.plan import Plan


def findings(plan: Plan) -> tuple[Diagnostic, ...]:
    """Return what is odd about where changes come from; an error forbids applying the plan."""
    return (
        *_unexplained(plan),
        *_indented(plan),
        *_afar(plan),
        *_idle(plan),
        *_left_out(plan),
    )


def _unexplained(plan: Plan) -> Iterator[Diagnostic]:
    ids = _with(plan, Cause.UNEXPLAINED)
    if ids:
        yield Diagnostic(
            Severity.ERROR,
            "PSH609",
            "A change comes from no edit",
            f"{_names(ids)}: {plan.base} says the same, and it was never applied, or somebody "
            "applied something else since.",
            _place(plan, ids[0]),
            fix="apply that version first and plan again; `pushctl history` says who applied what",
            push=_only(ids),
        )


def _indented(plan: Plan) -> Iterator[Diagnostic]:
    for id in _with(plan, Cause.INDENTED):
        lines = plan.origins[id].lines
        gone = lines[0].former
        what = "is gone: its lines" if gone else "means something else: its lines"
        yield Diagnostic(
            Severity.WARNING,
            "PSH610",
            "Only indentation was changed",
            f"{id} {what} are all still in {lines[0].file}, but further in or out than before.",
            None if gone else _range(lines[0]),
            fix="put the indentation back, unless that is what was meant",
            push=id,
        )


def _afar(plan: Plan) -> Iterator[Diagnostic]:
    """Tell of every place that changes entries which do not mention it, and of how many."""
    through: dict[Lines | None, list[str]] = {}
    for id, origin in plan.origins.items():
        if origin.cause is Cause.AFAR and not origin.lines:
            through.setdefault(None, []).append(id)
        if origin.cause in (Cause.AFAR, Cause.EDITED):
            for lines in origin.lines:
                if lines.part not in OWN | FILES | {LEFT_OUT}:
                    through.setdefault(lines, []).append(id)
    for place, ids in sorted(through.items(), key=lambda item: item[0] or Lines("")):
        number = "1 push changes" if len(ids) == 1 else f"{len(ids)} pushes change"
        how = f"through `{place.part}`, {where(place)}" if place else "through other lines"
        yield Diagnostic(
            Severity.WARNING,
            "PSH611",
            "Pushes change without an edit of their own",
            f"{number} {how}: {_names(ids)}.",
            _range(place) if place is not None and not place.former else None,
            fix="make sure that all of them are meant",
            push=_only(ids),
        )


def _idle(plan: Plan) -> Iterator[Diagnostic]:
    told = [f"{change.id} ({change.reason})" for change in idle(plan)]
    if told:
        more = f"; and {len(told) - NAMED} more" if len(told) > NAMED else ""
        yield Diagnostic(
            Severity.INFO,
            "PSH612",
            "An edit changes nothing on the service",
            f"Edited since {plan.base}, and there is nothing to do: "
            f"{'; '.join(told[:NAMED])}{more}.",
        )


def _left_out(plan: Plan) -> Iterator[Diagnostic]:
    """Tell of entries that are gone although their lines are still there."""
    found: dict[str, list[tuple[str, Lines]]] = {}
    for id, origin in plan.origins.items():
        for lines in origin.lines:
            if lines.part == LEFT_OUT:
                found.setdefault(lines.file, []).append((id, lines))
    for _, items in sorted(found.items()):
        ids = [id for id, _ in items]
        gone = "is gone, and stands" if len(ids) == 1 else "are gone, and stand"
        yield Diagnostic(
            Severity.WARNING,
            "PSH615",
            "A push is gone, and its lines are in a file that is not included",
            f"{_names(ids)} {gone} in {where(items[0][1])}; no `include` takes that file in.",
            _range(items[0][1]),
            fix="add the file to `include`, or delete it if the pushes are to end",
            push=_only(ids),
        )


def where(lines: Lines) -> str:
    """Return the place of some lines as people write it."""
    gone = ", gone" if lines.former else ""
    if not lines.first:
        return lines.file + gone
    if lines.first == lines.last:
        return f"{lines.file}:{lines.first}{gone}"
    return f"{lines.file}:{lines.first}-{lines.last}{gone}"


def _with(plan: Plan, cause: Cause) -> list[str]:
    return [id for id, origin in plan.origins.items() if origin.cause is cause]


def _only(ids: Sequence[str]) -> str | None:
    return ids[0] if len(ids) == 1 else None


def _names(ids: Sequence[str]) -> str:
    more = f" and {len(ids) - NAMED} more" if len(ids) > NAMED else ""
    return f"{', '.join(ids[:NAMED])}{more}"


def _range(lines: Lines) -> Range | None:
    if not lines.first:
        return None
    return Range(lines.file, Position(lines.first, 1), Position(lines.first, 1))


def _place(plan: Plan, id: str) -> Range | None:
    change = next((item for item in plan.changes if item.id == id), None)
    push = None if change is None or isinstance(change, Rename) else push_of(change)
    return None if push is None else _range(Lines(push.source.file, push.source.line))
