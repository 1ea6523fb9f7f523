"""Adds the project's addresses to what is built, where the build says which repository it is."""

from __future__ import annotations

import os
from typing import Any

from hatchling.metadata.plugin.interface import MetadataHookInterface


class ProjectUrls(MetadataHookInterface):
    """Sets `urls` from the variable PUSHCTL_PROJECT_URL; without it there are none."""

    def update(self, metadata: dict[str, Any]) -> None:
        """Add the addresses to the metadata."""
        home = os.environ.get("PUSHCTL_PROJECT_URL", "").rstrip("/")
        pages = {"Repository": "", "Issues": "/issues", "Releases": "/releases"}
        metadata["urls"] = {name: home + path for name, path in pages.items()} if home else {}
