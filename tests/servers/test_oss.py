"""The server with OSS's objects, judged by the vendor's own client."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import alibabacloud_oss_v2 as vendor
import pytest

from tests.servers.oss import BUCKET, KEY_ID, REGION, SECRET, Oss, running

Call = Callable[..., Any]


@pytest.fixture(params=[False, True], ids=["plain", "versions"])
def oss(request: pytest.FixtureRequest) -> Iterator[Oss]:
    with running(versioning=request.param) as server:
        yield server


class Client:
    """The vendor's client; each method takes what its request takes."""

    def __init__(self, oss: Oss, key_id: str = KEY_ID, secret: str = SECRET, bucket: str = BUCKET):
        keys = vendor.credentials.StaticCredentialsProvider(key_id, secret)
        nothing = vendor.retry.NopRetryer()
        config = vendor.Config(REGION, oss.endpoint, None, keys, retryer=nothing)
        self.client, self.bucket = vendor.Client(config), bucket

    def append(self, key: str, position: int | None, body: bytes) -> Any:
        request = vendor.AppendObjectRequest(self.bucket, key, position, body=body)
        return self.client.append_object(request)

    def put(self, key: str, body: bytes, **more: Any) -> Any:
        return self.client.put_object(vendor.PutObjectRequest(self.bucket, key, body=body, **more))

    def get(self, key: str, **more: Any) -> Any:
        return self.client.get_object(vendor.GetObjectRequest(self.bucket, key, **more))

    def head(self, key: str) -> Any:
        return self.client.head_object(vendor.HeadObjectRequest(self.bucket, key))

    def delete(self, key: str) -> Any:
        return self.client.delete_object(vendor.DeleteObjectRequest(self.bucket, key))

    def keys(self, **more: Any) -> list[str]:
        pages = self.client.list_objects_v2_paginator().iter_page(
            vendor.ListObjectsV2Request(self.bucket, **more)
        )
        return [item.key for page in pages for item in page.contents or ()]


def refused(call: Call, *arguments: Any, **more: Any) -> tuple[int, str]:
    with pytest.raises(vendor.exceptions.OperationError) as caught:
        call(*arguments, **more)
    error = caught.value.unwrap()
    assert isinstance(error, vendor.exceptions.ServiceError), error
    return error.status_code, error.code


def test_what_is_appended_is_read(oss: Oss) -> None:
    client = Client(oss)
    assert client.append("a/log", 0, b"first\n").next_position == 6
    assert client.append("a/log", 6, "öther\n".encode()).next_position == 13
    found = client.get("a/log")
    assert found.body.read().decode() == "first\nöther\n"
    assert (found.object_type, found.next_append_position) == ("Appendable", 13)
    head = client.head("a/log")
    assert (head.content_length, head.object_type, head.next_append_position) == (
        13,
        "Appendable",
        13,
    )
    assert head.last_modified.tzinfo is not None


def test_only_the_length_is_a_position(oss: Oss) -> None:
    client = Client(oss)
    assert refused(client.append, "log", 3, b"x") == (409, "PositionNotEqualToLength")
    client.append("log", 0, b"first")
    for position in (0, 4, 6):
        assert refused(client.append, "log", position, b"x") == (409, "PositionNotEqualToLength")
    assert client.get("log").body.read() == b"first"


def test_ranges(oss: Oss) -> None:
    client = Client(oss)
    client.append("log", 0, b"0123456789")

    def got(span: str, behaviour: str | None = "standard") -> tuple[int, bytes]:
        found = client.get("log", range_header=f"bytes={span}", range_behavior=behaviour)
        return found.status_code, found.body.read()

    assert got("3-") == (206, b"3456789")
    assert got("3-5") == (206, b"345")
    assert got("-4") == (206, b"6789")
    assert got("-40") == got("0-40") == (206, b"0123456789")
    assert got("8-40", None) == got("10-", None) == (200, b"0123456789")
    more = {"range_header": "bytes=10-", "range_behavior": "standard"}
    assert refused(client.get, "log", **more) == (416, "InvalidRange")


