"""Answers that the vendor's pages do not describe, put in the place of those of the sandbox.

`LISTS` are ways to list, `ANSWERS` ways to answer a create or a cancel, both by name. Whoever reads
such an answer may refuse to go on; what he must not do is to believe it.
"""

from __future__ import annotations

import html
import json
import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import parse_qsl, urlencode

from pushctl.sandbox import Sandbox
from pushctl.sandbox.http.messages import Request, Response, json_response

LIST, CREATE, CANCEL = "QueryPushSchedulerList", "PushSimple", "CancelPushScheduler"
EVERYTHING = 100_000

STRANGER = "theirs"
"""The name of tasks that somebody else has made."""

Json = dict[str, Any]
Form = dict[str, str]
Application = Callable[[Request], Response]
Instead = Callable[[Request, Application], Response]
"""What happens to one call, and what is answered."""


@dataclass(frozen=True)
class Asked:
    """What is asked of a list: page `number`, from 1, in look `look` since it began, from 0."""

    look: int
    number: int
    size: int


Listing = Callable[[Sequence[Json], Asked], Json]
"""Makes the `Data` of an answer from all rows that there are."""


class MisbehavingService:
    """Stands before the API of a sandbox. Its kinds of misbehaviour last until `behave`."""

    def __init__(self, sandbox: Sandbox) -> None:
        server = sandbox._server
        assert server is not None
        self._inner = server.application
        server.application = self
        self.behave()

    def behave(self) -> None:
        """Answer truly from now on."""
        self._listing: Listing | None = None
        self._look, self._looks = -1, EVERYTHING
        self._next: dict[str, Instead] = {}

    @property
    def lies(self) -> bool:
        """Whether the list may show something else than the truth."""
        return self._listing is not None and self._look + 1 < self._looks

    def list_like(self, listing: Listing, *, looks: int = EVERYTHING) -> None:
        """Answer the next looks at the list in some way."""
        self._listing, self._look, self._looks = listing, -1, looks

    def answer_next(self, action: str, instead: Instead) -> None:
        """Let something else happen in the place of the next call of an operation."""
        self._next[action] = instead

    def __call__(self, request: Request) -> Response:
        """Answer one request."""
        action = request.headers.get("x-acs-action", "")
        if action == LIST and self._listing is not None:
            return self._listed(request, self._listing)
        return self._next.pop(action, _truly)(request, self._inner)

    def _listed(self, request: Request, listing: Listing) -> Response:
        asked = form(request)
        number, size = int(asked.get("PageNumber", 1)), int(asked.get("PageSize", 500))
        self._look += number == 1
        if self._look >= self._looks:
            return self._inner(request)
        whole = {**asked, "PageNumber": "1", "PageSize": str(EVERYTHING)}
        response = self._inner(unsigned(LIST, whole))
        if response.status != 200 or response.drop or response.cut is not None:
            return response
        body = json.loads(response.body)
        rows = body["ResultContent"]["Data"]["List"]
        body["ResultContent"]["Data"] = listing(rows, Asked(self._look, number, size))
        return json_response(200, body, response.headers, response.date)


def _truly(request: Request, inner: Application) -> Response:
    return inner(request)


def form(request: Request) -> Form:
    """Return the parameters of a call."""
    return dict(parse_qsl(request.body.decode(), keep_blank_values=True))


def unsigned(action: str, parameters: Form) -> Request:
    """Return a call that nobody has signed, which the sandboxes of these tests accept."""
    headers = {"content-type": "application/x-www-form-urlencoded", "host": "127.0.0.1"}
    query = urlencode({"Action": action, "Version": "2020-10-28"})
    return Request("POST", "/", query, headers, urlencode(parameters).encode())


# --- rows -----------------------------------------------------------------------------------------


def paged(rows: Sequence[Json], asked: Asked, total: object = None, **more: int) -> Json:
    """Return a page as it should be, of at most `size` rows; `total` is another count than that."""
    size = more.get("size", asked.size)
    start = (asked.number - 1) * size + more.get("shift", 0) * (asked.number > 1)
    page = list(rows[max(0, start) : max(0, start + size)])
    return {"TotalCount": len(rows) if total is None else total, "List": page}


def each(edit: Callable[[Json], Json]) -> Listing:
    """Change every row alike."""
    return lambda rows, asked: paged([edit(row) for row in rows], asked)


