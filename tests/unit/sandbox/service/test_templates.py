"""Templates: their rules, how they are found, and what they say once they are filled in."""

from __future__ import annotations

from typing import Any

import pytest

from pushctl.sandbox.errors import RefusedError
from pushctl.sandbox.service import templates
from tests.unit.sandbox.client import NOW_MS, Client

SCOPE = {"AppId": "A", "WorkspaceId": "w"}


def test_what_is_created_is_found(client: Client) -> None:
    urls = {"defaultUrl": "https://example.com/图.png"}
    created = client.template(
        Uri="app://#name#", Variables="name", PushStyle=2, ShowStyle=1, JumpAction=1, ImageUrls=urls
    )

    assert (created.status, set(created.body)) == (
        *(200, {"RequestId", "Success", "Code", "Msg", "Data"}),
    )
    assert (created.body["Success"], created.body["Code"]) == (True, "100")
    found = client.call("GetTemplate", **SCOPE, TemplateId=created.body["Data"]).body["Data"]
    assert found == client.call("GetTemplate", **SCOPE, TemplateName="T").body["Data"]
    assert found == {
        "Id": created.body["Data"],
        "Name": "T",
        "Title": "Hello #name#",
        "Content": "Content",
        "Uri": "app://#name#",
        "DescInfo": "d",
        "Variables": "name",
        "PushStyle": "2",
        "ShowStyle": "1",
        "Action": "1",
        "ImageUrls": '{"defaultUrl": "https://example.com/图.png"}',
        "IconUrls": "",
        "GmtCreate": str(NOW_MS),
        "GmtModified": str(NOW_MS),
    }


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"AppId": ""}, "3003"),
        ({"TemplateName": " "}, "3037"),
        ({"TemplateName": "a,b"}, "3038"),
        ({"TemplateName": "x" * 201}, "3038"),
        ({"TemplateName": "old"}, "3036"),
        ({"Content": ""}, "3039"),
        ({"Title": ""}, "3040"),
        ({"DescInfo": ""}, "3041"),
        ({"Uri": "a b"}, "3042"),
        ({"PushStyle": 3}, "3028"),
        ({"ShowStyle": "x"}, "3028"),
        ({"ImageUrls": "x"}, "3028"),
    ],
)
def test_a_template_that_breaks_a_rule(client: Client, changes: dict[str, Any], code: str) -> None:
    client.template("old")

    refused = client.template(**changes)

    assert (refused.status, refused.body["Success"], refused.body["Code"]) == (200, False, code)
    assert set(refused.body) == {"RequestId", "Success", "Code", "Msg"}
    assert refused.headers["x-sandbox-hint"]
    assert client.call("ListTemplatePage", **SCOPE).body["TotalSize"] == 1


def test_a_name_is_taken_in_one_workspace_only(client: Client) -> None:
    assert client.template().body["Success"]
    assert client.template(WorkspaceId="x").body["Success"]
    assert client.template(AppId="B").body["Success"]


def test_an_app_has_a_hundred_templates(client: Client) -> None:
    codes = [client.template(f"t{number}").body["Code"] for number in range(101)]
    assert codes == ["100"] * 100 + ["3028"]
    assert client.template(WorkspaceId="x").body["Success"]


def test_pages(client: Client) -> None:
    for number in range(3):
        client.template(f"t{number}")

    def page(**params: Any) -> tuple[list[str], int, int, int]:
        body = client.call("ListTemplatePage", **SCOPE, **params).body
        names = [row["Name"] for row in body["Data"]]
        return names, body["CurrentPage"], body["PageSize"], body["TotalSize"]

    assert page() == (["t2", "t1", "t0"], 1, 10, 3)
    assert page(CurrentPage=2, PageSize=2) == (["t0"], 2, 2, 3)
    assert client.call("ListTemplatePage", **SCOPE, CurrentPage=0).body["Code"] == "3028"


def test_a_deleted_template_is_gone(client: Client) -> None:
    for name, by in (("T", {"TemplateName": "T"}), ("U", {"TemplateId": 2})):
        client.template(name)
        deleted = client.call("DeleteTemplate", **SCOPE, **by)
        assert set(deleted.body) == {"RequestId", "Success", "Code", "Msg"}
        assert client.call("GetTemplate", **SCOPE, TemplateName=name).body["Code"] == "3022"
    assert client.call("DeleteTemplate", **SCOPE, TemplateName="T").body["Code"] == "3022"
    assert client.call("DeleteTemplate", **SCOPE).body["Code"] == "3028"


def template(**fields: str) -> dict[str, Any]:
    return {"Title": "T", "Content": "C", "Uri": "", "Variables": "", **fields}


@pytest.mark.parametrize(
    ("text", "variables", "values", "filled"),
    [
        ("#a##b#", "", {"a": "1", "b": "2"}, "12"),
        ("#a##b#", "a,b", {"a": "#b#", "b": "2"}, "#b#2"),
        ("no. #1 and #2", "", {}, "no. #1 and #2"),
        ("A#1#a#", "a", {"a": "x"}, "A#1x"),
        ("#名字#你好", " 名字 ,", {"名字": "王", "more": 1}, "王你好"),
        ("#a#", "", {"a": 5}, "5"),
        ("#a#", "", {"a": "\\1"}, "\\1"),
        ("#x##.#", ".", {".": "dot"}, "#x#dot"),
        ("#a#", "b", {}, "#a#"),
    ],
)
def test_a_template_is_filled_in(
    text: str, variables: str, values: dict[str, object], filled: str
) -> None:
    result = templates.fill(template(Content=text, Variables=variables, Uri=text), values)
    assert result == {"Title": "T", "Content": filled, "Uri": filled}


@pytest.mark.parametrize(
    ("fields", "values", "code"),
    [
        ({"Title": "#a# #b#"}, {"a": "1"}, "3023"),
        ({"Uri": "#a#"}, {}, "3023"),
        ({"Title": "#a#"}, {"a": " "}, "3024"),
        ({"Content": "#a#"}, {"a": ""}, "3024"),
    ],
)
def test_a_template_that_cannot_be_filled_in(
    fields: dict[str, str], values: dict[str, object], code: str
) -> None:
    with pytest.raises(RefusedError) as caught:
        templates.fill(template(**fields), values)
    assert caught.value.code == code
