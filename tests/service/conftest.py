"""A way to run commands."""

from tests.cli.conftest import run

__all__ = ["run"]
