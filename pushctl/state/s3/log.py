"""A chain of entries in a bucket: an object for each, which is created once and never changed."""

from __future__ import annotations

import contextlib
import re
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from urllib.parse import parse_qsl, urlsplit

import obstore
from obstore.exceptions import BaseError
from obstore.store import S3Store

from pushctl.errors import ConfigError, StateError, StateFormatError
from pushctl.state.chain.log import Done, NotSent, PutOutcome, Stored, Taken, Unknown
from pushctl.text.regex import regex

FORM = "s3://BUCKET/PREFIX?region=REGION&endpoint=https://HOST&path_style=true"
FORMAT = r"[\w.-]+(/\w[\w.-]*)* [\w-]+ https?://[\w.:\[\]-]+(/[\w./-]*)?"
STATUS = regex(r"non-2xx status code: (\d{3})")
CODE = regex(r"<Code>(\w{1,64})")
FINAL = {301, 400, 401, 403, 404, 405, 411, 413, 501}  # no later attempt changes them


class S3Log:
    """The contract is `SlotLog`. Objects are created where there is none, and nothing else: the
    entries in `log/`, and an empty one in `snapshots/` for each number that `trim` was told."""

    poll = 1.0

    def __init__(self, store: S3Store, address: str) -> None:
        self._store, self.address = store, address

    def read(self, after: int | None) -> Sequence[Stored]:
        try:
            trimmed = 0 if after else max(self._sizes("snapshots", 0), default=0)
            start = max(trimmed, 1) if after is None else after + 1
            sizes = self._sizes("log", start - 1)
            first = min(sizes, default=start)
            if after == 0 and first <= trimmed:  # what nobody needs any more may be deleted
                start = first
            end = max(trimmed, start - 1, *sizes) + 1
            for expected, slot in enumerate([*sizes, end], start):
                if slot != expected:
                    raise self._damaged(f"entries {expected} to {slot - 1} are missing")
            with ThreadPoolExecutor(16) as pool:
                return list(pool.map(self._entry, sizes, sizes.values()))
        except (BaseError, OSError) as error:
            raise self._failed("read", _answer(error)[1]) from error

    def put(self, slot: int, body: bytes) -> PutOutcome:
        try:
            self._create(f"log/{slot:012}", body)
        except (BaseError, OSError) as error:
            status, reason = _answer(error)
            if status in FINAL and "RequestTimeout" not in reason:
                raise self._failed("written", reason) from error
            return Taken() if status == 412 else Unknown(reason) if status else NotSent(reason)
        return Done()

    def trim(self, slot: int) -> None:
        with contextlib.suppress(BaseError, OSError):
            self._create(f"snapshots/{slot:012}", b"")

    def _create(self, path: str, body: bytes) -> None:
        obstore.put(self._store, path, body, mode="create", use_multipart=False)

    def _sizes(self, folder: str, after: int) -> dict[int, int]:
        rows = obstore.list(self._store, folder, offset=f"{folder}/{after:012}").collect()
        for row in rows:
            if not re.fullmatch(rf"{folder}/[0-9]{{12}}", row["path"]):
                raise self._damaged(f"{row['path']} is not an entry")
        return dict(sorted((int(row["path"][-12:]), row["size"]) for row in rows))

    def _entry(self, slot: int, size: int) -> Stored:
        for _ in range(2):
            body = bytes(obstore.get(self._store, f"log/{slot:012}").bytes())
            if len(body) == size:
                return Stored(slot, body)
        raise self._damaged(f"entry {slot} has {len(body)} bytes and not {size}")

    def _damaged(self, what: str) -> StateFormatError:
        fix = "bring the objects back, from their earlier versions or from a copy of the bucket"
        return StateFormatError("The state is damaged", f"{self.address}: {what}", fix=fix)

    def _failed(self, verb: str, reason: str) -> StateError:
        fix = "look at the credentials, their permissions, the bucket, the region and the endpoint"
        return StateError(f"The state cannot be {verb}", f"{self.address}: {reason}", fix=fix)


def _answer(error: Exception) -> tuple[int, str]:
    """Return the HTTP status, 1 if it is not known, 0 if nothing was sent; and the reason."""
    text = str(error)
    if re.match(r".*performing \w+ \S+/latest/(api/token|meta-data/iam/)", text):
        return 0, "there are no credentials"
    if found := STATUS.search(text):
        code = CODE.search(text)
        return int(found[1]), f"{found[1]} {code[1]}" if code else found[1]
    if "incorrectly configured region" in text:
        return 301, "the bucket is in another region"
    return (0, "it cannot be reached") if "kind: Connect," in text else (1, "no usable answer")


def open_log(address: str, *, suffix: str, folder: Path, environ: Mapping[str, str]) -> S3Log:
    """Return the chain at an address like `FORM`; raises `ConfigError`."""
    parts = urlsplit(address)
    options = dict(parse_qsl(parts.query, keep_blank_values=True))
    place, style = parts.netloc + parts.path.rstrip("/"), options.pop("path_style", "true")
    region = options.pop("region", environ.get("AWS_REGION") or "us-east-1")
    endpoint = options.pop("endpoint", environ.get("AWS_ENDPOINT_URL_S3"))
    endpoint = endpoint or f"https://s3.{region}.amazonaws.com"
    known = not options and not parts.fragment and style in ("true", "false")
    if not known or not re.fullmatch(FORMAT, f"{place} {region} {endpoint}", re.ASCII):
        raise ConfigError("The address of the state cannot be understood", f"expected {FORM}")
    if style == "false":
        endpoint = endpoint.replace("://", f"://{parts.netloc}.", 1)
    store = S3Store(
        parts.netloc,
        prefix=f"{place}/pushctl{suffix}".partition("/")[2],
        region=region,
        aws_endpoint_url_s3=endpoint,
        virtual_hosted_style_request=style == "false",
        conditional_put="etag",
        client_options={"allow_http": endpoint.startswith("http:"), "timeout": "20s"},
        retry_config={"max_retries": 0},
    )
    return S3Log(store, f"s3://{place}/pushctl{suffix}")