def test_a_normal_object_is_not_appended_to(oss: Oss) -> None:
    client = Client(oss)
    client.put("log", b"whole")
    assert refused(client.append, "log", 5, b"x") == (409, "ObjectNotAppendable")
    assert client.get("log").object_type == "Normal"


def test_forbid_overwrite_has_no_effect_with_versions(oss: Oss) -> None:
    client = Client(oss)
    client.put("key", b"1", forbid_overwrite=True)
    if oss.versioning:
        client.put("key", b"2", forbid_overwrite=True)
    else:
        again = refused(client.put, "key", b"2", forbid_overwrite=True)
        assert again == (409, "FileAlreadyExists")


def test_a_deleted_object_leaves_a_marker_where_there_are_versions(oss: Oss) -> None:
    client = Client(oss)
    client.append("log", 0, b"first")
    client.delete("log")
    assert client.keys() == []
    with pytest.raises(vendor.exceptions.OperationError) as caught:
        client.get("log")
    error = caught.value.unwrap()
    assert (error.status_code, error.code) == (404, "NoSuchKey")
    assert ("x-oss-delete-marker" in error.headers) == oss.versioning
    assert refused(client.head, "log") == (404, "NoSuchKey")
    assert refused(client.append, "log", 5, b"x") == (409, "PositionNotEqualToLength")
    client.append("log", 0, b"anew")


def test_lists_are_cut_into_pages(oss: Oss) -> None:
    client = Client(oss)
    for name in ("a/2", "a/1", "b/1", "a/3"):
        client.append(name, 0, b"x")
    assert client.keys(prefix="a/", max_keys=2) == ["a/1", "a/2", "a/3"]
    assert client.keys(start_after="a/2") == ["a/3", "b/1"]


def test_the_signature_is_checked(oss: Oss) -> None:
    assert refused(Client(oss, secret="wrong").get, "x") == (403, "SignatureDoesNotMatch")
    assert refused(Client(oss, key_id="other").get, "x") == (403, "InvalidAccessKeyId")
    odd = "ä b/+&?%.log"
    Client(oss).append(odd, 0, b"x")
    assert Client(oss).keys(prefix="ä b/+&?") == [odd]
    oss.ahead = timedelta(minutes=20)
    assert refused(Client(oss).get, odd) == (403, "RequestTimeTooSkewed")


def test_other_refusals(oss: Oss) -> None:
    client = Client(oss)
    assert refused(client.get, "log") == (404, "NoSuchKey")
    assert refused(client.head, "log") == (404, "NoSuchKey")
    assert refused(Client(oss, bucket="another").get, "log") == (404, "NoSuchBucket")
    client.append("log", 0, b"x")
    oss.denied = {"oss:PutObject", "oss:GetObject", "oss:ListObjects"}
    for call in (lambda: client.append("log", 1, b"x"), lambda: client.get("log"), client.keys):
        assert refused(call) == (403, "AccessDenied")
    oss.denied, oss.retention = set(), True
    assert refused(client.append, "log", 1, b"x") == (409, "FileImmutable")


@pytest.mark.parametrize("fault", ["before", "after", "stumble", "refuse"])
def test_an_answer_can_be_lost(oss: Oss, fault: str) -> None:
    client = Client(oss)
    oss.faults["POST"] = [fault]
    with pytest.raises(vendor.exceptions.OperationError):
        client.append("log", 0, b"x")
    assert ("log" in oss.versions) == (fault in ("after", "stumble"))


def test_an_answer_can_be_cut_off(oss: Oss) -> None:
    client = Client(oss)
    client.append("log", 0, b"0123456789")
    oss.faults["GET"] = ["cut"]
    with pytest.raises(Exception, match="IncompleteRead"):
        client.get("log").body.read()
