"""The way in. Answers `--version` and shells before anything heavy is imported."""

from __future__ import annotations

import gc
import os
import sys

from pushctl import __version__

VERSION_LINE = f"pushctl {__version__}"


def main() -> None:
    """Run the command line of this process and exit."""
    if sys.argv[1:] == ["--version"]:
        sys.stdout.write(VERSION_LINE + "\n")
        return
    if instruction := os.environ.get("_PUSHCTL_COMPLETE"):
        from pushctl.cli.completions import answer  # noqa: PLC0415  (asked for at every Tab)

        sys.exit(answer(instruction))
    # A command is short-lived and makes no cycles worth collecting; loading is much faster so.
    gc.disable()
    from pushctl.cli.main import run  # noqa: PLC0415  (after the answer that needs none of it)

    run()


if __name__ == "__main__":
    main()
