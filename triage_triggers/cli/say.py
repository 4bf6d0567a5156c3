"""What the commands say to people, line by line; tables are in ``cli.screen``, which takes longer to load."""

from __future__ import annotations

import typer

from triage_triggers.legible import legible

__all__ = ["complain", "say"]


def say(text: object = "", *, err: bool = False) -> None:
    """Print text for people, in which nothing steers a terminal or a CI server."""
    typer.echo(legible(str(text)), err=err)


def complain(what: object) -> None:
    """Say on standard error what is wrong, or worth knowing."""
    say(f"triage-triggers: {what}", err=True)
