"""A branch of another repository, read and pushed to with the git program; never checked out."""

from __future__ import annotations

import re
import shutil
import tempfile
import time
import weakref
from collections.abc import Mapping
from subprocess import CompletedProcess

from pushctl import git_command
from pushctl.errors import ConfigError, StateConflictError, StateError
from pushctl.masking import mask
from pushctl.state.chain.log import Done, NotSent, PutOutcome, Taken, Unknown
from pushctl.text.regex import regex

PAUSE = 1.0
"""Seconds to wait before a branch is called changed: a push moves one ref after the other."""

ALL = "--depth=2147483647"

NEVER_LEFT = regex(
    r"(?im)^fatal: .*(unable to access|could not read|initial contact|"
    r"authentication failed|not found|does not appear|does not support)"
)
DENIED = regex(
    r"(?i)denied|authentication|could not read (username|password)|error: 40[13]|"
    r"not found|does not appear|does not support|certificate|host key|dubious"
)
RACE = regex(r"(?i)lock|transaction|old value|already exists")


class AwayError(StateError):
    """The repository cannot be reached; what was asked for did not happen."""


def environment(
    url: str, settings: Mapping[str, str], environ: Mapping[str, str]
) -> dict[str, str]:
    """Return the environment of git, with what no argument may show; raises `ConfigError`."""
    kept = git_command.environment(environ, protocols="file:http:https:ssh")
    told = kept.get("GIT_CONFIG_COUNT") or "0"
    if not re.fullmatch("[0-9]{1,4}", told):
        raise ConfigError("GIT_CONFIG_COUNT is no number", repr(told), fix="unset it")
    count = int(told)
    for number, (key, value) in enumerate({"remote.state.url": url, **settings}.items(), count):
        kept |= {f"GIT_CONFIG_KEY_{number}": key, f"GIT_CONFIG_VALUE_{number}": value}
    return kept | {"GIT_CONFIG_COUNT": str(count + 1 + len(settings))}


