"""Ladders and determinant tables as their authors write them, and what can be wrong with them."""

from __future__ import annotations

import unicodedata
from typing import TYPE_CHECKING, Annotated, Final, Literal, TypeAlias

from pydantic import AfterValidator, Field, StringConstraints, model_validator

from triage_triggers.documents.fields import Format, Frozen, Line, Name, Version
from triage_triggers.errors import near

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

__all__ = ["Code", "CodeSource", "DeterminantTable", "Grade", "LadderFile", "Place", "Problem", "code_key", "problems"]

Grade: TypeAlias = Literal["R", "E", "2", "I", "U"]
_READ: Final = frozenset("RE2")
Place: TypeAlias = tuple[str | int, ...]
Problem: TypeAlias = tuple[Place, str]
"""Where in the file (keys and list positions from the top), and what is wrong there."""


def _web_address(url: str) -> str:
    if not url.startswith(("https://", "http://")):
        raise ValueError("must be a web address, starting with https://")
    return url


CodeText = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=40)]
Codes = Annotated[tuple[CodeText, ...], Field(max_length=5_000)]
Determinants = Annotated[dict[CodeText, CodeText], Field(max_length=20_000)]
Sources = Annotated[tuple["CodeSource", ...], Field(min_length=1, max_length=100)]


class CodeSource(Frozen):
    """Where something in the file comes from, and how far that was checked.

    ``grade``: ``R`` read in full, ``E`` read in its opening, ``2`` the same of a secondary source, ``I`` our own
    inference, ``U`` not verified. ``supports`` says what is taken from it. What was read needs a ``url``.
    """

    id: Name
    grade: Grade
    title: Line
    url: Annotated[Line, AfterValidator(_web_address)] | None = None
    supports: Line

    @model_validator(mode="after")
    def _what_was_read_can_be_found(self) -> CodeSource:
        if self.grade in _READ and self.url is None:
            raise ValueError(f"a source of grade {self.grade} was read somewhere: give its 'url'")
        return self


class Code(Frozen):
    """One code of a ladder, spelled as assessments report it.

    ``aliases`` are other spellings of a call's current code ("Cat 3"). ``as_urgent_as`` names a code above it whose
    place it shares; without it, it is less urgent than the code before. ``may_replace`` (in unordered code systems
    only) names the types that this one says more than. ``sources`` are ids, by default the file's first.
    """

    code: CodeText
    title: Line
    aliases: tuple[CodeText, ...] = ()
    as_urgent_as: CodeText | None = None
    may_replace: Codes = ()
    sources: tuple[Name, ...] = ()


class LadderFile(Frozen):
    """A ladder: the codes of one code system, most urgent first.

    With ``ordered: false`` the codes are types without urgency, and their order only settles which of several
    suggestions is made. ``suggestable`` are the codes that rulesets may ask for, by default all. ``determinants``
    maps finer codes ("4-D-1") to codes of the ladder.
    """

    format: Format
    id: Name
    version: Version
    title: Line
    description: Line | None = None
    ordered: bool = True
    suggestable: Codes | None = None
    sources: Sources
    codes: Annotated[tuple[Code, ...], Field(min_length=1, max_length=5_000)]
    determinants: Determinants = Field(default_factory=dict)


class DeterminantTable(Frozen):
    """A service's own codes, each mapped to a code of the ladder ``code_system``, in a file of their own."""

    format: Format
    id: Name
    version: Version
    title: Line
    code_system: Name
    sources: Sources
    determinants: Annotated[Determinants, Field(min_length=1)]


def code_key(code: str) -> str:
    """Return what two spellings of one code have in common: case, spaces, hyphens and underscores don't matter.

    >>> code_key("Cat 3") == code_key("CAT-3") == "cat3"
    True
    """
    folded = unicodedata.normalize("NFKC", code).casefold()
    return "".join(char for char in folded if not char.isspace() and char != "_" and unicodedata.category(char) != "Pd")


def problems(ladder: LadderFile, table: DeterminantTable | None = None) -> Iterator[Problem]:
    """Yield everything that contradicts itself in a ladder or, where one is given, in a table for that ladder.

    The places are those of the table if one is given (the ladder is then taken to be sound).
    """
    spelled = {entry.code: position for position, entry in enumerate(ladder.codes)}
    file = ladder if table is None else table
    if table is None:
        yield from _source_problems(ladder)
        yield from _spelling_problems(_spellings(ladder), {})
        yield from _order_problems(ladder, spelled)
        for position, code in enumerate(ladder.suggestable or ()):
            if code not in spelled:
                yield ("suggestable", position), f"'{code}' is none of the codes below; {near(code, spelled)}"
    elif table.code_system != ladder.id:
        yield ("code_system",), f"the table is for {table.code_system}, not for {ladder.id}"
        return
    else:
        taken = {code_key(spelling): spelling for _, spelling in _spellings(ladder)}
        yield from _spelling_problems(((("determinants", code), code) for code in table.determinants), taken)
    for determinant, code in file.determinants.items():
        if code not in spelled:
            yield ("determinants", determinant), f"'{code}' is no code of {ladder.id}; {near(code, spelled)}"


def _spellings(ladder: LadderFile) -> Iterator[tuple[Place, str]]:
    for position, entry in enumerate(ladder.codes):
        yield ("codes", position, "code"), entry.code
        for index, alias in enumerate(entry.aliases):
            yield ("codes", position, "aliases", index), alias
    for determinant in ladder.determinants:
        yield ("determinants", determinant), determinant


def _spelling_problems(spellings: Iterable[tuple[Place, str]], taken: Mapping[str, str]) -> Iterator[Problem]:
    seen = dict(taken)
    for place, spelling in spellings:
        key = code_key(spelling)
        if not key:
            yield place, f"'{spelling}' holds no letter or digit"
        elif key in seen:
            yield place, f"'{spelling}' can't be told from '{seen[key]}': case, spaces and hyphens don't matter"
        seen.setdefault(key, spelling)


def _source_problems(ladder: LadderFile) -> Iterator[Problem]:
    known: set[str] = set()
    for position, source in enumerate(ladder.sources):
        if source.id in known:
            yield ("sources", position, "id"), f"a source '{source.id}' stands above; ids must differ"
        known.add(source.id)
    for position, entry in enumerate(ladder.codes):
        for index, name in enumerate(entry.sources):
            if name not in known:
                yield ("codes", position, "sources", index), f"there is no source '{name}'; {near(name, known)}"


def _order_problems(ladder: LadderFile, spelled: Mapping[str, int]) -> Iterator[Problem]:
    for position, entry in enumerate(ladder.codes):
        place, other = ("codes", position, "as_urgent_as"), entry.as_urgent_as
        if other is not None:
            if not ladder.ordered:
                yield place, "these codes have no order ('ordered: false'), so none is as urgent as another"
            elif other not in spelled:
                yield place, f"'{other}' is none of the codes here; {near(other, spelled)}"
            elif spelled[other] >= position or ladder.codes[spelled[other]].as_urgent_as is not None:
                yield place, f"'{other}' must stand above '{entry.code}' and have a place of its own"
        if entry.may_replace and ladder.ordered:
            yield ("codes", position, "may_replace"), "'may_replace' goes with 'ordered: false' only"
            continue
        for index, replaced in enumerate(entry.may_replace):
            at = ("codes", position, "may_replace", index)
            if replaced not in spelled:
                yield at, f"'{replaced}' is none of the codes here; {near(replaced, spelled)}"
            elif spelled[replaced] <= position:
                yield at, f"'{entry.code}' may replace only what stands below it; put it above '{replaced}'"