def newest(edit: Callable[[Json], Json]) -> Listing:
    """Change the rows of the task that was made last."""

    def listing(rows: Sequence[Json], asked: Asked) -> Json:
        last = max((row["GmtCreate"] for row in rows), default=0)
        return paged([edit(row) if row["GmtCreate"] == last else row for row in rows], asked)

    return listing


def having(**fields: object) -> Callable[[Json], Json]:
    """Put other values in the place of some fields."""
    return lambda row: {**row, **fields}


def lacking(field: str) -> Callable[[Json], Json]:
    return lambda row: {name: value for name, value in row.items() if name != field}


def texts(edit: Callable[[str], str]) -> Listing:
    """Change title and text of every row."""
    return each(lambda row: {**row, **{
        name: edit(row[name]) for name in ("PushTitle", "PushContent")
    }})  # fmt: skip


def times(edit: Callable[[int], object]) -> Listing:
    """Change when every row is due (epoch milliseconds)."""
    return each(lambda row: {**row, "PushTime": edit(row["PushTime"])})


def created(edit: Callable[[int], object]) -> Listing:
    """Change when every row says that it was made (epoch milliseconds)."""
    return each(lambda row: {**row, "GmtCreate": edit(row["GmtCreate"])})


# --- pages ----------------------------------------------------------------------------------------


def nothing(rows: Sequence[Json], asked: Asked) -> Json:
    return paged((), asked)


def capped(count: Callable[[Sequence[Json], Sequence[Json]], object], size: int) -> Listing:
    """Give less on a page than was asked for; `count` makes the total of all rows and the page."""

    def listing(rows: Sequence[Json], asked: Asked) -> Json:
        page = paged(rows, asked, size=size)
        total = count(rows, page["List"])
        return {"List": page["List"]} if total is None else {**page, "TotalCount": total}

    return listing


def count_tasks(rows: Sequence[Json]) -> int:
    return len({row["ParentId"] for row in rows})


COUNTS: dict[str, Callable[[Sequence[Json], Sequence[Json]], object]] = {
    "rows": lambda rows, page: len(rows),
    "tasks": lambda rows, page: count_tasks(rows),
    "the page": lambda rows, page: len(page),
    "tasks of the page": lambda rows, page: count_tasks(page),
    "zero": lambda rows, page: 0,
    "nothing": lambda rows, page: None,
    "text": lambda rows, page: str(len(rows)),
    "words": lambda rows, page: "many",
}


def first_page_for_ever(rows: Sequence[Json], asked: Asked) -> Json:
    """Take no notice of the number of the page."""
    return paged(rows, replace(asked, number=1), size=2)


