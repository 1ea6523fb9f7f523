"""What reading a manifest gives: its entries with everything put in, and the manifest itself."""

from __future__ import annotations

from msgspec import Struct, field

from pushctl.diagnostics import Diagnostic, Range
from pushctl.manifest.schedule.parse import Calendars
from pushctl.manifest.schema.models import Manifest, PushEntry
from pushctl.manifest.yaml.positions import Document, Provenance


class ResolvedPush(Struct, frozen=True):
    """One entry after environments, defaults, variables and `for_each`.

    `dimension` is the kind of target, such as `users`; `targets` are distinct and in their order.
    `source` is where the id stands.
    """

    id: str
    entry: PushEntry
    dimension: str
    targets: tuple[str, ...]
    source: Range
    provenance: Provenance

    def locate(self, *path: str | int) -> Range:
        """Return where a value of the entry stands, or its nearest known parent.

        A value that came from `defaults` or an environment is found there.
        """
        return self.provenance.locate(*path)


class Reading(Struct, frozen=True):
    """A manifest as far as it is valid, and what is wrong with the rest.

    `manifest` is None if its own fields are not valid; `pushes` holds the valid entries.
    `calendars` are days by name, `suppressed` the recipients who want no marketing and
    `not_suppressed` the kinds of target that their list cannot name. `digest` is a SHA-256 over the
    names and contents of all `files`. `documents` are the parsed files, the root manifest first.
    """

    manifest: Manifest | None
    pushes: tuple[ResolvedPush, ...]
    diagnostics: tuple[Diagnostic, ...]
    digest: str
    files: tuple[str, ...]
    provenance: Provenance | None
    calendars: Calendars = field(default_factory=dict)
    suppressed: frozenset[str] = frozenset()
    documents: tuple[Document, ...] = ()
    not_suppressed: frozenset[str] = frozenset()

    def locate(self, *path: str | int) -> Range | None:
        """Return where a value of the root manifest stands, or its nearest known parent."""
        return self.provenance.locate(*path) if self.provenance is not None else None
