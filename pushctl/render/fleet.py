"""What came of one command for many manifests: a table, a comment, a document, an exit code."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from msgspec import Struct, field

from pushctl.errors import ExitCode
from pushctl.render.markdown.plan import LIMIT
from pushctl.render.markdown.syntax import folded, together
from pushctl.render.markdown.syntax import text as markdown_text
from pushctl.state.decoding import iso
from pushctl.text import timestamps
from pushctl.text.escape import block, terminal
from pushctl.text.plural import count
from pushctl.text.style import PLAIN, Style
from pushctl.text.width import clipped, fitting_table, fold, utf16_units
from pushctl.time_zones import zone

WORDS = {6: "in doubt", 4: "partly done", 130: "interrupted", 1: "error", 64: "wrong usage"}
WORDS |= {5: "locked or stale", 3: "refused", 2: "changes", 0: "ok"}
"""What each exit code means in a table, the worst first; a process that was killed is worse."""

HEAD = ("MANIFEST", "ENV", "RESULT", "NEXT DELIVERY", "QUOTA", "IN DOUBT")
OF_STATUS = ("LAPSES WITHIN 31 DAYS", "LAST APPLY")


class FleetResult(Struct, frozen=True):
    """What a command said of one manifest; `page` is Markdown, `document` its JSON, if any."""

    name: tuple[str, str | None]
    code: int
    out: str = ""
    err: str = ""
    page: str = ""
    document: Mapping[str, Any] = field(default_factory=dict)

    @property
    def title(self) -> str:
        """The manifest and its environment."""
        manifest, env = self.name
        return f"{manifest} ({env})" if env else manifest

    @property
    def open(self) -> bool:
        """Whether a plan has anything for apply to do."""
        return self.code == ExitCode.CHANGES or bool(self.document.get("in_doubt"))


def badness(code: int) -> int:
    """Return the rank of an exit code, the smallest being the worst."""
    return [*WORDS].index(code) if code in WORDS else -1


def worst(results: Iterable[FleetResult], applied: Iterable[FleetResult] = ()) -> int:
    """Return the worst exit code, but 4 for one that says that nothing was sent if some was."""
    applied = [*applied]
    code = min((item.code for item in (*results, *applied)), key=badness, default=0)
    code, told = code if code in WORDS else ExitCode.ERROR, badness(130)
    sent = any(not item.code or badness(item.code) <= told for item in applied)
    return ExitCode.PARTIAL if code and sent and badness(code) > told else code


def ordered(results: Iterable[FleetResult]) -> list[FleetResult]:
    """Return results, the most urgent first."""
    return sorted(results, key=lambda item: (badness(item.code), _next(item) or "~", item.title))


def text(results: Sequence[FleetResult], style: Style = PLAIN) -> str:
    """Render a table, and below it why some manifests have no answer."""
    cells = [[terminal(cell) for cell in row] for row in _rows(results)]
    failed = (item for item in results if item.code not in (0, 2) and item.err)
    told = (f"\n{terminal(item.title)}\n{terminal(item.err, lines=True)}\n" for item in failed)
    return fitting_table(cells, style.cells) + "\n" + fold("".join(told), style.cells)


def markdown(results: Sequence[FleetResult], command: str) -> str:
    """Render a comment for a pull request, with as many of the pages as there is room for."""
    rows = [[markdown_text(cell) for cell in row] for row in _rows(results)]
    rows.insert(1, ["---"] * len(rows[0]))
    lines = "\n".join(f"| {' | '.join(row)} |" for row in rows)
    title = f"### pushctl fleet {command}: {count(len(results), 'manifest')}"
    head = f"<!-- pushctl:fleet -->\n{title}\n\n{lines}\n"
    pages = [
        folded(block(f"{item.title}: {_result(item)}"), [inner.strip()])
        for item in results
        if (inner := item.page.partition("\n")[2] or markdown_text(item.err, limit=2000))
        and item.code
    ]
    return f"{head}\n{together(pages, LIMIT - 200 - utf16_units(head))}"


def document(results: Sequence[FleetResult], code: int) -> dict[str, Any]:
    """Return the JSON document; `report` is that of the command for each manifest."""
    members = [
        {
            "manifest": item.name[0],
            "env": item.name[1],
            "exit_code": item.code,
            "error": item.err if item.code not in (0, 2) else None,
            "report": item.document or None,
        }
        for item in results
    ]
    return {"exit_code": code, "members": members}


def _rows(results: Sequence[FleetResult]) -> list[list[str]]:
    of_status = any("last_apply" in item.document for item in results)
    head = [*HEAD, *(OF_STATUS if of_status else ())]
    return [head, *(_cells(item)[: len(head)] for item in results)]


def _cells(item: FleetResult) -> list[str]:
    data = item.document
    quota, doubts = data.get("quota"), len(data.get("in_doubt", ()))
    doubts += sum(x["count"] or 1 for x in data.get("attention", ()) if x["need"] == "in doubt")
    lapsing = [x["id"] for x in data.get("pushes", ()) if _lapses(x, data.get("at"))]
    return [
        item.name[0],
        item.name[1] or "-",
        clipped(_result(item), 60),
        _local(_next(item), data),
        f"{quota.get('after', quota['now'])}/{quota['limit']}" if quota else "-",
        str(doubts) if quota else "-",
        ", ".join([*lapsing[:3], *(["…"] if lapsing[3:] else ())]) or "-",
        _local(data.get("last_apply"), data),
    ]


def _local(at: str | None, data: Mapping[str, Any]) -> str:
    """Write an instant in the zone of its manifest."""
    return timestamps.recorded(at, zone(data.get("timezone", "UTC"))) if at else "-"


def _result(item: FleetResult) -> str:
    if item.code not in (0, 2):
        word = WORDS.get(item.code, f"killed ({item.code})")
        return ": ".join([word, *item.err.splitlines()[:1]])
    counted = {**item.document.get("summary", {}), "drifted": len(item.document.get("drift", ()))}
    if "changes" not in item.document:
        return WORDS[item.code]
    shown = (f"{number} {word}" for word, number in counted.items() if number and word != "noop")
    return ", ".join(shown) or WORDS[item.code]


def _next(item: FleetResult) -> str:
    """Return the next delivery as ISO 8601 in UTC; empty if there is none."""
    pushes = [*item.document.get("pushes", ()), *item.document.get("changes", ())]
    coming = [x["next_delivery"] for x in pushes if x.get("action") not in ("cancel", "forget")]
    times = [dt.datetime.fromisoformat(at).timestamp() for at in coming if at]
    return str(iso(int(min(times)))) if times else ""


def _lapses(push: Mapping[str, Any], now: str | None) -> bool:
    first = push.get("first_unscheduled")
    if not first or not now:
        return False
    return dt.datetime.fromisoformat(first) - dt.datetime.fromisoformat(now) <= dt.timedelta(31)
