"""The vendor's first client for Python, unmodified: of API version 2019-08-21 and for any other."""

from __future__ import annotations

import json
import time
import warnings
from contextlib import closing
from typing import Any

import pytest

from pushctl.sandbox import Sandbox
from tests.acceptance.sandbox.life import Call, Refused, code_of, live
from tests.unit.sandbox.client import Client, encoded, push_params

with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    from aliyunsdkcore.acs_exception.exceptions import ServerException
    from aliyunsdkcore.client import AcsClient
    from aliyunsdkcore.request import CommonRequest
    from aliyunsdkmpaas.request.v20190821.PushSimpleRequest import PushSimpleRequest

pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning")


def asked(sandbox: Sandbox, secret: str, request: Any) -> dict[str, Any]:
    request.set_protocol_type("http")
    request.set_endpoint(sandbox.url.removeprefix("http://"))
    client = AcsClient("sandbox", secret, "cn-hangzhou")
    try:
        with closing(client.session):
            return dict(json.loads(client.do_action_with_exception(request)))
    except ServerException as error:
        raise Refused(error.get_error_code()) from error


def common(sandbox: Sandbox, secret: str = "sandbox") -> Call:
    def call(action: str, params: dict[str, Any]) -> dict[str, Any]:
        request = CommonRequest(version="2020-10-28", action_name=action)
        request.set_method("POST")
        for name, value in params.items():
            request.add_body_params(name, value)
        return asked(sandbox, secret, request)

    return call


def first_version(sandbox: Sandbox, secret: str = "sandbox") -> Call:
    def call(action: str, params: dict[str, Any]) -> dict[str, Any]:
        assert action == "PushSimple"  # that version can neither schedule, list, cancel nor revoke
        request = PushSimpleRequest()
        for name in set(params) - {"PushStyle"}:
            getattr(request, f"set_{name}")(params[name])
        return asked(sandbox, secret, request)

    return call


def test_it_schedules_lists_cancels_and_revokes(strict: Sandbox) -> None:
    live(common(strict), Client(strict.url))


def test_its_own_request_sends_at_once(strict: Sandbox) -> None:
    answer = first_version(strict)("PushSimple", encoded(push_params(Title="标题")))

    assert answer["ResultCode"] == "OK"
    (delivery,) = Client(strict.url).deliveries()
    assert (delivery["target"], delivery["title"]) == ("u1", "标题")


def test_it_reads_the_codes_of_errors(strict: Sandbox) -> None:
    assert code_of(common(strict, secret="wrong")) == "SignatureDoesNotMatch"
    Client(strict.url).fault("forbidden")
    assert code_of(common(strict)) == "Forbidden.RAM"


def test_it_sees_that_only_the_secret_is_wrong(strict: Sandbox) -> None:
    """It compares what it signed with what the error says that the server signed."""
    assert code_of(first_version(strict, secret="wrong")) == "InvalidAccessKeySecret"


def test_the_vendors_sample_is_accepted(strict: Sandbox) -> None:
    """As it is printed, but for endpoint, keys and the mistakes that docs/sandbox.md names."""
    client = AcsClient("sandbox", "sandbox", "cn-hangzhou")
    request = PushSimpleRequest()
    request.set_endpoint(strict.url.removeprefix("http://"))
    request.set_AppId("ONEX570DA89211721")
    request.set_WorkspaceId("test")
    request.set_Title("Python Test")
    request.set_Content("Test 2")
    request.set_DeliveryType(3)
    request.set_TaskName("Python Test Task")
    request.set_ExpiredSeconds(600)
    request.set_TargetMsgkey(json.dumps({"user1024": str(time.time())}))

    with closing(client.session):
        assert json.loads(client.do_action_with_exception(request))["ResultCode"] == "OK"
    (delivery,) = Client(strict.url).deliveries()
    assert (delivery["task_name"], delivery["target"]) == ("Python Test Task", "user1024")