class Branch:
    """A branch, and the ref `refs/pushctl/BRANCH` that moves along with it and nobody sees."""

    def __init__(self, name: str, environ: Mapping[str, str]) -> None:
        """Begin with an empty repository in a temporary folder, which goes with this object."""
        self.name, self.environ = name, environ
        self._refs = {f"refs/heads/{name}": "refs/state/tip", f"refs/pushctl/{name}": "refs/seen"}
        self.folder = tempfile.mkdtemp(prefix="pushctl-state-")
        weakref.finalize(self, shutil.rmtree, self.folder, ignore_errors=True)
        self.git("init", "--quiet", "--template=", "--bare", self.folder)

    def run(self, *arguments: str, data: bytes = b"") -> CompletedProcess[bytes]:
        """Run git, with no terminal that it could ask or be interrupted from."""
        try:
            return git_command.run_git(
                f"--git-dir={self.folder}",
                *arguments,
                env=self.environ,
                data=data,
                timeout=git_command.TIMEOUT,
            )
        except TimeoutError as error:
            return CompletedProcess(arguments, -1, b"", str(error).encode())

    def git(self, *arguments: str, data: bytes = b"") -> bytes:
        """Return what git prints; raises `AwayError`, and `StateError` without access."""
        done = self.run(*arguments, data=data)
        if done.returncode != 0:
            raise _failed(done)
        return done.stdout

    def look(self, known: str) -> str:
        """Fetch the branch if it is not at the commit `known`, and return its commit.

        Empty if there never was one. Raises `StateConflictError` for a branch that is gone, or that
        lacks what was on it before; what `git` raises.
        """
        for pause in (PAUSE, 0.0):
            told = _refs(self.git("ls-remote", "state", *self._refs))
            tip, seen = (told.get(ref, "") for ref in self._refs)
            if tip == known and seen in ("", tip):
                return tip
            if tip:
                depth = ALL if seen not in ("", tip) else "--depth=1" if not known else None
                self.fetch(tip=tip, seen=seen, depth=depth)
                here = _refs(self.git("for-each-ref", "--format=%(objectname)\t%(refname)"))
                tip, seen = here["refs/state/tip"], here["refs/seen"] if seen else ""
                if self._follows(known, tip) and self._follows(seen, tip):
                    return tip
            time.sleep(pause)
        raise self._lost("set back or written anew" if tip else "gone")

    def fetch(self, *, tip: str, seen: str, depth: str | None) -> None:
        """Fetch what there is of the two refs."""
        there = zip((tip, seen), self._refs.items(), strict=True)
        specs = [f"+{ref}:{here}" for oid, (ref, here) in there if oid]
        self.git("fetch", "--quiet", "--no-tags", *([depth] if depth else []), "state", *specs)

    def _follows(self, old: str, new: str) -> bool:
        return old in ("", new) or not self.run("merge-base", "--is-ancestor", old, new).returncode

    def _lost(self, how: str) -> StateConflictError:
        return StateConflictError(
            "The branch of the state is not what it was",
            f"the branch {self.name} is {how}; nobody can tell from it what was applied",
            fix=f"put it back: git fetch origin refs/pushctl/{self.name}, then git push origin "
            f"FETCH_HEAD:refs/heads/{self.name}; if it is right as it is: "
            f"git push origin --delete refs/pushctl/{self.name}",
        )

    def commit(self, tip: str, message: str, files: Mapping[str, bytes | None]) -> str:
        """Return a new commit that follows `tip` and replaces files, or takes them away (None)."""
        begin = f"from {tip}\n" if tip else ""
        now = f"pushctl <pushctl@invalid> {time.time():.0f} +0000"
        head = f"reset refs/next\n{begin}\ncommit refs/next\nmark :1\ncommitter {now}\n"
        parts = [head.encode(), _data(message.encode())]
        for path, content in files.items():
            if content is None:
                parts.append(b'D "%s"\n' % path.encode())
            else:
                parts.append(b'M 100644 inline "%s"\n' % path.encode() + _data(content))
        stream = b"".join((*parts, b"get-mark :1\n"))
        return self.git("fast-import", "--quiet", "--force", data=stream).decode().strip()

    def push(self, commit: str) -> PutOutcome | None:
        """Push to both refs, and never by force; None if somebody else was faster.

        Raises `AwayError` if it did not happen, `StateError` if it is forbidden.
        """
        words = ("--porcelain", "--atomic", "--no-signed", "--no-follow-tags")
        done = self.run("push", *words, "state", *(f"{commit}:{ref}" for ref in self._refs))
        rows = done.stdout.decode("utf-8", "replace").splitlines()
        if done.returncode == 0:
            return Taken() if any(row.startswith("=") for row in rows) else Done()
        refused = "\n".join(row for row in rows if row.startswith("!"))
        if "(failed to update ref)" in refused:
            return NotSent(_said(done, refused))
        if "[remote rejected]" in refused and not RACE.search(refused.replace(self.name, "")):
            fix = "let whoever applies push to it and to refs/pushctl; `pushctl help state/git`"
            raise StateError("The branch of the state takes no push", _said(done, refused), fix=fix)
        if "[remote rejected]" in refused or ("[rejected]" in refused and "[remote" not in refused):
            return None
        if not NEVER_LEFT.search(done.stderr.decode("utf-8", "replace")):
            return Unknown(_said(done))
        raise _failed(done)


def _data(content: bytes) -> bytes:
    return b"data %d\n%s\n" % (len(content), content)


def _refs(output: bytes) -> dict[str, str]:
    rows = (line.split("\t") for line in output.decode("utf-8", "replace").splitlines())
    return {ref: oid for oid, ref in rows}


def _failed(done: CompletedProcess[bytes]) -> StateError:
    said = _said(done)
    if not DENIED.search(said):
        return AwayError("The state cannot be reached", said, fix="try it again later")
    fix = "look whether `git ls-remote` works with it here; in a job, look at its permissions"
    return StateError("The repository of the state cannot be used", said, fix=fix)


def _said(done: CompletedProcess[bytes], first: str = "") -> str:
    """Return what git said as one line, without credentials."""
    text = f"{first} {done.stderr.decode('utf-8', 'replace')}"
    words = " ".join(re.sub(r"(?m)^(fatal|remote|error): ?", "", text).split())
    plain = "".join(letter for letter in words if letter.isprintable())
    return mask(re.sub(r"//[^/\s]*@", "//", plain))[:400]
