"""A code ladder: which codes there are, and which of two is more urgent."""

from __future__ import annotations

import hashlib
import json
import os
import unicodedata
from dataclasses import dataclass, field
from difflib import get_close_matches
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from pydantic import BaseModel, ValidationError

from triage_triggers.documents.catalogue import find_ruleset, shipped_folder
from triage_triggers.documents.faults import model_faults
from triage_triggers.documents.source import read_yaml
from triage_triggers.errors import CodeError, Fault, RulesetError, RulesetNotFoundError, near
from triage_triggers.ladders.ladder_file import DeterminantTable, LadderFile, code_key, problems

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from triage_triggers.documents.source import SourceFile

__all__ = ["Ladder", "load_ladder", "shipped_ladders"]

Model = TypeVar("Model", bound=BaseModel)


@dataclass(frozen=True, slots=True, repr=False, eq=False)
class Ladder:
    """The codes of one code system, most urgent first, with a service's own determinants where a table is loaded.

    Codes are recognised whatever their case, spaces and hyphens, and by the aliases of their file; methods take any
    such spelling, or a determinant, and raise ``CodeError`` for what they don't know. Frozen; share it freely.

    Args:
        file: The ladder as written.
        table: A determinant table for it.

    Raises:
        RulesetError: The ladder or the table contradicts itself, or the table is for another code system.

    >>> ladder = load_ladder("nhs-arp")
    >>> ladder.check("cat 3"), ladder.more_urgent("C2", "C3")
    ('C3', True)
    """

    file: LadderFile
    table: DeterminantTable | None = None
    _places: Mapping[str, int] = field(init=False)
    _spelled: Mapping[str, str] = field(init=False)
    _categories: Mapping[str, str] = field(init=False)
    _replaced: Mapping[str, frozenset[str]] = field(init=False)

    def __post_init__(self) -> None:
        file, table = self.file, self.table
        faults = [Fault(file.id, 1, 1, None, message) for _, message in problems(file)]
        if table is not None and not faults:
            faults = [Fault(table.id, 1, 1, None, message) for _, message in problems(file, table)]
        if faults:
            raise RulesetError(faults)
        determinants = {**file.determinants, **(table.determinants if table else {})}
        places: dict[str, int] = {}
        spelled = {code_key(determinant): determinant for determinant in determinants}
        for position, code in enumerate(file.codes):
            places[code.code] = position if code.as_urgent_as is None else places[code.as_urgent_as]
            spelled |= {code_key(spelling): code.code for spelling in (code.code, *code.aliases)}
        replaced: dict[str, frozenset[str]] = {}
        for code in reversed(file.codes):  # a type replaces only what stands below it, and all that that replaces
            replaced[code.code] = frozenset(code.may_replace).union(*(replaced[other] for other in code.may_replace))
        object.__setattr__(self, "_places", places)
        object.__setattr__(self, "_spelled", spelled)
        object.__setattr__(self, "_categories", {code: code for code in places} | determinants)
        object.__setattr__(self, "_replaced", replaced)

    def __repr__(self) -> str:
        return f"<Ladder {self.id} {self.version}>"

    @property
    def id(self) -> str:
        """The code system's id, as rulesets name it in ``code_system``."""
        return self.file.id

    @property
    def version(self) -> str:
        """The version of the ladder's file."""
        return self.file.version

    @property
    def digest(self) -> str:
        """``sha256:`` and the SHA-256 of the ladder's and the table's content: comments and layout don't change it."""
        parts = [part.model_dump(mode="json", exclude_defaults=True) for part in (self.file, self.table) if part]
        content = json.dumps(parts, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
        return f"sha256:{hashlib.sha256(unicodedata.normalize('NFC', content).encode()).hexdigest()}"

    @property
    def ordered(self) -> bool:
        """Whether the codes say how urgent a call is; ``False`` for event types."""
        return self.file.ordered

    @property
    def codes(self) -> tuple[str, ...]:
        """Every code, in the order of the file; determinants are not among them."""
        return tuple(self._places)

    @property
    def suggestable(self) -> tuple[str, ...]:
        """The codes that a ruleset may ask for, in the order of the file's codes."""
        allowed = self.file.suggestable
        return self.codes if allowed is None else tuple(code for code in self.codes if code in allowed)

    def may_suggest(self, code: str) -> bool:
        """Return whether a ruleset may ask for a code."""
        return self._spelled.get(code_key(code)) in self.suggestable

    def check(self, code: str) -> str:
        """Return a code or determinant as the ladder spells it.

        >>> load_ladder("wales-2025").check("Orange Now")
        'orange'

        Raises:
            CodeError: The ladder does not know it; the message lists the known codes, near ones first.
        """
        if not isinstance(code, str):
            raise CodeError(f"a code must be text, not {type(code).__name__}")
        found = code if code in self._categories else self._spelled.get(code_key(code))
        if found is None:
            raise CodeError(self._unknown(code))
        return found

    def category(self, code: str) -> str:
        """Return the ladder's code for a code or a determinant.

        >>> load_ladder("nhs-arp").category("hcp2")
        'HCP2'
        """
        return self._categories[self.check(code)]

    def place(self, code: str) -> int:
        """Return where a code stands: a smaller number is more urgent, equal numbers are equally urgent.

        In an unordered system the number only settles which of several types is suggested.
        """
        return self._places[self.category(code)]

    def more_urgent(self, code: str, other: str) -> bool:
        """Return whether one code is strictly more urgent than another; never so in an unordered system."""
        place, other_place = self.place(code), self.place(other)
        return self.ordered and place < other_place

    def outranks(self, code: str, current: str) -> bool:
        """Return whether a code may be suggested in the place of the current one.

        On an ordered ladder: if it is strictly more urgent. In an unordered system: if it may replace that type.

        >>> load_ladder("apco-2012").outranks("DVA", "DISORD"), load_ladder("apco-2012").outranks("DVA", "STABBING")
        (True, False)
        """
        if self.ordered:
            return self.more_urgent(code, current)
        return self.category(current) in self._replaced[self.category(code)]

    def _unknown(self, code: str) -> str:
        known = f"known: {', '.join(self._places)}"
        # A code is quoted only beside the near one it was taken for: a mis-mapped column may hold a person's name.
        close = get_close_matches(code_key(code), self._spelled, n=3, cutoff=0.6)
        if close:
            names = " or ".join(dict.fromkeys(self._spelled[key] for key in close))
            return f"'{code[:40]}' is no code of {self.id}; did you mean {names}? {known}"
        return f"this is no code of {self.id}; {known}"


def load_ladder(ladder: str | Path, *, search: Iterable[str | Path] = ()) -> Ladder:
    """Load a ladder by its id or from a file; or a determinant table, from a file, with the ladder that it is for.

    Args:
        ladder: An id ("nhs-arp"), or the path of a YAML file.
        search: Folders to look for ids in, before those that are shipped.

    Raises:
        RulesetNotFoundError: There is no such ladder; the message says which there are.
        RulesetError: The file has faults; all of them are named, each with line and column.

    >>> load_ladder("scotland").codes
    ('purple', 'red', 'amber', 'yellow', 'green')
    """
    folders = tuple(search)
    path = _find(ladder, folders)
    faults: list[Fault] = []
    source = read_yaml(path, faults)
    if source is not None:
        of_table = isinstance(source.data, dict) and "code_system" in source.data
        table = _validated(source, DeterminantTable, faults) if of_table else None
        file = None if of_table else _validated(source, LadderFile, faults)
        if table is not None:
            file = load_ladder(table.code_system, search=folders).file
        if file is not None:
            found = problems(file, table)
            faults.extend(source.fault(place, said) for place, said in found if not source.is_reported(place))
        if file is not None and not faults:
            return Ladder(file, table)
    raise RulesetError(sorted(faults, key=lambda fault: (fault.line, fault.column)))


def shipped_ladders() -> tuple[str, ...]:
    """Return the ids of the ladders that come with the package, sorted.

    >>> shipped_ladders()
    ('apco-2012', 'mpds-levels', 'nhs-arp', 'scotland', 'wales-2025')
    """
    return tuple(sorted(path.stem for path in (shipped_folder() / "codes").glob("*.yaml")))


def _find(ladder: str | Path, folders: tuple[str | Path, ...]) -> Path:
    try:
        return find_ruleset(ladder, (*folders, shipped_folder() / "codes"))
    except RulesetNotFoundError as error:
        if isinstance(ladder, Path) or os.sep in ladder:
            raise
        known = {path.stem for folder in folders for path in Path(folder).glob("*.yaml")} | {*shipped_ladders()}
        raise RulesetNotFoundError(f"there is no code ladder {ladder!r}; {near(ladder, known)}") from error


def _validated(source: SourceFile, model: type[Model], faults: list[Fault]) -> Model | None:
    try:
        return model.model_validate(source.data)
    except ValidationError as error:
        faults.extend(model_faults(source, error, model))
        return None
