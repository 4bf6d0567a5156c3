"""The fields that files of people have in common: ids, names, versions, dates, lines of text."""

from __future__ import annotations

import re
from datetime import date
from types import MappingProxyType
from typing import TYPE_CHECKING, Annotated, ClassVar, Final, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = [
    "IDENTIFIER",
    "LANGUAGE",
    "NAME",
    "VERSION",
    "Day",
    "Format",
    "Frozen",
    "Identifier",
    "Language",
    "Line",
    "Name",
    "Version",
]

IDENTIFIER: Final = r"^[a-z][a-z0-9._-]{0,199}$"
NAME: Final = r"^[a-z][a-z0-9_-]{0,63}$"
VERSION: Final = r"^[0-9]{1,6}\.[0-9]{1,6}\.[0-9]{1,6}(-[0-9A-Za-z.-]{1,40})?$"
LANGUAGE: Final = r"^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$"


def _number(value: object) -> object:
    return 1 if value == "1" else value  # YAML is read as text, and a literal is never converted


def _day(value: object) -> object:
    # Without this, pydantic would take the text 20261123 for a count of seconds since 1970.
    if isinstance(value, date) or (isinstance(value, str) and re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", value)):
        return value
    raise ValueError("must be a date written year-month-day, such as 2026-11-23")


Identifier = Annotated[str, Field(pattern=IDENTIFIER)]
Name = Annotated[str, Field(pattern=NAME)]
Version = Annotated[str, Field(pattern=VERSION)]
Language = Annotated[str, Field(pattern=LANGUAGE)]
Format = Annotated[Literal[1], BeforeValidator(_number)]
Day = Annotated[date, BeforeValidator(_day)]
Line = Annotated[str, Field(min_length=1, max_length=2_000)]


class Frozen(BaseModel):
    """A value: unknown keys are refused, and nothing can be changed."""

    keys_of_the_main_file: ClassVar[frozenset[str]] = frozenset()
    """What belongs in the main file of a folder, not in this one."""
    keys_that_went: ClassVar[Mapping[str, str]] = MappingProxyType({})
    """Keys of earlier versions, and a sentence about each, with ``{key}`` in it."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=False, coerce_numbers_to_str=False)
