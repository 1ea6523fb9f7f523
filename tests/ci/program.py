"""pushctl, minus `plan --base`, which it does not have yet."""

from __future__ import annotations

import sys

from pushctl.__main__ import main
from pushctl.cli.commands.plan import command

if "--base" not in {name for parameter in command.params for name in parameter.opts}:
    sys.argv = [word for word in sys.argv if not word.startswith("--base=")]
main()
