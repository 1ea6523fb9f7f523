"""`bare_loop.py HOST:PORT CALLS AT_ONCE`: make calls, with a synced line before and after each."""

from __future__ import annotations

import http.client
import json
import os
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from urllib.parse import urlencode

ADDRESS, CALLS, AT_ONCE = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
AT = 1_796_212_800_000
HEADERS = {"Content-Type": "application/x-www-form-urlencoded"}
JOURNAL = os.open("journal", os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
LOCK, OWN = threading.Lock(), threading.local()


def note(line: str) -> None:
    with LOCK:
        os.write(JOURNAL, line.encode() + b"\n")
        os.fdatasync(JOURNAL)


def call(number: int) -> None:
    if not hasattr(OWN, "connection"):
        OWN.connection = http.client.HTTPConnection(ADDRESS)
    note(f"intent {number}")
    body = {
        "Format": "JSON", "AccessKeyId": "test", "Signature": "x",
        "Action": "PushSimple", "Version": "2020-10-28",
        "AppId": "ONEX0000000000000", "WorkspaceId": "test", "DeliveryType": 3, "PushStyle": 0,
        "TaskName": f"push-{number}", "Title": f"Title {number}", "Content": f"Body {number}",
        "ExpiredSeconds": 600, "StrategyType": 1,
        "StrategyContent": json.dumps({"fixedTime": AT}),
        "TargetMsgkey": json.dumps({f"u{number}": f"key-{number}"}),
    }  # fmt: skip
    OWN.connection.request("POST", "/", urlencode(body), HEADERS)
    answer = json.loads(OWN.connection.getresponse().read())
    note(f"created {number} {answer['PushResult']['Data']}")


with ThreadPoolExecutor(AT_ONCE) as pool:
    list(pool.map(call, range(CALLS)))
