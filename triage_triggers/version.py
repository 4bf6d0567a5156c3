"""The package's version, as recorded in every assessment."""

from typing import Final

__all__ = ["__version__"]

__version__: Final = "0.2.0"
