"""The vendor's client for Python with a class for each operation, unmodified."""

from __future__ import annotations

import json
import re
import warnings
from typing import Any

import pytest

from pushctl.sandbox import Sandbox
from tests.acceptance.sandbox.life import Call, Refused, code_of, live
from tests.unit.sandbox.client import Client

with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    from alibabacloud_mpaas20201028 import models
    from alibabacloud_mpaas20201028.client import Client as Mpaas
    from alibabacloud_tea_openapi.exceptions import ClientException
    from alibabacloud_tea_openapi.models import Config

pytestmark = [
    pytest.mark.filterwarnings("ignore::DeprecationWarning"),
    pytest.mark.filterwarnings("ignore::ResourceWarning"),
    pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"),
]


def typed(sandbox: Sandbox, secret: str = "sandbox") -> Call:
    client = Mpaas(
        Config(
            access_key_id="sandbox",
            access_key_secret=secret,
            endpoint=sandbox.url.removeprefix("http://"),
            protocol="http",
        )
    )

    def call(action: str, params: dict[str, Any]) -> dict[str, Any]:
        if "ThirdChannelCategory" in params:  # its own type here is a map
            params["ThirdChannelCategory"] = json.loads(params["ThirdChannelCategory"])
        request = getattr(models, f"{action}Request")().from_map(params)
        method = re.sub("(?<!^)([A-Z])", r"_\1", action).lower()
        try:
            answer = getattr(client, method)(request)
        except ClientException as error:
            raise Refused(error.code) from error
        return dict(answer.body.to_map())

    return call


def test_it_schedules_lists_cancels_and_revokes(strict: Sandbox) -> None:
    live(typed(strict), Client(strict.url))


def test_it_reads_the_codes_of_errors(strict: Sandbox) -> None:
    assert code_of(typed(strict, secret="wrong")) == "SignatureDoesNotMatch"
    Client(strict.url).fault("forbidden")
    assert code_of(typed(strict)) == "Forbidden.RAM"
