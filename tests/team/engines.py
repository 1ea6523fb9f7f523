"""The engines that a team of processes is tried on, each with a server where it needs one."""

from __future__ import annotations

import contextlib
import itertools
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from pathlib import Path

from pushctl.cli import state_engine
from pushctl.cli.global_options import GlobalOptions
from pushctl.cli.output import Output
from pushctl.state.interface import StateStore
from tests.servers import folder_log


@dataclass(frozen=True)
class Engine:
    """A running engine. `base` is an address to which a name is added; `env` is what it needs."""

    base: str
    env: dict[str, str] = field(default_factory=dict)
    names: Iterator[int] = field(default_factory=itertools.count)

    def new_address(self) -> str:
        return f"{self.base}{next(self.names)}"

    def open(self, address: str) -> StateStore:
        options = GlobalOptions(Path(), "pushctl.yaml", None, Output("never"))
        return state_engine.open_engine(address, options, self.env)


@contextlib.contextmanager
def folder() -> Iterator[Engine]:
    folder_log.register()
    with tempfile.TemporaryDirectory() as place:
        yield Engine(f"{folder_log.SCHEME}:{place}/")


@contextlib.contextmanager
def git() -> Iterator[Engine]:
    with tempfile.TemporaryDirectory() as place:
        subprocess.run(["git", "init", "--quiet", "--bare", f"{place}/team.git"], check=True)
        yield Engine(f"git+file://{place}/team.git?path=app")


ENGINES: dict[str, Callable[[], AbstractContextManager[Engine]]] = {"folder": folder, "git": git}
