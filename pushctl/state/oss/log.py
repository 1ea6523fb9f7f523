"""Keeps a chain in one appendable object of Alibaba Cloud OSS, an entry a line."""

from __future__ import annotations

import contextlib
import re
from collections.abc import Mapping, Sequence
from dataclasses import astuple
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import Any

import alibabacloud_oss_v2 as oss
from alibabacloud_oss_v2.credentials import Credentials, CredentialsProviderFunc

from pushctl.credentials import WHAT_TO_SET, find_credentials
from pushctl.errors import ConfigError, StateError, StateFormatError
from pushctl.state.chain.log import Done, NotSent, PutOutcome, SlotLog, Stored, Taken, Unknown

ADDRESS = r"oss://([a-z0-9-]{3,63})((?:/[\w.-]+)*)/?\?region=([a-z0-9-]+)(?:&endpoint=(%s))?"
ENDPOINT = r"(?:https://|http://127\.0\.0\.1:)?[\w.:-]+"
NOT_SENT = ("ConnectTimeoutError", "NameResolutionError", "NewConnectionError")
BAD_KEY = ("CredentialsFetchError", "InvalidAccessKeyId", "SignatureDoesNotMatch")
FIXES = dict.fromkeys(BAD_KEY, WHAT_TO_SET) | {
    "AccessDenied": "give the key the permission {}: `pushctl help state/oss` has the policy",
    "FileImmutable": "use a bucket without a retention policy",
    "NoSuchBucket": "create it, or correct the address of the state",
    "ObjectNotAppendable": "bring its former version back, as `pushctl help state/oss` says",
    "RequestTimeTooSkewed": "set the clock of this machine, which is off by over 15 minutes",
}
TRIM = 256 * 1024  # bytes to read in vain before a line is added that says where to begin


class OssLog:
    """The contract is `pushctl.state.chain.log.SlotLog`.

    An entry is appended at the length that the object has without it, where nothing else fits any
    more. Behind it stands with which entry, at which byte, readers of the newest state begin. Where
    only that was added meanwhile, `put` answers `Taken` though the number is free.
    """

    poll = 1.0

    def __init__(self, client: Any, bucket: str, key: str) -> None:
        self.address = f"oss://{bucket}/{key}"
        self._client, self._object = client, {"bucket": bucket, "key": key}
        self._places, self._begin = {1: 0}, (1, 0)

    def read(self, after: int | None) -> Sequence[Stored]:
        """See `SlotLog.read`. The age of the last entry is given to all."""
        slot = after + 1 if after is not None and after + 1 in self._places else 1
        offset = self._places[slot]
        if after is None and (found := re.search(rb"\t(\d+) (\d+)\n$", self._get("-64")[0])):
            slot, offset = self._begin = int(found[1]), int(found[2])
        data, age = self._get(f"{offset}-")
        if data and not data.endswith(b"\n"):
            detail, fix = (
                f"{self.address} ends within a line",
                "`pushctl help state/oss` says how to mend it",
            )
            raise StateFormatError("The state is damaged", detail, fix=fix)
        stored: list[Stored] = []
        for line in data.split(b"\n")[:-1]:
            self._places[slot] = offset
            offset += len(line) + 1
            if body := line.rpartition(b"\t")[0] if b"\t" in line else line:
                stored.append(Stored(slot, body, age))
                slot += 1
        self._places[slot] = offset
        return [item for item in stored if item.slot > (after or 0)]

    def put(self, slot: int, body: bytes) -> PutOutcome:
        """See `SlotLog.put`. Without a body only where to begin is added."""
        if slot not in self._places:
            self.read(0)
        place, line = self._places[slot], body + b"\t%d %d\n" % self._begin
        request = oss.AppendObjectRequest(**self._object, position=place, body=line)
        try:
            self._client.append_object(request)
        except Exception as error:  # whatever it is, the request may have left
            code, reason = self._failed(error, "oss:PutObject")
            if code == "PositionNotEqualToLength":
                return Taken()
            return NotSent(reason) if code in NOT_SENT else Unknown(reason)
        self._places[slot + bool(body)] = place + len(line)
        return Done()

    def trim(self, slot: int) -> None:
        if self._places.get(slot, 0) > self._begin[1] + TRIM:
            self._begin = slot, self._places[slot]
            with contextlib.suppress(StateError):
                self.put(max(tuple(self._places)), b"")

    def _get(self, part: str) -> tuple[bytes, float | None]:
        """Return bytes, if there are any, and for how many seconds at least none were appended."""
        wanted = {"range_header": f"bytes={part}", "range_behavior": "standard"}
        try:
            answer = self._client.get_object(oss.GetObjectRequest(**self._object, **wanted))
            age = parsedate_to_datetime(answer.headers["Date"]) - answer.last_modified
            return answer.body.read(), max(0.0, age.total_seconds() - 1)
        except Exception as error:
            code, reason = self._failed(error, "oss:GetObject")
            if code in ("NoSuchKey", "InvalidRange"):
                return b"", None
            raise StateError("The state cannot be reached", f"{self.address}: {reason}") from error

    def _failed(self, error: Any, permission: str) -> tuple[str, str]:
        """Return a code and a reason; raises `StateError` for what no later attempt can mend."""
        while hasattr(error, "unwrap"):
            error = error.unwrap()
        deleted = "x-oss-delete-marker" in getattr(error, "headers", ())
        code = "ObjectNotAppendable" if deleted else getattr(error, "code", type(error).__name__)
        reason = f"{getattr(error, 'message', 'no answer')} ({code})"
        if code in FIXES:
            fix = FIXES[code].format(permission)
            raise StateError("The state cannot be used", f"{self.address}: {reason}", fix=fix)
        return code, reason


def open_log(address: str, *, suffix: str, folder: Path, environ: Mapping[str, str]) -> SlotLog:
    """Return the chain at oss://BUCKET/PREFIX?region=..., &endpoint=...; raises `ConfigError`."""
    if not (found := re.fullmatch(ADDRESS % ENDPOINT, address)):
        fix = "write oss://BUCKET/PREFIX?region=REGION[&endpoint=HOST]"
        raise ConfigError("The address of the state is not one of OSS", fix=fix)
    source = find_credentials(environ)
    keys = CredentialsProviderFunc(lambda: Credentials(*astuple(source.current())))
    config = oss.Config(found[3], found[4], None, keys, retryer=oss.retry.NopRetryer())
    config.connect_timeout = config.readwrite_timeout = 20
    return OssLog(oss.Client(config), found[1], f"{found[2]}/pushctl{suffix}.log"[1:])
