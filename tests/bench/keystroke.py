"""What the language server does between two keystrokes: it reads what was typed, and checks it."""

from __future__ import annotations

import os
import statistics
import time
from pathlib import Path
from unittest import mock

from pushctl.cli.commands.lsp import check
from pushctl.cli.global_options import GlobalOptions
from pushctl.cli.output import Output

MOST = 0.05
"""Seconds of processor time."""


def measure(folder: Path, times: int = 20) -> float:
    """Return the median seconds of processor time for a change in the manifest of a folder."""
    options = GlobalOptions(folder, "pushctl.yaml", None, Output("never"))
    text = (folder / "pushctl.yaml").read_bytes()
    taken = []
    with mock.patch.dict(os.environ, {"PUSHCTL_ENDPOINT": "sandbox"}):
        for number in range(times + 1):
            typed = text.replace(b"Title 1\n", b"Title 1 %d\n" % number)
            began = time.process_time()
            checked = check(options, folder, {"pushctl.yaml": typed})
            taken.append(time.process_time() - began)
            assert checked.pushes["push-1"].message.title == f"Title 1 {number}"
    return statistics.median(taken[1:])  # the first one loads what is needed
