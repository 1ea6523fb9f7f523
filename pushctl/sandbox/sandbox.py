"""The sandbox as one object that starts and stops."""

from __future__ import annotations

import json
import sqlite3
import threading
from collections.abc import Collection, Mapping
from contextlib import closing
from functools import partial
from pathlib import Path
from typing import Any
from urllib.parse import quote

from pushctl.sandbox.clock import Clock, frozen_at, parse_time
from pushctl.sandbox.control.control import PREFIX, Control
from pushctl.sandbox.gateway.api import Api
from pushctl.sandbox.gateway.signatures import DEFAULT_KEYS, looks_like_real_key
from pushctl.sandbox.http import browser_requests
from pushctl.sandbox.http.messages import DROPPED, HOST, Request, Response, problem
from pushctl.sandbox.http.server import Server
from pushctl.sandbox.knobs import Knobs, accept_knobs
from pushctl.sandbox.page import page
from pushctl.sandbox.service.apps import name as name_apps
from pushctl.sandbox.storage.database import Database, DatabaseClosedError, DataFileError
from pushctl.sandbox.storage.store import Store


class Sandbox:
    """An emulated push service on a port of this machine.

    `data` is an SQLite file that any number of processes may use at once; None keeps everything
    in memory. `now` (ISO 8601; without an offset in the service's zone) sets and freezes the clock
    of a new data file and is ignored by one that has a clock. `keys` are secrets by access key id,
    besides sandbox/sandbox. Knobs are stored in the data file; dots in their names are underscores.

    It listens on `host`, by default for this machine alone; `hosts` are further names that others
    call it by, such as that of a container. Anybody who reaches it can do anything with it.

    `apps` are written app/workspace, or app for every workspace of it. If some are known, also from
    an earlier start with this data, calls for others are refused.

    `seed` is a YAML file that says who has which phones; ids follow from its number then.

    Raises ClockError, KnobError, SeedError, ValueError and OSError; `start` raises DataFileError
    and OSError.
    """

    def __init__(
        self,
        data: Path | None = None,
        port: int = 0,
        now: str | None = None,
        *,
        keys: Mapping[str, str] | None = None,
        host: str = HOST,
        hosts: Collection[str] = (),
        apps: Collection[str] = (),
        seed: Path | None = None,
        **knobs: str | int | bool,
    ) -> None:
        self._data = data
        self._port = port
        self._host = host
        self._names = browser_requests.names_of(host, hosts)
        self._apps = apps
        self._knobs = accept_knobs(knobs)
        zone = Knobs(self._knobs).zone
        self._clock = None if now is None else frozen_at(parse_time(now, zone))
        self._seed = None if seed is None else _read_seed(seed)
        self._keys = {**DEFAULT_KEYS, **(keys or {})}
        if any(map(looks_like_real_key, self._keys)):
            raise ValueError("an access key that looks real has no place in the sandbox")
        self._stopping = threading.Event()
        self._store: Store | None = None
        self._server: Server | None = None

    @property
    def url(self) -> str:
        """Where it listens; raises RuntimeError before it is started."""
        if self._server is None:
            raise RuntimeError("the sandbox is not started")
        return f"http://{_address(self._server)}"

    def ask(self, method: str, page: str, body: object = None) -> Any:
        """Returns what a page below /_sandbox/ says, without HTTP; raises ValueError if refused."""
        assert self._store is not None
        path, _, query = f"{PREFIX}{page}".partition("?")
        data = b"" if body is None else json.dumps(body).encode()
        answer = Control(self._store)(Request(method, path, query, {}, data))
        said = json.loads(answer.body)
        if answer.status != 200:
            raise ValueError(said["error"])
        return said

    def start(self) -> Sandbox:
        """Opens the data and the port; connections are accepted when this returns."""
        if self._server is not None:
            raise RuntimeError("the sandbox is started already")
        self._stopping.clear()
        database = Database(self._data)
        try:
            store = Store(database, self._clock, self._knobs, self._seed)
            with store.session() as session:
                name_apps(session, self._apps)
            with store.session() as session:  # which knows them
                session.begin(self._clock or Clock(), self._knobs)
            server = Server(self._port, self._host)
        except BaseException:
            database.close()
            raise
        self._store, self._server = store, server
        api = Api(store, self._keys, _address(server), self._stopping.wait)
        server.serve(partial(_dispatch, api, Control(store), self._names))
        return self

    def close(self) -> None:
        """Stops serving; the data file stays. May be called twice."""
        self._stopping.set()
        if self._server is not None:
            self._server.close()
        if self._store is not None:
            self._store.close()
        self._server = self._store = None

    def __enter__(self) -> Sandbox:
        return self if self._server is not None else self.start()

    def __exit__(self, *_: object) -> None:
        self.close()


def clock_of(data: Path) -> Clock:
    """Returns the clock of a data file, which is only read; raises DataFileError."""
    try:
        connection = sqlite3.connect(f"file:{quote(str(data))}?mode=rw", uri=True)
        with closing(connection):
            row = connection.execute("SELECT value FROM meta WHERE key = 'clock'").fetchone()
    except sqlite3.Error as error:
        raise DataFileError(f"cannot use {data} as sandbox data: {error}") from error
    return Clock() if row is None else Clock.from_json(row[0])


def _address(server: Server) -> str:
    host = f"[{server.host}]" if ":" in server.host else server.host
    return f"{host}:{server.port}"


def _read_seed(path: Path) -> dict[str, object]:
    from pushctl.sandbox.devices.seed import read_seed  # noqa: PLC0415  (few sandboxes have one)

    return read_seed(path)


def _dispatch(api: Api, control: Control, names: Collection[str], request: Request) -> Response:
    try:
        if (reason := browser_requests.refusal(request, names)) is not None:
            return problem(403, "Sandbox.WebPage", reason)
        if (shown := page.answer(request)) is not None:
            return shown
        if request.path.startswith(PREFIX):
            return control(request)
        if request.path.strip("/"):
            return problem(404, "InvalidPath", f"Calls go to /, control to {PREFIX}.")
        return api(request)
    except DatabaseClosedError:
        return DROPPED
    except sqlite3.Error as error:
        return problem(503, "ServiceUnavailable", f"sandbox data: {error}")
    except Exception as error:
        # A mistake in the sandbox must be visible to its user, and not as a traceback
        # in the middle of somebody's terminal.
        return problem(500, "Sandbox.Bug", f"{type(error).__name__}: {error}")
