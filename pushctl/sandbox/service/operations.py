"""The operations of the API, by version."""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Collection, Mapping
from functools import partial
from pathlib import Path
from typing import Any

from pushctl.sandbox.errors import GatewayError, gateway_error
from pushctl.sandbox.faults import ActiveFaults
from pushctl.sandbox.service import analysis, bindings, push, revoke, scheduler, templates
from pushctl.sandbox.service.fields import Params, Result
from pushctl.sandbox.storage.store import Session

Operation = Callable[[Session, Params, str, ActiveFaults], Result]

_OPERATIONS: Mapping[str, Operation] = {
    "PushSimple": push.push_simple,
    "PushTemplate": push.push_template,
    "PushMultiple": push.push_multiple,
    "PushBroadcast": push.push_broadcast,
    "QueryPushSchedulerList": scheduler.query_list,
    "QueryMpsSchedulerList": scheduler.query_mps_list,
    "CancelPushScheduler": scheduler.cancel,
    "CancelMpsScheduler": scheduler.cancel,
    "RevokePushMessage": revoke.message,
    "RevokePushTask": revoke.task,
    "QueryPushAnalysisTaskList": analysis.task_list,
    "QueryPushAnalysisTaskDetail": analysis.task_detail,
    "QueryPushAnalysisCoreIndex": analysis.core_index,
    "CreateTemplate": templates.create,
    "GetTemplate": templates.get,
    "ListTemplatePage": templates.list_page,
    "DeleteTemplate": templates.delete,
    "PushQueryDeviceState": bindings.device_state,
    "PushBind": bindings.bind,
    "PushUnBind": bindings.unbind,
    "PushReport": bindings.report,
}
_FACTS: Mapping[str, Mapping[str, Any]] = tomllib.loads(
    Path(__file__).with_suffix(".toml").read_text("utf-8")
)
OPERATIONS: Mapping[str, Mapping[str, Operation]] = {
    version: {name: _OPERATIONS[name] for name in _FACTS if version in _FACTS[name]["versions"]}
    for version in _FACTS["PushSimple"]["versions"]
}
"""By version of the API; each has PushSimple."""


def names() -> set[str]:
    """Returns the name of every operation, whatever the version of the API."""
    return set(_OPERATIONS)


def find(action: str, version: str) -> Operation:
    """Returns the operation of an API version; raises GatewayError."""
    if version not in OPERATIONS:
        raise gateway_error("InvalidVersion", f"the versions are {', '.join(OPERATIONS)}")
    operation = OPERATIONS[version].get(action)
    if operation is None:
        there = ", ".join(OPERATIONS[version])
        raise gateway_error("InvalidAction.NotFound", f"the sandbox has in {version}: {there}")
    return partial(_complete, operation, _FACTS[action]["required"])


def _complete(
    operation: Operation, required: Collection[str], session: Session, params: Params, *more: Any
) -> Result:
    for name in required:
        if name not in params:
            raise GatewayError(400, f"Missing{name}", f"{name} is mandatory for this action.")
    return operation(session, params, *more)


def message_field(action: str) -> str | None:
    """Returns the field that explains an answer with Success and Code; None: it has ResultCode."""
    return _FACTS.get(action, {}).get("message")
