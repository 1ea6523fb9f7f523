"""A chain as the lines of a file on a branch."""

from __future__ import annotations

import base64
import json
import re
import threading
from collections.abc import Mapping, Sequence
from pathlib import Path, PurePosixPath
from urllib.parse import parse_qsl, urlsplit

from msgspec import Struct
from msgspec.structs import replace

from pushctl.errors import ConfigError, StateConflictError, StateFormatError, StateLockedError
from pushctl.git_command import run_git
from pushctl.state.chain.log import Done, NotSent, PutOutcome, Stored, Taken
from pushctl.state.git_branch.branch import ALL, AwayError, Branch, environment
from pushctl.state.git_branch.earlier import OTHERS, STATE, first_entry, marker

ATTEMPTS = 10
"""How often an entry is pushed because states of others moved the branch meanwhile."""


class Kept(Struct, frozen=True):
    """What a commit of the branch holds of one state: the entries from the number `first` on.

    `begun` tells that there is a chain; before, `earlier` are the files that it takes the place of,
    and `claim` what a job of an earlier version says that is at work on them.
    """

    commit: str = ""
    first: int = 1
    lines: tuple[bytes, ...] = ()
    begun: bool = False
    earlier: tuple[str, ...] = ()
    claim: str = ""

    @property
    def last(self) -> int:
        """The number of the newest entry."""
        return self.first + len(self.lines) - 1