def last_page_for_ever(rows: Sequence[Json], asked: Asked) -> Json:
    pages = max(1, -(-len(rows) // 2))
    return paged(rows, replace(asked, number=min(asked.number, pages)), size=2)


def flapping(rows: Sequence[Json], asked: Asked) -> Json:
    """Leave out another row at every look, and none at some."""
    gone = asked.look % (len(rows) + 1)
    return paged([row for place, row in enumerate(rows) if place != gone], asked)


def without_newest(rows: Sequence[Json], asked: Asked) -> Json:
    last = max((row["GmtCreate"] for row in rows), default=0)
    return paged([row for row in rows if row["GmtCreate"] != last], asked)


def doubled(rows: Sequence[Json], asked: Asked) -> Json:
    return paged([row for row in rows for _ in range(2)], asked)


def iso(moment: int) -> str:
    return f"2026-12-01 09:00:{moment % 60:02d}"


YEAR_3000 = 32_503_680_000_000

SHORT: dict[str, Listing] = {"empty": nothing, "short": without_newest}
"""Lists that are as if something had never been: after a lost call nobody could tell."""

LISTS: dict[str, Listing] = SHORT | {
    "status 2": each(having(ExecutedStatus="2")),
    "status 7 of the newest": newest(having(ExecutedStatus=7)),
    "status -1": each(having(ExecutedStatus=-1)),
    "status in words": each(having(ExecutedStatus="WAITING")),
    "status in words of the newest": newest(having(ExecutedStatus="CANCELLED")),
    "status null": each(having(ExecutedStatus=None)),
    "status null of the newest": newest(having(ExecutedStatus=None)),
    "status absent": each(lacking("ExecutedStatus")),
    "status a list": each(having(ExecutedStatus=[0])),
    "flapping": flapping,
    "rows doubled": doubled,
    **{f"pages of 2, counts {name}": capped(count, 2) for name, count in COUNTS.items()},
    **{f"pages of 3, counts {name}": capped(count, 3) for name, count in COUNTS.items()},
    "pages that shift on": lambda rows, asked: paged(rows, asked, size=2, shift=1),
    "pages that shift back": lambda rows, asked: paged(rows, asked, size=2, shift=-1),
    "first page for ever": first_page_for_ever,
    "last page for ever": last_page_for_ever,
    "texts cut": texts(lambda text: f"{text[:20]}…" if len(text) > 20 else text),
    "texts decomposed": texts(lambda text: unicodedata.normalize("NFD", text)),
    "texts composed": texts(lambda text: unicodedata.normalize("NFC", text)),
    "texts trimmed": texts(str.strip),
    "texts escaped": texts(html.escape),
    "texts collapsed": texts(lambda text: " ".join(text.split())),
    "texts in capitals": texts(str.upper),
    "texts missing": each(having(PushTitle=None, PushContent=None)),
    "times with milliseconds": times(lambda at: at + 123),
    "times a second late": times(lambda at: at + 1000),
    "times cut to minutes": times(lambda at: at - at % 60_000),
    "times 8 h early": times(lambda at: at - 8 * 3_600_000),
    "times 8 h late": times(lambda at: at + 8 * 3_600_000),
    "times in digits": times(str),
    "times in words": times(iso),
    "made in 1970": created(lambda at: 0),
    "made at no time": each(lacking("GmtCreate")),
    "made in 3000": created(lambda at: YEAR_3000),
    "made 1000 times too early": created(lambda at: at // 1000),
    "made 8 h early": created(lambda at: at - 8 * 3_600_000),
    "made 8 h late": created(lambda at: at + 8 * 3_600_000),
}

# --- answers to a create or a cancel --------------------------------------------------------------

Edit = Callable[[Json, str], Json]
"""Changes the body of an answer; the text is the id that a cancel asked for."""


def coded(code: object) -> Edit:
    return lambda body, asked: {**body, "ResultCode": code}


def with_content(content: Callable[[str], object]) -> Edit:
    return lambda body, asked: {**body, "ResultContent": content(asked)}


def without_success(body: Json, asked: str) -> Json:
    inner = {name: value for name, value in body["PushResult"].items() if name != "Success"}
    return {**body, "PushResult": inner}


CODES: dict[str, Edit] = {
    "code 7777": coded("7777"),
    "code in words": coded("PARTLY_ACCEPTED"),
    "code 0": coded(0),
    "code null": coded(None),
}
ANSWERS: dict[str, dict[str, Edit]] = {
    "create": {**CODES, "no Success": without_success},
    "cancel": {
        **CODES,
        "0 of its id": with_content(lambda asked: json.dumps({asked: 0})),
        '"0" of its id': with_content(lambda asked: json.dumps({asked: "0"})),
        '"0"': with_content(lambda asked: "0"),
        "null": with_content(lambda asked: None),
        "an empty object": with_content(lambda asked: {}),
        "an empty list": with_content(lambda asked: []),
        "words": with_content(lambda asked: "cancelled"),
        "other ids": with_content(lambda asked: json.dumps({"f" * 32: 1})),
    },
}
OK: Json = {
    "RequestId": "0" * 8, "ResultCode": "OK", "ResultMessage": "OK",
    "PushResult": {"Success": True, "ResultMsg": "OK", "Data": ""},
}  # fmt: skip


def answered(edit: Edit, *, done: bool) -> Instead:
    """Change the answer to a call that was carried out, or was not."""

    def instead(request: Request, inner: Application) -> Response:
        body = json.loads(inner(request).body) if done else OK
        return json_response(200, edit(body, form(request).get("UniqueIds", "")))

    return instead


def twin(request: Request, **changes: str) -> Request:
    """Return the call by which somebody else says the same, but for `changes`, to somebody else."""
    person, key = "eve" if not changes else "mallory", f"theirs-{id(request)}-{len(changes)}"
    theirs = {"TaskName": STRANGER, "TargetMsgkey": json.dumps({person: key})}
    return unsigned(CREATE, {**form(request), **theirs, **changes})
