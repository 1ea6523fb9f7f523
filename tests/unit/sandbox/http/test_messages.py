"""Bodies are JSON that any client can read, whatever text is in them."""

from __future__ import annotations

import json

import pytest

from pushctl.sandbox.http.messages import DROPPED, json_response, problem


@pytest.mark.parametrize(
    ("body", "raw"),
    [
        ({"a": 1, "b": [None, True]}, b'{"a":1,"b":[null,true]}'),
        ({"a": "限"}, '{"a":"限"}'.encode()),
        ({"a": "\ud800"}, b'{"a":"\\ud800"}'),
        ("\u2028\x00", '"\u2028\\u0000"'.encode()),
    ],
)
def test_a_body_is_short_utf8_and_reads_back(body: object, raw: bytes) -> None:
    response = json_response(200, body)
    assert response.body == raw
    assert json.loads(response.body) == body
    assert response.content_type == "application/json;charset=utf-8"


def test_status_headers_and_date_are_kept() -> None:
    response = json_response(503, {}, (("Retry-After", "1"),), 7.5)
    assert (response.status, response.headers, response.date) == (503, (("Retry-After", "1"),), 7.5)
    assert not response.drop


def test_a_problem_has_the_shape_of_the_gateways_errors() -> None:
    response = problem(404, "InvalidPath", "x" * 3000)
    assert response.status == 404
    assert json.loads(response.body) == {
        "Code": "InvalidPath",
        "Message": "x" * 2000,
        "RequestId": "",
        "HostId": "127.0.0.1",
    }


def test_what_is_dropped_is_closed_without_a_reset() -> None:
    assert (DROPPED.drop, DROPPED.reset, DROPPED.cut) == (True, False, None)
