"""A chain as a Terraform state without resources, which carries the entries under a key of ours."""

from __future__ import annotations

import json

from pushctl.state.chain.log import Stored
from pushctl.state.decoding import FormatError, decoded

Entries = tuple[Stored, ...]
"""The newest entries of a chain, without gaps."""

EMPTY = {"version": 4, "terraform_version": "1.0.0", "outputs": {}, "resources": []}


def encode(entries: Entries) -> bytes:
    """Return the document that ends with the last of the entries; its serial is their slot."""
    slot, lineage = entries[-1].slot, json.loads(entries[-1].body)["lineage"]
    ours = {"entries": [entry.body.decode("ascii") for entry in entries]}
    return json.dumps({**EMPTY, "serial": slot, "lineage": lineage, "pushctl": ours}).encode()


def decode(raw: bytes) -> Entries:
    """Return the entries of a document; raises `FormatError` if it is not one of ours."""
    return decoded("its content", _entries, raw)


def _entries(raw: bytes) -> Entries:
    document = json.loads(raw)
    if "pushctl" not in document or document["resources"] or document["outputs"]:
        raise FormatError("Terraform wrote it")
    bodies = document["pushctl"]["entries"]
    insides = [json.loads(body) for body in bodies]
    first = document["serial"] - len(bodies) + 1
    whole = [inside["slot"] for inside in insides] == [*range(first, first + len(bodies))]
    if not (bodies and whole and insides[-1]["lineage"] == document["lineage"]):
        raise FormatError("its serial or lineage is not that of its entries")
    return tuple(Stored(slot, body.encode("ascii")) for slot, body in enumerate(bodies, first))


def appended(entries: Entries, entry: Stored) -> Entries:
    """Return the entries before an entry, and it, without those that nobody needs any more.

    A serial higher than that of the entry before says that the one before has a snapshot.
    """
    before = tuple(item for item in entries if item.slot < entry.slot)
    if before and json.loads(entry.body)["serial"] > json.loads(before[-1].body)["serial"]:
        before = before[-1:]
    return (*before, entry)
