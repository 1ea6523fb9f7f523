"""From bytes to parameters: fields, dotted names, encodings."""

from __future__ import annotations

import pytest

from pushctl.sandbox.gateway.decoding import decode
from pushctl.sandbox.http.messages import Request
from tests.unit.sandbox.client import FORM, Client


def test_fields_are_split_as_a_form_is() -> None:
    body = b"a=1&&b&=2&c=x%3Dy%26z&d=1+2%2B3&a=4&e=%E6%A0%87\xe9\xa2\x98%ff"
    call = decode(Request("POST", "/", "q=%20&Action=A", {}, body))

    assert call.query == (("q", " "), ("Action", "A"))
    assert call.form == (
        *(("a", "1"), ("b", ""), ("", "2"), ("c", "x=y&z"), ("d", "1 2+3"), ("a", "4")),
        ("e", "标题\udcff"),
    )
    assert (call.fields["a"], call.action) == ("4", "A")


def test_too_many_fields(client: Client) -> None:
    answer = client.send("POST", "/", b"&".join(b"a%d=1" % i for i in range(3000)))

    assert (answer.status, answer.body["Code"]) == (400, "InvalidParameter")
    assert client.requests()[-1]["op"] is None


@pytest.mark.parametrize(
    "name", ["a" + ".a" * 50, "..", ".a", "a.", "TargetMsgkey.u.v", "Title.x", "Title.1"]
)
def test_odd_dotted_names(client: Client, name: str) -> None:
    assert client.push(**{name: "1"}).body["ResultCode"] == "OK"


def test_camel_case_parameters_are_behind_a_knob(client: Client) -> None:
    assert client.push(TaskName=None, taskName="t").body["ResultCode"] == "3019"

    client.control("POST", "knobs", {"camel_params": "on"})
    assert client.push(TaskName=None, taskName="t").body["ResultCode"] == "OK"


@pytest.mark.parametrize("body", [b"Title=%ff", b"Title=\xff\xfe", b"%ff=1"])
def test_anything_but_utf8(client: Client, body: bytes) -> None:
    signed = b"Format=JSON&AccessKeyId=test&Signature=x&Action=PushSimple&Version=2020-10-28&"

    answer = client.send("POST", "/", signed + body, FORM)

    assert (answer.status, answer.body["ResultCode"]) == (200, "3031")
    assert client.requests()[-1]["code"] == "3031"


@pytest.mark.parametrize("format", ["JSON", "XML"])
def test_a_name_that_is_not_utf8(client: Client, format: str) -> None:
    body = f"AccessKeyId=test&Signature=x&Action=%ff&Version=2020-10-28&Format={format}"
    client.fault("ok-no-data", effect="none", times=1)

    assert client.send("POST", "/", body, FORM).status == 200
    assert client.send("POST", "/", body, FORM).status == 404
    assert [row["op"] for row in client.requests()] == ["\\udcff"] * 2


def test_a_lone_surrogate_inside_json(client: Client) -> None:
    assert client.push(TargetMsgkey='{"\\ud800": "k"}').body["ResultCode"] == "3028"


def test_a_get_carries_everything_in_the_query(client: Client) -> None:
    query = (
        "Format=JSON&AccessKeyId=test&Signature=x&Action=PushSimple&Version=2020-10-28"
        "&AppId=A&WorkspaceId=w&TaskName=t&Title=T&Content=C&DeliveryType=3&TargetMsgkey=%7B%22u%22%3A%22k%22%7D"
        "&ExpiredSeconds=60&PushStyle=0"
    )

    assert client.send("GET", f"/?{query}").body["ResultCode"] == "OK"
