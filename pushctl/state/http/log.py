"""A chain in one document on a server for Terraform states, which takes each serial only once."""

from __future__ import annotations

import base64
from collections.abc import Mapping, Sequence
from pathlib import Path

from pushctl.errors import StateError, StateFormatError, StateLockedError
from pushctl.http.client import LARGEST_ANSWER, Answer, HttpClient, NoAnswerError, NotSentError
from pushctl.masking import mask
from pushctl.state.chain.log import Done, NotSent, PutOutcome, Stored, Taken, Unknown
from pushctl.state.decoding import FormatError, short
from pushctl.state.http.document import Entries, appended, decode, encode
from pushctl.state.http.place import place_of

EARLIER = 50
"""How many snapshots to go back for entries that newer documents do not have any more."""

FIXES = {
    401: "set PUSHCTL_GITLAB_TOKEN, or TF_HTTP_USERNAME and _PASSWORD; a job's token ends with it",
    403: "GitLab wants the role Developer to read, Maintainer to write; Gitea write:package",
    404: "correct the address; who has no role in a project does not see it either",
    413: "let an administrator of the server allow larger Terraform states",
}


class HttpLog:
    """The contract is `pushctl.state.chain.log.SlotLog`."""

    poll = 2.0

    def __init__(self, url: str, login: str) -> None:
        """Use the document at a URL; `login` is `user:password` or empty."""
        self.address = url
        self._client = HttpClient(url, connect_timeout=10.0, read_timeout=30.0)
        basic = base64.b64encode(login.encode()).decode("ascii")
        self._headers = {"Content-Type": "application/json"}
        self._headers |= {"Authorization": f"Basic {basic}"} if login else {}
        self._known: Entries = ()

    def read(self, after: int | None) -> Sequence[Stored]:
        """See `SlotLog.read`; what is further back than `EARLIER` snapshots is left out."""
        try:
            found = self._known = self._fetch()
            for _ in range(EARLIER):
                if after is None or not found or found[0].slot <= after + 1:
                    break
                earlier = self._fetch(f"/versions/{found[0].slot - 1}")
                if not _has(earlier, found[0].slot - 1):
                    break
                found = (*earlier, *found)
        except (NotSentError, NoAnswerError) as error:
            raise StateError("The state cannot be read", f"{self.address}: {error}") from None
        return [entry for entry in found if entry.slot > (after or 0)]

    def put(self, slot: int, body: bytes) -> PutOutcome:
        try:
            known = self._known
            if slot > 1 and not _has(known, slot - 1):
                known = self._known = self._fetch()
                if not _has(known, slot - 1):
                    return Taken()  # there is more, or less, than whoever asks has read
            return self._post(slot, appended(known, Stored(slot, body)))
        except NotSentError as error:
            return NotSent(str(error))
        except NoAnswerError as error:
            return Unknown(str(error))

    def trim(self, slot: int) -> None:
        """See `SlotLog.trim`; the serial of the next entry says it, to whoever appends that."""

    def _fetch(self, version: str = "") -> Entries:
        answer = self._client.call("GET", self.address + version, headers=self._headers)
        if answer.status == 204 or (answer.status == 404 and b"Project" not in answer.body):
            return ()
        if answer.status != 200:
            raise self._error("The state cannot be read", answer)
        try:
            return decode(answer.body)
        except FormatError as error:
            detail, fix = f"{self.address}: {error}", "delete that version of it on the server"
            raise StateFormatError("This is no state of pushctl", detail, fix=fix) from error

    def _post(self, slot: int, entries: Entries) -> PutOutcome:
        document = encode(entries)
        if len(document) > LARGEST_ANSWER:
            raise StateError("The state is too large", f"{self.address}: {len(document):,} bytes")
        answer = self._client.call("POST", self.address, headers=self._headers, body=document)
        if answer.status in (200, 201):
            self._known = entries
            return Done()
        if answer.status in (409, 422, 423):
            self._known = self._fetch()
            if self._known and self._known[-1].slot >= slot:
                return Taken()
        if answer.status == 423 or (answer.status == 409 and b'"Who"' in answer.body):
            fix = "unlock it there; pushctl itself takes no lock of the server"
            raise StateLockedError("The state is locked on the server", _said(answer), fix=fix)
        if 300 <= answer.status < 500 and answer.status not in (408, 409, 422, 429):
            raise self._error("The state cannot be written", answer)
        return Unknown(_said(answer))

    def _error(self, summary: str, answer: Answer) -> StateError:
        detail = f"{self.address}: {_said(answer)}"
        return StateError(summary, detail, fix=FIXES.get(answer.status))


def _said(answer: Answer) -> str:
    text = short(mask(answer.body[:1000].decode("utf-8", "replace")))
    maybe = " (GitLab does so, too, while somebody locks the state there)"
    return f"it answered {answer.status}{maybe if answer.status == 500 else ''}: {text}"


def _has(entries: Entries, slot: int) -> bool:
    return any(entry.slot == slot for entry in entries)


def open_log(address: str, *, suffix: str, folder: Path, environ: Mapping[str, str]) -> HttpLog:
    """Return the chain at `https://HOST/PATH` or `gitlab:NAME`; raises `ConfigError`."""
    return HttpLog(*place_of(address, suffix, folder, environ))
