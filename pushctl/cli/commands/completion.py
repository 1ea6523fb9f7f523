"""`pushctl completion`: the script that teaches a shell to complete our commands."""

from __future__ import annotations

import click
from click.shell_completion import get_completion_class

from pushctl.cli.global_options import GlobalOptions


@click.command("completion", short_help="Print a shell completion script.")
@click.argument("shell", type=click.Choice(["bash", "zsh", "fish"]))
@click.pass_obj
def command(options: GlobalOptions, shell: str) -> None:
    """Print a script by which a shell completes commands, options, push ids and more.

    bash, zsh: eval "$(pushctl completion bash)"; fish: pushctl completion fish | source
    """
    kind = get_completion_class(shell)
    assert kind is not None
    root = click.get_current_context().find_root().command
    options.output.result(kind(root, {}, "pushctl", "_PUSHCTL_COMPLETE").source() + "\n")
