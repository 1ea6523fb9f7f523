"""The vendor's generic client, unmodified, with both of its signature schemes."""

from __future__ import annotations

import warnings
from functools import partial
from typing import Any

import pytest

from pushctl.sandbox import Sandbox
from tests.acceptance.sandbox.life import live
from tests.unit.sandbox.client import Client, encoded, push_params

with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    from alibabacloud_tea_openapi import exceptions as tea_errors
    from alibabacloud_tea_openapi import models
    from alibabacloud_tea_openapi.client import Client as TeaClient
    from darabonba.runtime import RuntimeOptions

pytestmark = [
    pytest.mark.filterwarnings("ignore::DeprecationWarning"),
    pytest.mark.filterwarnings("ignore::ResourceWarning"),
    pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"),
]


@pytest.fixture(autouse=True)
def direct(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.lower(), raising=False)


def tea(
    endpoint: str,
    algorithm: str | None,
    key: str = "sandbox",
    secret: str = "sandbox",
    **config: Any,
) -> TeaClient:
    return TeaClient(
        models.Config(
            access_key_id=key,
            access_key_secret=secret,
            endpoint=endpoint,
            protocol="http",
            signature_algorithm=algorithm,
            **config,
        )
    )


def call(client: TeaClient, action: str, body: dict[str, Any]) -> dict[str, Any]:
    params = models.Params(
        action=action,
        version="2020-10-28",
        protocol="HTTP",
        pathname="/",
        method="POST",
        auth_type="AK",
        style="RPC",
        req_body_type="formData",
        body_type="json",
    )
    answer = client.call_api(params, models.OpenApiRequest(body=body), RuntimeOptions())
    return dict(answer["body"])


@pytest.mark.parametrize("algorithm", [None, "v2"])
def test_it_schedules_lists_cancels_and_revokes(strict: Sandbox, algorithm: str | None) -> None:
    live(partial(call, tea(strict.url[7:], algorithm)), Client(strict.url))


@pytest.mark.parametrize("algorithm", [None, "v2"])
def test_a_wrong_secret_is_told(strict: Sandbox, algorithm: str | None) -> None:
    client = tea(strict.url.removeprefix("http://"), algorithm, secret="wrong")

    with pytest.raises(tea_errors.ClientException) as caught:
        call(client, "PushSimple", encoded(push_params()))

    assert caught.value.code == "SignatureDoesNotMatch"


@pytest.mark.parametrize("endpoint", ["http://{}", "{}/"])
def test_odd_hosts_are_tolerated(strict: Sandbox, endpoint: str) -> None:
    client = tea(endpoint.format(strict.url.removeprefix("http://")), None)

    assert call(client, "PushSimple", encoded(push_params()))["ResultCode"] == "OK"


def test_maps_flattened_by_the_client(strict: Sandbox) -> None:
    body = {**encoded(push_params()), "ThirdChannelCategory": {"hms": "9", "vivo": "1"}}

    assert call(tea(strict.url[7:], None), "PushSimple", body)["ResultCode"] == "OK"
    (task,) = Client(strict.url).tasks()
    assert task["params"]["ThirdChannelCategory"] == {"hms": "9", "vivo": "1"}


@pytest.mark.parametrize("algorithm", [None, "v2"])
def test_a_temporary_key_comes_with_its_token(strict: Sandbox, algorithm: str | None) -> None:
    def refused(**credentials: str) -> object:
        with pytest.raises(tea_errors.ClientException) as caught:
            push(**credentials)
        return caught.value.code

    def push(**credentials: str) -> object:
        client = tea(strict.url[7:], algorithm, **credentials)
        return call(client, "PushSimple", encoded(push_params()))["ResultCode"]

    assert push(key="sandbox-sts", security_token="sandbox") == "OK"
    assert push(key="test", security_token="fake/token+1==") == "OK"
    assert refused(key="sandbox-sts") == "MissingSecurityToken"
    wrong = "InvalidSecurityToken.MismatchWithAccessKey"
    assert refused(key="sandbox-sts", security_token="sandbox1") == wrong
    assert refused(security_token="fake/token+1==") == wrong


@pytest.mark.parametrize(
    ("fault", "error", "code"),
    [
        ({"kind": "throttle"}, tea_errors.ClientException, "Throttling.User"),
        ({"kind": "throttle-hint"}, tea_errors.ThrottlingException, "Throttling.User"),
        ({"kind": "http-500"}, tea_errors.ServerException, "InternalError"),
        ({"kind": "http-503"}, tea_errors.ServerException, "ServiceUnavailable"),
        ({"kind": "auth-404"}, tea_errors.ClientException, "InvalidAccessKeyId.NotFound"),
        ({"kind": "forbidden"}, tea_errors.ClientException, "Forbidden.RAM"),
    ],
)
def test_gateway_errors_raise_what_they_should(
    strict: Sandbox, fault: dict[str, Any], error: type[Exception], code: str
) -> None:
    Client(strict.url).control("POST", "faults", fault)

    with pytest.raises(error) as caught:
        call(tea(strict.url[7:], None), "PushSimple", encoded(push_params()))

    assert caught.value.code == code  # type: ignore[attr-defined]
