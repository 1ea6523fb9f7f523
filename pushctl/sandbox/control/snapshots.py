"""The pages about snapshots: everything as it is, clock and knobs too, kept under a name."""

from __future__ import annotations

from functools import partial

from pushctl.sandbox.control import views
from pushctl.sandbox.control.routes import Asked, ControlError, Route
from pushctl.sandbox.storage.snapshots import Snapshots
from pushctl.sandbox.storage.store import Store


def _list(store: Store, _asked: Asked) -> object:
    with store.snapshots() as snapshots:
        return {"snapshots": [{"name": name} for name in snapshots.names()]}


def _save(store: Store, asked: Asked) -> object:
    with store.snapshots() as snapshots:
        replaced = asked.id in snapshots.names()
        snapshots.save(asked.id)
    return {"saved": asked.id, "replaced": replaced}


def _load(store: Store, asked: Asked) -> object:
    with store.snapshots() as snapshots:
        snapshots.load(_known(snapshots, asked.id))
    with store.session() as session:
        return {"loaded": asked.id, **views.clock(session)}


def _delete(store: Store, asked: Asked) -> object:
    with store.snapshots() as snapshots:
        snapshots.delete(_known(snapshots, asked.id))
    return {"deleted": asked.id}


def _known(snapshots: Snapshots, name: str) -> str:
    names = snapshots.names()
    if name not in names:
        raise ControlError(404, f"no such snapshot; there are: {', '.join(names) or 'none'}")
    return name


_route = partial(Route, in_session=False)
ROUTES = (
    _route("GET", "snapshots", "Every snapshot.", _list),
    _route("POST", "snapshots/{id}", "Save everything under a name.", _save),
    _route("POST", "snapshots/{id}/load", "Make everything as it was saved.", _load),
    _route("DELETE", "snapshots/{id}", "Delete a snapshot.", _delete),
)
