"""A chain of entries in a bucket: an object for each, which is created once and never changed."""

from __future__ import annotations

import contextlib
import re
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl, urlsplit

import obstore
from obstore.exceptions import BaseError
from obstore.store import S3Store

from pushctl.errors import ConfigError, StateError, StateFormatError
from pushctl.state.chain.log import Done, NotSent, PutOutcome, Stored, Taken, Unknown

if TYPE_CHECKING:
    from obstore import ObjectMeta
    from obstore.store import S3Config

FORM = "s3://BUCKET/PREFIX?region=REGION&endpoint=https://HOST&path_style=true"
LOCATION = re.compile(r"[\w.-]+(/\w[\w.-]*)*", re.ASCII)
ENDPOINT = re.compile(r"(https?://[\w.:\[\]-]+(/[\w./-]*)?)?", re.ASCII)
STATUS = re.compile(r"non-2xx status code: (\d{3})")
CODE = re.compile(r"<Code>(\w{1,64})")

PASSING = {408, 409, 412, 425, 429}
"""The answers from 400 to 499 after which another attempt may succeed."""


class S3Log:
    """The contract is `pushctl.state.chain.log.SlotLog`.

    Every object is created on the condition that there is none: `log/` holds the entries,
    `snapshots/` an empty object for each number that `trim` was told.
    """

    poll = 1.0

    def __init__(self, store: S3Store, address: str) -> None:
        """Use what is in a store; `address` is for people."""
        self._store, self.address = store, address

    def read(self, after: int | None) -> Sequence[Stored]:
        """See `SlotLog.read`."""
        try:
            trimmed = 0 if after else max(self._listed("snapshots", 0), default=0)
            start = max(trimmed, 1) if after is None else after + 1
            listed = self._listed("log", start - 1)
            if after == 0 and min(listed, default=1) <= trimmed:  # the oldest may be deleted
                start = min(listed, default=1)
            end = max(trimmed, *listed, start - 1) + 1
            for expected, slot in enumerate([*listed, end], start):
                if slot != expected:
                    raise self._damaged(f"entries {expected} to {slot - 1} are missing")
            with ThreadPoolExecutor(16) as pool:
                return list(pool.map(self._entry, listed, listed.values()))
        except (BaseError, OSError) as error:
            raise self._failed("The state cannot be read", _answer(error)[1]) from error

    def put(self, slot: int, body: bytes) -> PutOutcome:
        """See `SlotLog.put`."""
        try:
            self._create(f"log/{slot:012}", body)
        except (BaseError, OSError) as error:
            status, reason = _answer(error)
            if status == 412:
                return Taken()
            if status in (301, 501) or (400 <= status < 500 and status not in PASSING):
                raise self._failed("The state cannot be written", reason) from error
            return Unknown(reason) if status else NotSent(reason)
        return Done()

    def trim(self, slot: int) -> None:
        """See `SlotLog.trim`."""
        with contextlib.suppress(BaseError, OSError):
            self._create(f"snapshots/{slot:012}", b"")

    def _create(self, path: str, body: bytes) -> None:
        obstore.put(self._store, path, body, mode="create", use_multipart=False)

    def _listed(self, folder: str, after: int) -> dict[int, ObjectMeta]:
        found = obstore.list(self._store, folder, offset=f"{folder}/{after:012}").collect()
        if odd := [item["path"] for item in found if not re.search(r"/\d{12}$", item["path"])]:
            raise self._damaged(f"{odd[0]} is not an entry")
        return {int(item["path"][-12:]): item for item in sorted(found, key=lambda i: i["path"])}

    def _entry(self, slot: int, listed: ObjectMeta) -> Stored:
        for _ in range(2):
            body = obstore.get(self._store, listed["path"]).bytes()
            if len(body) == listed["size"]:
                return Stored(slot, bytes(body))
        raise self._damaged(f"entry {slot} has {len(body)} bytes and not {listed['size']}")

    def _damaged(self, what: str) -> StateFormatError:
        fix = "bring the objects back, from their earlier versions or from a copy of the bucket"
        return StateFormatError("The state is damaged", f"{self.address}: {what}", fix=fix)

    def _failed(self, summary: str, reason: str) -> StateError:
        fix = "look at credentials and their permissions, bucket, region and endpoint"
        return StateError(summary, f"{self.address}: {reason}", fix=fix)


def _answer(error: Exception) -> tuple[int, str]:
    """Return the HTTP status, 1 if it is not known, 0 if nothing was sent; and the reason."""
    text = str(error)
    if re.match(r".*performing \w+ \S+/latest/(api/token|meta-data/iam/)", text):
        return 0, "there are no credentials"
    if "incorrectly configured region" in text:
        return 301, "the bucket is in another region"
    if found := STATUS.search(text):
        code = CODE.search(text)
        passing = code is not None and code[1] == "RequestTimeout"
        return 408 if passing else int(found[1]), f"{found[1]} {code[1] if code else ''}".strip()
    return (
        (0, "it cannot be reached")
        if "kind: Connect," in text
        else (1, "no answer that makes sense")
    )


def open_log(address: str, *, suffix: str, folder: Path, environ: Mapping[str, str]) -> S3Log:
    """Return the chain at an address like `FORM`; raises `ConfigError`."""
    parts = urlsplit(address)
    options = dict(parse_qsl(parts.query, keep_blank_values=True))
    location = parts.netloc + parts.path.rstrip("/")
    endpoint = options.pop("endpoint", environ.get("AWS_ENDPOINT_URL_S3", ""))
    region, style = options.pop("region", ""), options.pop("path_style", "true")
    known = not options and not parts.fragment and style in ("true", "false")
    if not (known and LOCATION.fullmatch(location) and ENDPOINT.fullmatch(endpoint)):
        raise ConfigError("The address of the state cannot be understood", f"expected {FORM}")
    config: S3Config = {
        "conditional_put": "etag",
        "virtual_hosted_style_request": style == "false",
        **({"region": region} if region else {}),
        **({"aws_endpoint_url_s3": endpoint} if endpoint else {}),
    }
    store = S3Store(
        parts.netloc,
        prefix=f"{parts.path.strip('/')}/pushctl{suffix}".lstrip("/"),
        config=config,
        client_options={"allow_http": endpoint.startswith("http:"), "timeout": "20s"},
        retry_config={"max_retries": 0},
    )
    return S3Log(store, f"s3://{location}/pushctl{suffix}")
