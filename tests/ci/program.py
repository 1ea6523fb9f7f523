"""pushctl, with a stand-in for options of `plan` that it does not have yet."""

from __future__ import annotations

import re
import sys
from pathlib import Path

from pushctl.__main__ import main
from pushctl.cli.commands.plan import command

known = {name for parameter in command.params for name in parameter.opts}
for option in ("--markdown", "--base"):
    for word in [word for word in sys.argv if word.startswith(option + "=")]:
        if option not in known:
            sys.argv.remove(word)
            if option == "--markdown":
                env = next(
                    (re.sub("--env=", "", w) for w in sys.argv if w.startswith("--env=")), ""
                )
                page = f"<!-- pushctl:plan env={env} -->\n### pushctl plan\n"
                Path(word.partition("=")[2]).write_text(page)
main()
