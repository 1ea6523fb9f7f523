"""The pages about how the sandbox behaves: faults, knobs, assumptions, and beginning anew."""

from __future__ import annotations

import time
from dataclasses import asdict

from pushctl.sandbox.assumptions import describe
from pushctl.sandbox.control.routes import Asked, ControlError, Route
from pushctl.sandbox.faults import rule_of
from pushctl.sandbox.knobs import accept_knobs
from pushctl.sandbox.service import apps, operations
from pushctl.sandbox.storage.store import Session


def _faults(session: Session, _asked: Asked) -> object:
    return {"faults": [asdict(rule) for rule in session.faults()]}


def _add_fault(session: Session, asked: Asked) -> object:
    rule = rule_of(operations.names(), **dict(asked.body("Fault")))
    return asdict(session.add_fault(rule))


def _delete_faults(session: Session, _asked: Asked) -> object:
    return {"deleted": session.delete_faults()}


def _delete_fault(session: Session, asked: Asked) -> object:
    if not asked.id.isdecimal() or not session.delete_faults(int(asked.id)):
        raise ControlError(404, "no such fault")
    return {"deleted": 1}


def _knobs(session: Session, asked: Asked) -> object:
    session.set_knobs(accept_knobs(asked.object()))
    return {"knobs": dict(session.knobs)}


def _apps(session: Session, _asked: Asked) -> object:
    return {"apps": apps.names(session)}


def _set_apps(session: Session, asked: Asked) -> object:
    apps.name(session, asked.body("Apps").apps, only=True)
    return {"apps": apps.names(session)}


def _assumptions(session: Session, _asked: Asked) -> object:
    return {"assumptions": describe(session.knobs)}


def _reset(session: Session, asked: Asked) -> object:
    session.reset(whole=asked.body("Reset").all)
    return {"reset": True}


def _elsewhere(_session: Session, _asked: Asked) -> object:
    return {"portal": "please log in", "at": time.time()}


ROUTES = (
    Route("GET", "faults", "Every fault there is.", _faults),
    Route("POST", "faults", "Add a fault.", _add_fault, body="Fault"),
    Route("DELETE", "faults", "Delete all faults.", _delete_faults),
    Route("DELETE", "faults/{id}", "Delete one fault.", _delete_fault),
    Route("GET", "knobs", "The value of every knob.", lambda session, _: {"knobs": session.knobs}),
    Route("POST", "knobs", "Set knobs, by name.", _knobs),
    Route("GET", "apps", "The apps that calls may be about; none: all.", _apps),
    Route("POST", "apps", "Say which apps there are.", _set_apps, body="Apps"),
    Route("GET", "assumptions", "What is assumed, and how to verify it.", _assumptions),
    Route("POST", "reset", "Begin anew.", _reset, body="Reset"),
    Route("GET", "elsewhere", "What the fault `redirect` leads to.", _elsewhere),
)
