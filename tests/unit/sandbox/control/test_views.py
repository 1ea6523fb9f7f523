"""What the control API shows of calls and deliveries."""

from __future__ import annotations

from tests.unit.sandbox.client import NOW, NOW_MS, Client, push_params


def test_the_request_log_shows_parameters_and_no_secrets(client: Client) -> None:
    client.call(
        "PushSimple",
        **push_params(),
        SecurityToken="hush-token",
        SignatureNonce="hush-nonce",
        AccessKeySecret="hush-secret",
    )

    (entry,) = client.control("GET", "requests?limit=5")["requests"]
    assert entry["op"] == "PushSimple"
    assert (entry["status"], entry["code"], entry["done"]) == (200, "OK", True)
    assert entry["params"]["TargetMsgkey"] == {"u1": "k1"}
    assert entry.items() >= {"id": 1, "at": NOW, "at_ms": NOW_MS}.items()
    assert "entry" not in entry
    assert "hush" not in str(entry)
    assert "Signature" not in str(entry)


def test_the_request_log_is_newest_last(client: Client) -> None:
    for name in ("a", "b", "c"):
        client.push(TaskName=name)

    shown = client.control("GET", "requests?limit=2")["requests"]
    assert [entry["params"]["TaskName"] for entry in shown] == ["b", "c"]
    client.control("GET", "requests?limit=-1", status=400)


def test_deliveries_name_their_parent_and_child(client: Client) -> None:
    parent = client.loop().body["PushResult"]["Data"]
    client.advance(86_400)

    (delivery,) = client.deliveries()
    child = client.tasks()[0]["occurrences"][0]
    assert (delivery["task_id"], delivery["occurrence_id"]) == (parent, child["id"])
    assert delivery["task_name"] == "t"
    assert delivery["payload"]["StrategyContent"]["time"] == "12:00:00"
    assert child["status"] == "executed"
    assert client.control("GET", f"deliveries?after={delivery['id']}") == {"deliveries": []}


def test_a_task_in_full(client: Client) -> None:
    id = client.create(TargetMsgkey={"u1": "k1", "u2": "k2"})
    (task,) = client.tasks()
    (occurrence,) = task.pop("occurrences")
    params = task.pop("params")
    assert task == {
        "id": id,
        "name": "t",
        "app": "A",
        "workspace": "w",
        "title": "Title",
        "content": "Content",
        "delivery_type": 3,
        "strategy_type": 1,
        "kind": "simple",
        "status": "waiting",
        "create_type": 0,
        "created_by": "api",
        "created": NOW,
        "created_ms": NOW_MS,
        "targets": {"u1": "k1", "u2": "k2"},
    }
    assert occurrence == {
        "id": occurrence["id"],
        "at": "2026-12-01T11:00:00+08:00",
        "at_ms": NOW_MS + 3_600_000,
        "status": "waiting",
    }
    assert params["StrategyContent"] == {"fixedTime": NOW_MS + 3_600_000}


def test_a_task_is_executed_once_nothing_waits_and_something_went_out(client: Client) -> None:
    executed, cancelled, both = client.create(), client.create(), client.loop()
    client.cancel(cancelled)
    client.advance(86_400)
    states = {task["id"]: task["status"] for task in client.tasks()}
    loop = both.body["PushResult"]["Data"]
    assert states == {executed: "executed", cancelled: "cancelled", loop: "waiting"}
    client.cancel(loop)
    (task,) = (task for task in client.tasks() if task["id"] == loop)
    assert [item["status"] for item in task["occurrences"]] == ["executed"] + ["cancelled"] * 6
    assert task["status"] == "executed"


def test_deliveries_go_on_after_the_last_one_that_is_known(client: Client) -> None:
    client.push(TargetMsgkey={"u1": "k1", "u2": "k2"})
    client.push(TargetMsgkey={"u3": "k3"})
    first, second, third = client.deliveries()
    page = client.control("GET", f"deliveries?after={first['id']}&limit=1")["deliveries"]
    assert page == [second]
    assert [item["message_key"] for item in (first, second, third)] == ["k1", "k2", "k3"]
    assert (first["at"], first["due_ms"], first["revoked"]) == (NOW, NOW_MS, None)


def test_times_are_shown_in_the_zone_of_the_service(client: Client) -> None:
    client.control("POST", "knobs", {"service_timezone": "UTC"})
    client.create()
    assert client.control("GET", "clock") == {
        "now": "2026-12-01T02:00:00+00:00",
        "epoch": NOW_MS // 1000,
        "frozen": True,
        "speed": 0.0,
    }
    assert client.tasks()[0]["created"] == "2026-12-01T02:00:00+00:00"


def test_tasks_by_pages_are_newest_first(client: Client) -> None:
    waiting, cancelled, executed = client.create(), client.create(), client.create()
    client.cancel(cancelled)
    loop = client.loop().body["PushResult"]["Data"]
    client.advance(1)
    pages, before = [], ""
    while before is not None:
        page = client.control("GET", f"tasks?limit=3&before={before}")
        pages.append([task["id"] for task in page["tasks"]])
        before = page["next"]
    assert pages == [[loop, executed, cancelled], [waiting]]
    (one,) = client.control("GET", f"tasks?id={loop}")["tasks"]
    assert one == client.tasks()[-1]
    client.advance(86_400)
    for status in ("waiting", "executed", "cancelled"):
        found = client.control("GET", f"tasks?status={status}")["tasks"]
        every = [task["id"] for task in client.tasks() if task["status"] == status]
        assert [task["id"] for task in found] == every[::-1]
        assert every
    client.control("GET", "tasks?status=lost", status=400)


def test_requests_go_back_page_by_page(client: Client) -> None:
    for name in ("a", "b", "c"):
        client.push(TaskName=name)
    newest = client.control("GET", "requests?limit=2")["requests"]
    older = client.control("GET", f"requests?limit=2&before={newest[0]['id']}")["requests"]
    shown = [[call["params"]["TaskName"] for call in page] for page in (newest, older)]
    assert shown == [["b", "c"], ["a"]]
