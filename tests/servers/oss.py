"""A server with the objects of Alibaba Cloud OSS in memory, written from its documentation.

Path-style addresses, AppendObject, PutObject, GetObject, HeadObject, DeleteObject, ListObjectsV2,
signatures of version 4. It can deny, lose answers, and have versions. `test_oss.py` lets the
vendor's client judge it.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import re
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from functools import reduce
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl, quote, unquote, urlsplit
from xml.sax.saxutils import escape

BUCKET, REGION, KEY_ID, SECRET = "team-state", "cn-hangzhou", "test-key", "test-secret-of-the-key"

STATUS = {
    "AccessDenied": (403, "You have no right to access this object."),
    "FileAlreadyExists": (409, "The object you specified already exists."),
    "FileImmutable": (409, "The object you specified is immutable."),
    "InvalidAccessKeyId": (403, "The OSS Access Key Id you provided does not exist."),
    "InvalidArgument": (400, "The position is not valid."),
    "InvalidRange": (416, "The requested range cannot be satisfied."),
    "InvalidSecurityToken": (403, "The security token you provided is invalid."),
    "NoSuchBucket": (404, "The specified bucket does not exist."),
    "NoSuchKey": (404, "The specified key does not exist."),
    "ObjectNotAppendable": (409, "The object is not appendable."),
    "PositionNotEqualToLength": (409, "Position is not equal to file length."),
    "RequestTimeTooSkewed": (403, "The difference to the current time is too large."),
    "ServiceUnavailable": (503, "Please reduce your request rate."),
    "SignatureDoesNotMatch": (403, "The signature does not match the one that was worked out."),
}


@dataclass
class Stored:
    """One version of an object; `kind` is Appendable, Normal or, for a delete marker, empty."""

    kind: str
    data: bytes
    modified: datetime


@dataclass(frozen=True)
class Request:
    method: str
    bucket: str
    key: str
    query: Mapping[str, str]
    headers: Mapping[str, str]
    body: bytes
    raw_query: str


@dataclass
class Answer:
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    body: bytes = b""


class Refused(Exception):
    def __init__(self, code: str, key_id: str = "", **headers: str) -> None:
        super().__init__(code)
        self.code, self.key_id = code, key_id
        self.headers = {name.replace("_", "-"): value for name, value in headers.items()}


Fault = str
"""What goes wrong with one request: `before` and `after` it is carried out there is no answer,
`late` keeps it in `held` and gives no answer, `cut` breaks the answer off, `refuse` answers 503
without, and `stumble` with, carrying it out."""


@dataclass
class Oss:
    """The service, with one bucket.

    `faults` are for the next requests with a method, one each. `denied` are permissions that the
    key does not have, `token` is the one that belongs to the key. `sent` is how many bytes the
    answers had.
    """

    versioning: bool = False
    retention: bool = False
    denied: set[str] = field(default_factory=set)
    faults: dict[str, list[Fault]] = field(default_factory=dict)
    ahead: timedelta = timedelta()
    token: str = ""
    port: int = 0
    versions: dict[str, list[Stored]] = field(default_factory=dict)
    requests: list[str] = field(default_factory=list)
    sent: list[int] = field(default_factory=list)
    held: list[Request] = field(default_factory=list)
    mutex: Any = field(default_factory=threading.Lock)

    @property
    def endpoint(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def now(self) -> datetime:
        return datetime.now(UTC) + self.ahead

    def current(self, key: str) -> Stored | None:
        versions = self.versions.get(key)
        return versions[-1] if versions else None

    def store(self, key: str, made: Stored) -> None:
        """Make a version the current one; without versioning it replaces the one before."""
        kept = self.versions.get(key, []) if self.versioning else []
        self.versions[key] = [*kept, made]

    def carry_out(self, request: Request) -> Answer:
        self.check_signature(request)
        if request.bucket != BUCKET:
            raise Refused("NoSuchBucket")
        with self.mutex:
            match request.method:
                case "GET" if not request.key:
                    return self.list(request)
                case "GET" | "HEAD":
                    return self.get(request)
                case "POST" if "append" in request.query:
                    return self.append(request)
                case "PUT":
                    return self.put(request)
                case "DELETE":
                    return self.delete(request)
        raise AssertionError(f"{request.method} is not expected")

    def allow(self, permission: str) -> None:
        if permission in self.denied:
            raise Refused("AccessDenied")

    # --- operations -------------------------------------------------------------------------------

    def append(self, request: Request) -> Answer:
        self.allow("oss:PutObject")
        if not request.query.get("position", "").isdigit():
            raise Refused("InvalidArgument")
        position, found = int(request.query["position"]), self.current(request.key)
        if found is not None and found.kind == "Normal":
            raise Refused("ObjectNotAppendable")
        data = found.data if found else b""
        if position != len(data):
            length = str(len(data))
            raise Refused("PositionNotEqualToLength", x_oss_next_append_position=length)
        if self.retention and found:
            raise Refused("FileImmutable")
        if found and found.kind:  # no version is made
            found.data, found.modified = data + request.body, self.now()
        else:
            self.store(request.key, Stored("Appendable", request.body, self.now()))
        return Answer(headers={"x-oss-next-append-position": str(position + len(request.body))})

    def put(self, request: Request) -> Answer:
        self.allow("oss:PutObject")
        kept = request.headers.get("x-oss-forbid-overwrite") == "true" and not self.versioning
        if kept and self.current(request.key):
            raise Refused("FileAlreadyExists")
        self.store(request.key, Stored("Normal", request.body, self.now()))
        return Answer()

    def delete(self, request: Request) -> Answer:
        self.allow("oss:DeleteObject")
        if self.versioning:
            self.store(request.key, Stored("", b"", self.now()))
        else:
            self.versions.pop(request.key, None)
        return Answer(204)

    def get(self, request: Request) -> Answer:
        self.allow("oss:GetObject")
        found = self.current(request.key)
        if found is None:
            raise Refused("NoSuchKey")
        if not found.kind:
            raise Refused("NoSuchKey", x_oss_delete_marker="true")
        headers = {
            "Last-Modified": format_datetime(found.modified, usegmt=True),
            "x-oss-object-type": found.kind,
        }
        if found.kind == "Appendable":
            headers["x-oss-next-append-position"] = str(len(found.data))
        part = self.part(request.headers, len(found.data))
        if part is None:
            return Answer(200, headers, found.data)
        headers["Content-Range"] = f"bytes {part[0]}-{part[1] - 1}/{len(found.data)}"
        return Answer(206, headers, found.data[slice(*part)])

    @staticmethod
    def part(headers: Mapping[str, str], length: int) -> tuple[int, int] | None:
        """Return which bytes are meant; None for all of them, as where a range is not there."""
        found = re.fullmatch(r"bytes=(\d*)-(\d*)", headers.get("range", ""))
        if found is None:
            return None
        if not found[1]:
            begin, end = max(0, length - int(found[2])), length
            there = int(found[2]) <= length
        else:
            begin = int(found[1])
            end = int(found[2]) + 1 if found[2] else length
            there = end <= length
        standard = headers.get("x-oss-range-behavior") == "standard"
        if standard and begin >= length:
            raise Refused("InvalidRange")
        return (begin, min(end, length)) if (standard or there) and begin < length else None

    def list(self, request: Request) -> Answer:
        self.allow("oss:ListObjects")
        query = request.query
        after = query.get("continuation-token") or query.get("start-after", "")
        keys = sorted(
            key
            for key in self.versions
            if key.startswith(query.get("prefix", ""))
            and key > after
            and self.versions[key][-1].kind
        )
        most = int(query.get("max-keys", 100))
        shown, more = keys[:most], len(keys) > most
        rows = "".join(f"<Contents><Key>{escape(key)}</Key></Contents>" for key in shown)
        token = (
            f"<NextContinuationToken>{escape(shown[-1])}</NextContinuationToken>" if more else ""
        )
        truncated = f"<IsTruncated>{str(more).lower()}</IsTruncated>"
        body = f"<ListBucketResult>{truncated}{token}{rows}</ListBucketResult>"
        return Answer(headers={"Content-Type": "application/xml"}, body=body.encode())

    # --- signatures -------------------------------------------------------------------------------

    def check_signature(self, request: Request) -> None:
        """Check it as the page "Signature version 4" describes it."""
        given = request.headers.get("authorization", "")
        found = re.fullmatch(
            r"OSS4-HMAC-SHA256 Credential=(.+)/(\d{8})/([\w-]+)/oss/aliyun_v4_request"
            r"(?:,AdditionalHeaders=([\w;-]+))?,Signature=(\w{64})",
            given,
        )
        if found is None:
            raise Refused("AccessDenied")
        key_id, day, region, more, signature = found.groups()
        if key_id != KEY_ID:
            raise Refused("InvalidAccessKeyId", key_id)
        if request.headers.get("x-oss-security-token", "") != self.token:
            raise Refused("InvalidSecurityToken")
        sent = request.headers["x-oss-date"]
        when = datetime.strptime(sent, "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC)
        if abs(self.now() - when) > timedelta(minutes=15):
            raise Refused("RequestTimeTooSkewed")
        scope = f"{day}/{region}/oss/aliyun_v4_request"
        digest = hashlib.sha256(self.canonical(request, more or "").encode()).hexdigest()
        text = f"OSS4-HMAC-SHA256\n{sent}\n{scope}\n{digest}"
        expected = reduce(_hmac, [*scope.split("/"), text], f"aliyun_v4{SECRET}".encode()).hex()
        if region != REGION or not hmac.compare_digest(signature, expected):
            raise Refused("SignatureDoesNotMatch", key_id)

    @staticmethod
    def canonical(request: Request, more: str) -> str:
        names = sorted(
            name
            for name in request.headers
            if name.startswith("x-oss-")
            or name in ("content-type", "content-md5", *more.split(";"))
        )
        path = quote(f"/{request.bucket}/{request.key}", safe="/")
        query = "&".join(
            f"{name}={value}" if value else name
            for name, _, value in sorted(
                item.partition("=") for item in request.raw_query.split("&") if item
            )
        )
        headers = "".join(f"{name}:{request.headers[name].strip()}\n" for name in names)
        payload = request.headers["x-oss-content-sha256"]
        return "\n".join((request.method, path, query, headers, more, payload))


def _hmac(key: bytes, text: str) -> bytes:
    return hmac.new(key, text.encode(), hashlib.sha256).digest()


def _refusal(refused: Refused) -> Answer:
    status, message = STATUS[refused.code]
    body = (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        f"<Error><Code>{refused.code}</Code><Message>{message}</Message>"
        "<RequestId>5C3D9175B6FC201293AD4A01</RequestId><HostId>127.0.0.1</HostId>"
        f"<OSSAccessKeyId>{refused.key_id}</OSSAccessKeyId></Error>"
    )
    headers = {"Content-Type": "application/xml", **refused.headers}
    return Answer(status, headers, body.encode())


@contextmanager
def running(**settings: Any) -> Iterator[Oss]:
    """Run the service, with `settings` as in `Oss`, for as long as the block lasts."""
    oss = Oss(**settings)

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        disable_nagle_algorithm = True

        def handle_any(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            faults = oss.faults.get(self.command)
            fault = faults.pop(0) if faults else ""
            oss.requests.append(f"{self.command} {self.path}")
            request = self.request_of(body)
            oss.held += [request] if fault == "late" else []
            if fault in ("before", "late"):
                return self.hang_up()
            try:
                answer = oss.carry_out(request) if fault != "refuse" else Answer()
                if fault in ("refuse", "stumble"):
                    raise Refused("ServiceUnavailable")
            except Refused as refused:
                answer = _refusal(refused)
            if fault == "after":
                return self.hang_up()
            return self.send(answer, cut=fault == "cut")

        do_GET = do_HEAD = do_POST = do_PUT = do_DELETE = handle_any

        def request_of(self, body: bytes) -> Request:
            parts = urlsplit(self.path)
            bucket, _, key = unquote(parts.path[1:]).partition("/")
            query = dict(parse_qsl(parts.query, keep_blank_values=True))
            headers = {name.lower(): value for name, value in self.headers.items()}
            return Request(self.command, bucket, key, query, headers, body, parts.query)

        def send(self, answer: Answer, *, cut: bool) -> None:
            self.send_response_only(answer.status)
            head = self.command == "HEAD"
            if head and answer.status >= 400:
                answer.headers["x-oss-err"] = base64.b64encode(answer.body).decode()
            length = str(len(answer.body))
            oss.sent.append(len(answer.body))
            date = format_datetime(oss.now(), usegmt=True)
            for name, value in {**answer.headers, "Date": date, "Content-Length": length}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(b"" if head else answer.body[: -9 if cut else None])
            self.close_connection = self.close_connection or cut

        def hang_up(self) -> None:
            self.close_connection = True

        def log_message(self, *arguments: object) -> None:
            pass

    class Server(ThreadingHTTPServer):
        daemon_threads = True
        request_queue_size = 64

    server = Server(("127.0.0.1", 0), Handler)
    oss.port = server.server_address[1]
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield oss
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
