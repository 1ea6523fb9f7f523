"""Listing what is scheduled, and cancelling it."""

from __future__ import annotations

import pytest

from tests.unit.sandbox.client import DAY_MS, MIDNIGHT_MS, NOW_MS, Client

HOUR = 3_600_000


def at(client: Client, ms: int, **changes: object) -> str:
    return client.create(StrategyContent={"fixedTime": ms}, **changes)


def test_a_row_says_this_and_no_more(client: Client) -> None:
    task_id = client.create()

    assert client.list() == {
        "TotalCount": 1,
        "List": [
            {
                "UniqueId": task_id,
                "ParentId": task_id,
                "PushTime": NOW_MS + HOUR,
                "PushTitle": "Title",
                "PushContent": "Content",
                "Type": 0,
                "DeliveryType": 3,
                "StrategyType": 1,
                "ExecutedStatus": "0",
                "CreateType": 0,
                "GmtCreate": NOW_MS,
            }
        ],
    }


def test_the_older_twins(client: Client) -> None:
    scope = {"AppId": "A", "WorkspaceId": "w"}
    task_id = client.create()

    listed = client.call("QueryMpsSchedulerList", "2020-07-10", **scope)
    assert listed.body["ResultContent"]["Data"]["List"][0]["UniqueId"] == task_id
    ids = {**scope, "UniqueIds": task_id}
    assert client.call("CancelMpsScheduler", "2020-10-28", **ids).status == 404
    cancelled = client.call("CancelMpsScheduler", "2020-07-10", **ids)
    assert cancelled.body["ResultContent"] == f'{{"{task_id}":1}}'


def test_gmt_create_loses_its_milliseconds(client: Client) -> None:
    client.advance(1.789)
    client.create()
    assert client.list()["List"][0]["GmtCreate"] == NOW_MS + 1000

    client.control("POST", "knobs", {"gmt_create": "millisecond"})
    assert client.list()["List"][0]["GmtCreate"] == NOW_MS + 1789


def test_filters(client: Client) -> None:
    first, second = at(client, NOW_MS + HOUR), at(client, NOW_MS + 2 * HOUR)
    at(client, NOW_MS + HOUR, WorkspaceId="other")

    def ids(**params: object) -> list[str]:
        return [row["UniqueId"] for row in client.list(**params)["List"]]

    assert ids() == [second, first]
    assert ids(StartTime=NOW_MS + 2 * HOUR) == [second]
    assert ids(EndTime=NOW_MS + HOUR) == [first]
    assert ids(UniqueId=first) == [first]
    assert ids(UniqueId=first, StartTime=NOW_MS + 2 * HOUR) == []
    assert ids(UniqueId="unknown") == []
    assert ids(Type=0) == [second, first]
    assert ids(Type=3) == []
    assert ids(AppId="B") == []
    client.control("POST", "knobs", {"list_unique_id_time": "ignore", "list_order": "oldest"})
    assert ids(UniqueId=first, StartTime=NOW_MS + 2 * HOUR) == [first]
    assert ids() == [first, second]


def test_pages(client: Client) -> None:
    client.loop()
    whole = client.list()["List"]

    pages = [client.list(PageNumber=n, PageSize=3) for n in (1, 2, 3, 4)]

    assert [page["TotalCount"] for page in pages] == [7] * 4
    assert [len(page["List"]) for page in pages] == [3, 3, 1, 0]
    assert [row for page in pages for row in page["List"]] == whole


def test_a_page_is_500_rows(client: Client) -> None:
    for _ in range(3):
        client.loop(endTime=MIDNIGHT_MS + 180 * DAY_MS)

    assert (client.list()["TotalCount"], len(client.list()["List"])) == (543, 500)
    assert len(client.list(PageNumber=2)["List"]) == 43
    assert len(client.list(PageSize=9999)["List"]) == 500


@pytest.mark.parametrize(
    "params",
    [
        {"EndTime": "tomorrow"},
        {"StartTime": 2, "EndTime": 1},
        {"PageNumber": 0},
        {"PageSize": -1},
        {"PageNumber": "9" * 40},
        {"Type": 4},
    ],
)
def test_a_bad_query(client: Client, params: dict[str, object]) -> None:
    good = {"AppId": "A", "WorkspaceId": "w", "StartTime": 1, "EndTime": 2}

    answer = client.call("QueryPushSchedulerList", **{**good, **params})
    assert answer.body["ResultCode"] == "3028"


def test_executed_rows_stay(client: Client) -> None:
    task_id = client.create()
    client.advance(3599)
    assert client.list()["List"][0]["ExecutedStatus"] == "0"
    client.advance(1)

    assert client.list()["List"][0]["ExecutedStatus"] == "1"
    assert [d["task_id"] for d in client.deliveries()] == [task_id]


def test_cancel_before_it_fires(client: Client) -> None:
    task_id = client.create()

    assert client.cancel(task_id) == {task_id: 1}
    assert client.cancel(task_id) == {task_id: 0}
    assert client.list()["TotalCount"] == 0
    client.advance(7200)
    assert client.deliveries() == []
    client.control("POST", "knobs", {"cancelled_rows": "keep"})
    assert client.list()["List"][0]["ExecutedStatus"] == "2"


def test_cancel_several(client: Client) -> None:
    one, two = client.create(), client.create()
    late = at(client, NOW_MS + 1000)
    client.advance(2)

    assert client.cancel(f"{one}, {two},{late},nothing,{one}") == {
        one: 1,
        two: 1,
        late: 0,
        "nothing": 0,
    }


def test_cancel_belongs_to_the_workspace(client: Client) -> None:
    task_id = client.create(WorkspaceId="other")

    assert client.cancel(task_id) == {task_id: 0}


def test_cancel_one_child(client: Client) -> None:
    parent = client.loop().body["PushResult"]["Data"]
    child = client.list()["List"][0]["UniqueId"]

    assert client.cancel(child) == {child: 0}
    assert client.cancel(parent, Type=1) == {parent: 0}
    assert client.cancel(child, Type=1) == {child: 1}
    assert client.list()["TotalCount"] == 6
    client.advance(1.5 * 86_400)
    assert client.cancel(parent) == {parent: 1}
    assert [row["ExecutedStatus"] for row in client.list()["List"]] == ["1"]
    assert client.tasks()[0]["status"] == "executed"


def test_the_types_may_be_the_other_way_round(client: Client) -> None:
    parent = client.loop().body["PushResult"]["Data"]
    client.control("POST", "knobs", {"cancel_types": "0=child,1=parent"})
    assert client.cancel(parent) == {parent: 0}
    assert client.cancel(parent, Type=1) == {parent: 1}

    other = client.loop().body["PushResult"]["Data"]
    client.control("POST", "knobs", {"cancel_types": "any"})
    child = client.list()["List"][0]["UniqueId"]
    assert client.cancel(f"{child},{other}") == {child: 1, other: 1}
    assert client.list()["TotalCount"] == 0


def test_cancel_refuses(client: Client) -> None:
    def code(**params: object) -> str:
        answer = client.call("CancelPushScheduler", AppId="A", WorkspaceId="w", **params)
        return str(answer.body["ResultCode"])

    task_id = client.create()
    assert code(UniqueIds="") == "3028"
    assert code(UniqueIds=" , ") == "3028"
    assert code(UniqueIds=task_id, Type=2) == "3028"
    assert code(UniqueIds=",".join(str(i) for i in range(31))) == "3028"
    client.control("POST", "knobs", {"cancel_executed": "error"})
    assert code(UniqueIds=f"{task_id},unknown") == "3028"
    assert client.list()["TotalCount"] == 1
