"""Runs a command for several manifests, a few at a time, each in a process of its own."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor, as_completed
from pathlib import Path

from msgspec import Struct, field

from pushctl.cli.commands.fleet.members import Member
from pushctl.cli.global_options import MANIFEST, GlobalOptions
from pushctl.errors import ExitCode
from pushctl.render.fleet import FleetResult

OWN = frozenset({"ENV", "FILE", "CHDIR", "FORMAT", "OUT", "JSON", "MARKDOWN", "HTML", "BASE"})
"""What is said for each manifest, whatever `PUSHCTL_<NAME>` says."""


class Fleet(Struct, frozen=True):
    """Some manifests, each with a folder for what its commands write."""

    options: GlobalOptions
    folders: Mapping[Member, Path]
    parallelism: int
    stop: threading.Event = field(default_factory=threading.Event)

    def run(self, words: Callable[[Path], list[str]]) -> Iterator[FleetResult]:
        """Run a command, which may name files in its folder; yield results as they come.

        Once `stop` is set nothing is begun, and what runs is asked to finish its calls.
        """
        with ThreadPoolExecutor(self.parallelism) as pool:
            begun = [pool.submit(self._one, *item, words(item[1])) for item in self.folders.items()]
            for done in as_completed(begun):
                yield done.result()

    def _one(self, member: Member, folder: Path, words: list[str]) -> FleetResult:
        name = (named(member.path), member.env)
        if self.stop.is_set():
            return FleetResult(name, ExitCode.INTERRUPTED)
        folder.mkdir(exist_ok=True)
        code, out, err = self._process([*self._globals(member), *words])
        page, data = (_content(folder / each) for each in ("markdown", "json"))
        text = data or (out if out.startswith("{") else "{}")
        return FleetResult(name, code, out, err.strip(), page, json.loads(text))

    def _process(self, words: list[str]) -> tuple[int, str, str]:
        process = subprocess.Popen(
            # -P: a folder that is called pushctl must not be taken for the program.
            [sys.executable, "-P", "-m", "pushctl", *words],
            env={k: v for k, v in os.environ.items() if k.removeprefix("PUSHCTL_") not in OWN},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            encoding="utf-8",
            errors="replace",
            # Ctrl-C reaches this process only, which passes it on once.
            start_new_session=True,
            creationflags=getattr(subprocess, "CREATE_NEW_PROCESS_GROUP", 0),
        )
        told = False
        while True:
            try:
                out, err = process.communicate(timeout=0.2)
                return process.returncode, out, err
            except subprocess.TimeoutExpired:
                if self.stop.is_set() and not told:
                    process.send_signal(getattr(signal, "CTRL_BREAK_EVENT", signal.SIGTERM))
                    told = True

    def _globals(self, member: Member) -> Iterator[str]:
        yield from ("-C", str(member.path.parent), "-f", member.path.name, "-q", "--color=never")
        yield from ("--env", member.env) if member.env is not None else ()
        yield from ("--now", self.options.now) if self.options.now is not None else ()


def named(path: Path) -> str:
    """Return what people call a manifest: its folder, if its file is called as usual."""
    return str(path.parent if path.name == MANIFEST else path)


def _content(path: Path) -> str:
    return path.read_text("utf-8") if path.exists() else ""