class GitLog:
    """The contract is `pushctl.state.chain.log.SlotLog`. Safe to use from several threads."""

    def __init__(self, branch: Branch, path: PurePosixPath, address: str, poll: float) -> None:
        """Use the state `path`: a folder in the repository, and the name of the state in it."""
        self.address, self.poll = address, poll
        self._branch, self._path = branch, path
        self._chain = f"{path}.chain"
        self._kept = Kept()
        self._begin = 0
        self._mutex = threading.Lock()

    def read(self, after: int | None) -> Sequence[Stored]:
        """See `SlotLog.read`; what was trimmed is taken from earlier commits."""
        with self._mutex:
            self._look()
            found = dict(enumerate(self._kept.lines, self._kept.first))
            if after is not None and after < self._kept.first - 1:
                found = self._trimmed() | found
        slots = [slot for slot in sorted(found) if slot > (after or 0)]
        if slots and slots[-1] - slots[0] != len(slots) - 1:
            raise self._damaged("an entry is missing")
        return [Stored(slot, found[slot]) for slot in slots]

    def put(self, slot: int, body: bytes) -> PutOutcome:
        with self._mutex:
            try:
                return self._put(slot, body)
            except AwayError as error:
                return NotSent(error.detail)

    def trim(self, slot: int) -> None:
        """See `SlotLog.trim`; the next commit does it."""
        self._begin = slot

    def _put(self, slot: int, body: bytes) -> PutOutcome:
        if self._kept.last != slot - 1 or not self._kept.commit:
            self._look()
        for _ in range(ATTEMPTS):
            if self._kept.last >= slot:
                return Taken()
            kept = self._next(slot, body)
            outcome = self._branch.push(kept.commit)
            if outcome == Done():
                self._kept = kept
            if outcome:
                return outcome
            self._look()
        return NotSent("the branch is written all the time")

    def _next(self, slot: int, body: bytes) -> Kept:
        """Return what is there with one more entry, in a commit that nobody else knows yet."""
        kept = self._kept
        if kept.last != slot - 1:
            detail = f"{self.address}: entry {slot - 1} was there and is not any more"
            raise StateConflictError("The state is not what it was", detail, fix=self._see_log())
        if kept.claim:
            fix = f"wait for it; if its machine was lost, take {self._path}.claim off the branch"
            raise StateLockedError("The state is locked", f"held by {kept.claim}", fix=fix)
        cut = max(0, min(self._begin, slot) - kept.first)
        lines = (*kept.lines[cut:], body)
        files: dict[str, bytes | None] = dict.fromkeys(kept.earlier)
        if not kept.begun:
            files[f"{self._path}.{STATE}"] = marker(self._branch.name)
        files[self._chain] = b"".join(line + b"\n" for line in lines)
        commit = self._branch.commit(kept.commit, f"{self._path}: entry {slot}", files)
        return Kept(commit, kept.first + cut, lines, begun=True)

    # --- reading the branch -----------------------------------------------------------------------

    def _look(self) -> None:
        commit = self._branch.look(self._kept.commit)
        if commit != self._kept.commit:
            self._kept = replace(self._read(commit), commit=commit)

    def _read(self, commit: str) -> Kept:
        files = self._files(commit)
        if self._chain in files:
            return self._entries(self._blob(files[self._chain]))
        state, path = f"{self._path}.{STATE}", self._path
        earlier = [state, *(f"{path}.{other}" for other in OTHERS)]
        contents = {name: self._blob(files[name]) for name in earlier if name in files}
        if contents.get(state) == marker(self._branch.name):
            detail = f"{self.address}: the file is gone, and {state} says that it was there"
            raise StateConflictError("The state is not what it was", detail, fix=self._see_log())
        names = {PurePosixPath(name).name: content for name, content in contents.items()}
        first = first_entry(names, path.name)
        claim = self._blob(files[f"{path}.claim"])[:400] if f"{path}.claim" in files else b""
        words = re.sub(r"[^A-Za-z0-9 :/._+@,\[\]-]", "", claim.decode("ascii", "ignore"))
        lines = (first,) if first else ()
        return Kept(lines=lines, earlier=tuple(contents), claim=words or "?" * bool(claim))

    def _files(self, commit: str) -> dict[str, str]:
        """Return the blobs of this state by path; refuses what is no plain file in their place."""
        folders = {str(parent) for parent in self._path.parents}
        ours = {f"{self._path}.{end}" for end in ("chain", "claim", STATE, *OTHERS)}
        found: dict[str, str] = {}
        listed = self._branch.git("ls-tree", "-r", "-t", "-z", "--full-tree", commit)
        for row in listed.decode("utf-8", "surrogateescape").split("\0")[:-1]:
            facts, _, path = row.partition("\t")
            mode, kind, oid = facts.split()
            wanted = "040000 tree" if path in folders else "100644 blob"
            if path in folders | ours and f"{mode} {kind}" != wanted:
                fix = "whoever put it there has to take it away"
                detail = f"{path} is a link, a program, a folder or another repository"
                raise StateFormatError("Only plain files are taken for a state", detail, fix=fix)
            if path in ours:
                found[path] = oid
        return found

    def _blob(self, oid: str) -> bytes:
        return self._branch.git("cat-file", "blob", oid)

    def _entries(self, content: bytes) -> Kept:
        lines = tuple(content.splitlines())
        if not content.endswith(b"\n"):
            raise self._damaged("its last line has no end")
        kept = Kept(first=self._slot(lines[0]), lines=lines, begun=True)
        if self._slot(lines[-1]) != kept.last:
            raise self._damaged("an entry is missing")
        return kept

    def _trimmed(self) -> dict[int, bytes]:
        """Return every entry that a commit added to the file."""
        tip = self._kept.commit
        self._branch.fetch(tip=tip, seen="", depth=ALL)
        plain = ("--text", "--no-ext-diff", "--no-textconv", "--no-color", "--no-renames")
        words = ("log", "--format=", "-p", "-U0", *plain)
        added = self._branch.git(*words, tip, "--", self._chain).splitlines()
        lines = [line[1:] for line in reversed(added) if line.startswith(b"+{")]
        return {self._slot(line): line for line in lines}

    def _slot(self, line: bytes) -> int:
        try:
            return int(json.loads(line)["slot"])
        except (ValueError, TypeError, KeyError, RecursionError):
            raise self._damaged("a line is no entry") from None

    def _damaged(self, how: str) -> StateFormatError:
        detail = f"{self.address}: {how}"
        return StateFormatError("The state is damaged", detail, fix=self._see_log())

    def _see_log(self) -> str:
        return f"look who changed it: git log {self._branch.name} -- {self._chain}"


