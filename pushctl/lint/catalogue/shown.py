"""How the examples of the catalogue are put together: only what they are about is written out."""

from __future__ import annotations

from collections.abc import Mapping

from pushctl.lint.catalogue.rule import MOMENT, Example

USUAL = {
    "owner": "owner: crm@acme.example",
    "schedule": "schedule: {at: 2026-12-24T20:00}",
    "to": "to: {users: [user1024]}",
    "message": "message: {title: Flash sale, body: Until midnight.}",
}


def entry(
    *lines: str,
    head: str = "",
    id: str = "flash-sale",
    files: Mapping[str, str] | None = None,
    before: str | None = None,
    now: str = MOMENT,
    offline: bool = True,
) -> Example:
    """Return an example of one push: the usual fields, but for those that `lines` bring.

    `head` stands above `pushes:`. The rest are the fields of `Example`.
    """
    text = written(*lines, head=head, id=id)
    return Example(text, files or {}, before=before, now=now, offline=offline)


def written(*lines: str, head: str = "", id: str = "flash-sale") -> str:
    """Return the text of such an example; the usual fields come first, in their order."""
    fields = {name: [line] for name, line in USUAL.items()}
    name = ""
    for line in lines:
        if not line.startswith(" "):
            name = line.split(":")[0]
            fields[name] = []
        fields[name].append(line)
    body = "".join(f"    {line}\n" for field in fields.values() for line in field)
    return f"{head}pushes:\n  {id}:\n{body}"
