"""Where the ``triage-triggers`` command starts."""

from __future__ import annotations

import gc
import io
import sys
from typing import Final

from triage_triggers.errors import MissingExtraError

__all__ = ["main"]

_OBJECTS_AT_START: Final = 200_000
"""How many objects a command makes before garbage is looked for among them."""


def main() -> int:
    """Run the command line, and return its exit status: one of those that docs/command-line.md lists."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            # Whatever was said must not stop a terminal that can't show it.
            stream.reconfigure(errors="backslashreplace")
    # Nothing that is imported and loaded at the start is garbage; looking for some costs a fifth of that time.
    gc.set_threshold(_OBJECTS_AT_START)
    try:
        from triage_triggers.cli.app import app  # noqa: PLC0415  the extra may not be installed

        app(prog_name="triage-triggers")
    except ModuleNotFoundError as error:
        if (error.name or "").partition(".")[0] not in {"click", "rich", "typer"}:
            raise
        sys.stderr.write(f"{MissingExtraError('the command line', 'cli')}\n")
        return 2
    except KeyboardInterrupt:
        return 130
    finally:
        gc.freeze()  # nor is anything garbage at the end, when Python looks once more
    return 0  # pragma: no cover  app() leaves by SystemExit
