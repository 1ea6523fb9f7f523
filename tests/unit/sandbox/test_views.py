"""What the control API shows of calls and deliveries."""

from __future__ import annotations

from tests.unit.sandbox.client import Client, push_params


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
