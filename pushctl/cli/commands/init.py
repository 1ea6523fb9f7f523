"""`pushctl init`: a manifest to start from, with completion in editors."""

from __future__ import annotations

from pathlib import Path

import click

from pushctl.cli.invocation import Invocation
from pushctl.errors import ConfigError
from pushctl.render.escape import terminal

STARTER = """\
# yaml-language-server: $schema=./.pushctl/manifest.schema.json
version: 1

app:
  id: ONEX0000000000000        # the mPaaS App ID
  workspace: test
  endpoint: sandbox            # nothing leaves this machine; see the README for the real service

timezone: Asia/Shanghai

defaults:
  owner: me@example.com
  expires_after: 4h

pushes:
  daily-hello:
    schedule: {every: day, at: "09:45"}
    to: {users: [user1024]}
    message:
      title: Good morning
      body: Your first push as code.
      open: https://example.com/
"""

IGNORE = (
    "# pushctl: the sandbox and what only this machine needs. Keep pushctl.state.json safe: it",
    "# knows which task belongs to which push.",
    ".pushctl/",
    "*.state.lock",
    "*.state.gate",
    "*.state.backup.*",
)


@click.command("init", short_help="Write a starter manifest.")
@click.pass_obj
def command(invocation: Invocation) -> None:
    """Write a starter manifest, its schema for editors, and a .gitignore.

    Never overwrites anything.
    """
    from pushctl.schemas import read  # noqa: PLC0415  (importlib.resources is not cheap)

    folder = invocation.folder
    manifest = folder / invocation.file
    if manifest.exists() or manifest.is_symlink():
        raise ConfigError(
            "There is a manifest already", str(manifest), fix="edit it, or use -C DIR"
        )
    schema = folder / ".pushctl" / "manifest.schema.json"
    for path in (schema.parent, schema, folder / ".gitignore"):
        if path.is_symlink():
            raise ConfigError(
                "A link is in the way", f"{path} leads elsewhere", fix="delete it, or use -C DIR"
            )
    schema.parent.mkdir(parents=True, exist_ok=True)
    schema.write_text(read("manifest"), "utf-8")
    manifest.write_text(STARTER, "utf-8")
    ignored = _ignore(folder / ".gitignore")
    output = invocation.output
    written = f"Wrote {manifest}, {schema}{' and ' + str(ignored) if ignored else ''}."
    output.result(terminal(written) + "\n")
    output.talk("Next: pushctl validate, pushctl plan, pushctl apply")


def _ignore(path: Path) -> Path | None:
    """Add what is missing to a .gitignore; returns the path if it was written."""
    present = path.read_text("utf-8").splitlines() if path.exists() else []
    missing = [line for line in IGNORE if line not in present]
    if not any(not line.startswith("#") for line in missing):
        return None
    path.write_text("\n".join([*present, *missing]) + "\n", "utf-8")
    return path
