"""Bodies packed by gzip: those of requests are unpacked, long answers are packed."""

from __future__ import annotations

import gzip
import re
import zlib

from pushctl.sandbox.http.messages import Response

MAX_BODY = 10 * 1024 * 1024  # bytes, unpacked

_WORTHWHILE = 1024  # bytes
_NOT = re.compile(r"q=0(\.0*)?")
_GZIP = 31  # of zlib: a gzip header and trailer


def packed(response: Response, accepted: str) -> Response:
    """Returns a response packed if that is worthwhile and its Accept-Encoding allows it."""
    short = len(response.body) <= _WORTHWHILE
    if short or response.cut is not None or not _accepts_gzip(accepted):
        return response
    body = gzip.compress(response.body, compresslevel=1, mtime=0)
    headers = (("Content-Encoding", "gzip"), ("Vary", "Accept-Encoding"), *response.headers)
    return response._replace(body=body, headers=headers)


def _accepts_gzip(accepted: str) -> bool:
    for item in accepted.lower().replace(" ", "").split(","):
        coding, _, quality = item.partition(";")
        if coding in ("gzip", "x-gzip"):
            return not _NOT.fullmatch(quality)
    return False


def unpacked(body: bytes) -> bytes:
    """Returns what a gzip body holds; raises ValueError if it is none, or more than MAX_BODY."""
    unpacking = zlib.decompressobj(_GZIP)
    try:
        data = unpacking.decompress(body, MAX_BODY + 1)
    except zlib.error as error:
        raise ValueError("the body is not gzip") from error
    if len(data) > MAX_BODY:
        raise ValueError(f"the body is more than {MAX_BODY} bytes, unpacked")
    if not unpacking.eof or unpacking.unused_data:
        raise ValueError("the body is not one whole gzip stream")
    return data
