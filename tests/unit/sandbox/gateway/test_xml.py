"""Answers in XML: who gets them, and how JSON is written as XML."""

from __future__ import annotations

from typing import Any
from xml.etree import ElementTree

import pytest

from pushctl.sandbox.gateway import xml
from tests.unit.sandbox.client import FORM, Answer, Client

ONE = b"AccessKeyId=test&Signature=x&Action=PushSimple&Version=2020-10-28&Format="


@pytest.mark.parametrize(
    ("body", "inside"),
    [
        ({"A": "x"}, "<A>x</A>"),
        ({"A": {"B": 1, "C": True, "D": None}}, "<A><B>1</B><C>true</C><D></D></A>"),
        ({"L": [{"A": 1}, {"A": 2}]}, "<L><A>1</A></L><L><A>2</A></L>"),
        ({"L": []}, ""),
        ({"A": '<b> & "'}, '<A>&lt;b&gt; &amp; "</A>'),
        ({"A": "标\x00\ud800\x1b😀"}, "<A>标\ufffd\ufffd\ufffd😀</A>"),
        ({"0": 1, "a b<": 2}, "<_0>1</_0><_a_b_>2</_a_b_>"),
    ],
)
def test_a_value_is_an_element(body: dict[str, object], inside: str) -> None:
    document = xml.document("Root", body)
    assert document.decode() == f'<?xml version="1.0" encoding="UTF-8"?><Root>{inside}</Root>'
    ElementTree.fromstring(document)


def is_xml(answer: Answer) -> bool:
    said = answer.headers["content-type"] == "text/xml;charset=utf-8"
    assert said == answer.raw.startswith(b"<?xml")
    return said


@pytest.mark.parametrize(
    ("format", "accept", "expected"),
    [
        ("XML", "application/json", True),
        ("xml", "*/*", True),
        ("JSON", "text/xml", False),
        ("json", "", False),
        ("", "*/*", True),
        ("", "application/json", False),
    ],
)
def test_who_gets_xml(client: Client, format: str, accept: str, expected: bool) -> None:
    headers = {**FORM, "Accept": accept}
    assert is_xml(client.send("POST", "/", ONE + format.encode(), headers)) == expected


def test_who_signs_in_a_header_gets_json(client: Client) -> None:
    header = "ACS3-HMAC-SHA256 Credential=test,SignedHeaders=host,Signature=x"
    names = {"x-acs-action": "PushSimple", "x-acs-version": "2020-10-28"}
    assert client.send("POST", "/", b"", {**names, "Authorization": header}).body["Code"]


def test_what_a_legacy_client_reads(client: Client) -> None:
    client.create()
    answer = client.call(
        "QueryPushSchedulerList",
        AppId="A",
        WorkspaceId="w",
        StartTime=0,
        EndTime=2**50,
        Format="XML",
    )
    root = ElementTree.fromstring(answer.raw)
    assert (root.tag, root.findtext("ResultCode")) == ("QueryPushSchedulerListResponse", "OK")
    assert root.findtext("ResultContent/Data/List/PushTitle") == "Title"

    refused = ElementTree.fromstring(client.push(Format="XML", TaskName=None).raw)
    assert (refused.tag, refused.findtext("PushResult/Success")) == ("PushSimpleResponse", "false")

    error = ElementTree.fromstring(client.call("Nothing", Format="XML").raw)
    assert (error.tag, error.findtext("Code")) == ("Error", "InvalidAction.NotFound")


@pytest.mark.parametrize(
    "kind",
    ["wrong-types", "camel-case", "string-result", "huge-body", "ok-no-data", "business-9000"],
)
def test_faults_speak_xml_too(client: Client, kind: Any) -> None:
    client.fault(kind)
    assert ElementTree.fromstring(client.push(Format="XML").raw).tag == "PushSimpleResponse"