# --- addresses ------------------------------------------------------------------------------------


def open_log(address: str, *, suffix: str, folder: Path, environ: Mapping[str, str]) -> GitLog:
    """Return the chain at `git+https://HOST/REPOSITORY?path=FOLDER#BRANCH`; raises `ConfigError`.

    `git+origin:#BRANCH` is the remote `origin` of the repository that `folder` is in.
    """
    parts = urlsplit(address)
    query = dict(parse_qsl(parts.query, keep_blank_values=True))
    branch = parts.fragment or "pushctl-state"
    path = PurePosixPath(query.get("path", _place(folder))) / f"pushctl{suffix}"
    if parts.password or not query.keys() <= {"path"}:
        raise _refused("it may hold ?path=FOLDER and #BRANCH, and no password")
    if not re.fullmatch(r"\w([\w./-]*\w)?", branch) or re.search(r"\.\.|//|/\.|\.lock\b", branch):
        raise _refused(f"{branch!r} is no name of a branch")
    odd = re.search(r'[\0-\x1f"\\\ud800-\udfff\ufffd]', str(path))
    if odd or path.is_absolute() or ".." in path.parts:
        raise _refused(f"{str(path)!r} is no path in a repository")
    url = re.split("[?#]", address)[0].removeprefix("git+")
    if parts.scheme == "git+origin":
        url = _origin(folder, environ)
    shown = re.sub("//[^/]*@", "//", re.split("[?#]", address)[0])
    poll = 0.5 if url.startswith(("file:", "/")) else 5.0
    opened = Branch(branch, environment(url, _authorization(url, environ), environ))
    return GitLog(opened, path, f"{shown}#{branch}:{path}", poll)


def _refused(detail: str) -> ConfigError:
    return ConfigError("The address of the state cannot be understood", detail)


def _place(folder: Path) -> str:
    """Return the way from the root of the repository to a folder; `.` outside of any."""
    here = folder.resolve()
    roots = (item for item in (here, *here.parents) if (item / ".git").exists())
    return here.relative_to(next(roots, here)).as_posix()


def _origin(folder: Path, environ: Mapping[str, str]) -> str:
    done = run_git("remote", "get-url", "origin", folder=folder, env=environment("", {}, environ))
    if done.returncode != 0:
        raise _refused(
            f"git+origin: needs a clone with a remote called origin, {folder} is in none"
        )
    return done.stdout.decode("utf-8", "surrogateescape").strip()


def _authorization(url: str, environ: Mapping[str, str]) -> dict[str, str]:
    """Return what gives git the token of a job, for the server that the job belongs to only."""
    own = environ.get("PUSHCTL_STATE_TOKEN", "")
    if server := environ.get("GITHUB_SERVER_URL"):
        user, token = "x-access-token", own or environ.get("GITHUB_TOKEN", "")
    else:
        server = environ.get("CI_SERVER_URL")
        job = environ.get("CI_JOB_TOKEN", "")
        user, token = "gitlab-ci-token" if own in ("", job) else "oauth2", own or job
    if own and not server and url.startswith("http"):
        detail = "it goes only to the server that GITHUB_SERVER_URL or CI_SERVER_URL names"
        fix = "set one of them as well, or unset it: then git uses credentials of its own"
        raise ConfigError("PUSHCTL_STATE_TOKEN is for no server", detail, fix=fix)
    if not server or not token:
        return {}
    basic = base64.b64encode(f"{user}:{token}".encode()).decode("ascii")
    return {f"http.{server}/.extraheader": f"Authorization: Basic {basic}"}
