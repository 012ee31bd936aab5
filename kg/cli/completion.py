"""``kg completion SHELL``."""

from __future__ import annotations

import click
from click.shell_completion import get_completion_class

from kg.cli.options import write_data


@click.command(epilog="Example: kg completion bash >> ~/.bashrc")
@click.argument("shell", type=click.Choice(["bash", "zsh", "fish"]))
def command(shell: str) -> None:
    """Print the shell completion script for bash, zsh or fish."""
    from kg.cli.app import cli

    kind = get_completion_class(shell)
    if kind is None:
        raise click.ClickException(f"no completion for {shell}")
    write_data(kind(cli, {}, "kg", "_KG_COMPLETE").source() + "\n", None)
