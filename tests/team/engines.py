"""The engines that a team of processes is tried on, each with a server where it needs one."""

from __future__ import annotations

import contextlib
import copy
import itertools
import os
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass, field, replace
from pathlib import Path
from unittest import mock
from urllib.parse import urlsplit

import obstore
from obstore.store import S3Store

from pushctl.cli.global_options import GlobalOptions
from pushctl.cli.output import Output
from pushctl.cli.project import state_engine
from pushctl.state.interface import StateStore
from tests.servers import folder_log, git_http, postgresql, seaweedfs, terraform_http
from tests.servers.proxy import Proxy, proxy

Restore = Callable[[], None]


def _cannot() -> Restore:
    raise NotImplementedError


@dataclass(frozen=True)
class Engine:
    """A running engine. `base` is an address to which a name is added; `env` is what it needs;
    `port` is where its server is, 0 if it has none. `crash` ends the server at once and starts it
    again; `backup` returns what brings back the states as they are now."""

    base: str
    env: dict[str, str] = field(default_factory=dict)
    port: int = 0
    crash: Callable[[], object] = _cannot
    backup: Callable[[], Restore] = _cannot
    names: Iterator[int] = field(default_factory=itertools.count)

    def new_address(self) -> str:
        return f"{self.base}{next(self.names)}"

    def open(self, address: str) -> StateStore:
        options = GlobalOptions(Path(), "pushctl.yaml", None, Output("never"))
        with mock.patch.dict(os.environ, self.env):
            return state_engine.open_engine(address, options, os.environ)

    def at(self, port: int) -> Engine:
        """Return the same engine as it is found at another port of this machine."""
        env = {name: self.moved(value, port) for name, value in self.env.items()}
        return replace(self, base=self.moved(self.base, port), env=env, port=port)

    def moved(self, text: str, port: int) -> str:
        """Return an address in it with another port."""
        return text.replace(f"127.0.0.1:{self.port}", f"127.0.0.1:{port}")


def _copied(place: str | Path) -> Restore:
    """Copy a folder; return what puts the copy in its place."""
    backup = shutil.copytree(place, f"{place}.backup")

    def restore() -> None:
        shutil.rmtree(place)
        shutil.copytree(backup, place)

    return restore


@contextlib.contextmanager
def folder() -> Iterator[Engine]:
    folder_log.register()
    with tempfile.TemporaryDirectory() as place:
        states = Path(place, "states")
        yield Engine(f"{folder_log.SCHEME}:{states}/", backup=lambda: _copied(states))


@contextlib.contextmanager
def git() -> Iterator[Engine]:
    with tempfile.TemporaryDirectory() as place:
        path = _repository(place)
        yield Engine(f"git+file://{path}?path=app", backup=lambda: _copied(path))


@contextlib.contextmanager
def git_over_http(folder: Path | None = None) -> Iterator[Engine]:
    with tempfile.TemporaryDirectory(dir=folder) as place, git_http.serving(Path(place)) as server:
        path = _repository(place)
        url = f"git+{server.url(path.name)}?path=app"
        yield Engine(url, port=server.port, backup=lambda: _copied(path))


def _repository(place: str) -> Path:
    path = Path(place, "team.git")
    subprocess.run(["git", "init", "--quiet", "--bare", path], check=True)
    subprocess.run(["git", "-C", path, "config", "http.receivepack", "true"], check=True)
    return path


@contextlib.contextmanager
def http() -> Iterator[Engine]:
    with terraform_http.serving(terraform_http.GitLab()) as server:

        def backup() -> Restore:
            kept = copy.deepcopy(server.versions)
            return lambda: server.versions.update(copy.deepcopy(kept))

        port = urlsplit(server.url).port
        assert port
        yield Engine(server.url, port=port, backup=backup)


@contextlib.contextmanager
def postgres(folder: Path | None = None) -> Iterator[Engine]:
    with postgresql.running(*postgresql.FAST, folder=folder) as (server, place):

        def crash() -> None:
            postgresql.stop(postgresql.running_in(place, server.port), immediate=True)
            postgresql.start_postgresql(place, *postgresql.FAST, port=server.port)

        def backup() -> Restore:
            kept = postgresql.dump(server.port)
            return lambda: postgresql.restore(server.port, kept)

        base = f"{postgresql.address(server.port)}#team"
        yield Engine(base, port=server.port, crash=crash, backup=backup)


@contextlib.contextmanager
def s3(folder: Path | None = None) -> Iterator[Engine]:
    with tempfile.TemporaryDirectory(dir=folder, ignore_cleanup_errors=True) as place:
        ports = seaweedfs.seaweedfs_ports()
        servers = [seaweedfs.start_seaweedfs(Path(place), ports)]
        env = {**seaweedfs.SETTINGS, "AWS_ENDPOINT_URL_S3": servers[0].url}

        def crash() -> None:
            servers.pop().kill()
            servers.append(seaweedfs.start_seaweedfs(Path(place), ports))

        try:
            yield Engine(
                f"s3://{seaweedfs.BUCKET}/team", env, ports[0], crash, lambda: _objects(env)
            )
        finally:
            servers.pop().kill()


def _objects(env: Mapping[str, str]) -> Restore:
    """Note which objects there are; return what deletes those that came later."""
    with mock.patch.dict(os.environ, env):
        store = S3Store(seaweedfs.BUCKET, client_options={"allow_http": True})

    def paths() -> set[str]:
        return {row["path"] for row in obstore.list(store).collect()}

    kept = paths()
    return lambda: obstore.delete(store, sorted(paths() - kept))


ENGINES: dict[str, Callable[[], AbstractContextManager[Engine]]] = {
    "folder": folder,
    "git": git,
    "git-http": git_over_http,
    "http": http,
    "postgresql": postgres,
    "s3": s3,
}


@contextlib.contextmanager
def behind_proxy(name: str) -> Iterator[tuple[Engine, Proxy]]:
    """Run an engine with a server, and lead to it by a way that can misbehave."""
    with ENGINES[name]() as engine, proxy(engine.port) as way:
        yield engine.at(way.port), way


@contextlib.contextmanager
def delayed(name: str, seconds: float) -> Iterator[Engine]:
    """Run an engine with a server, each request to which takes so much longer."""
    with behind_proxy(name) as (engine, way):
        way.delay = seconds
        yield engine
