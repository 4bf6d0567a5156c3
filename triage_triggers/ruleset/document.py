"""What stands in the files of a ruleset, before overlays are resolved."""

from __future__ import annotations

from collections.abc import Mapping  # noqa: TC003  pydantic reads the annotation at run time
from typing import Annotated, ClassVar, Final

from pydantic import Field

from triage_triggers.documents.fields import Day, Format, Frozen, Identifier, Language, Line, Name, Version
from triage_triggers.ruleset.definition import (
    ANY_TIME,
    REPLACED,
    Approval,
    Ask,
    Codes,
    Disable,
    Lint,
    Lists,
    NamesOrOne,
    Points,
    Rule,
    Sign,
    Status,
    Then,
    Threshold,
    Times,
)
from triage_triggers.vocabulary.changes import Changes  # noqa: TC001  pydantic reads the annotation at run time

__all__ = ["MOST_LINES", "RulesDocument", "RulesetDocument", "RulesetHead", "TallyDocument", "WrittenLine"]

MOST_LINES: Final = 20
"""How many lines a tally may have: more, and nobody can say any more why a call was flagged."""
_WENT: Final = dict.fromkeys(("conditions", "gates", "policy"), REPLACED)


class RulesetHead(Frozen):
    """What a ruleset says of itself.

    ``language`` and ``code_system`` may be left out where ``extends`` names a ruleset that has them.
    """

    keys_that_went: ClassVar[Mapping[str, str]] = _WENT

    format: Format
    id: Identifier
    version: Version
    title: Line
    status: Status
    language: Language | None = None
    code_system: Name | None = None
    description: Line | None = None
    approval: Approval | None = None
    review_by: Day | None = None
    extends: Line | None = None
    disable: Disable | None = None
    codes: Codes | None = None
    lint: Lint = Lint()


class WrittenLine(Ask):
    """A line of the tally as it is written: without ``find`` it changes some keys of an extended ruleset's line."""

    id: Identifier
    find: NamesOrOne = ()
    time: Times = ANY_TIME
    points: Points | None = None
    anchor: bool = False
    reason: Line | None = None
    sources: tuple[Line, ...] = ()
    lint: Lint = Lint()


class TallyDocument(Frozen):
    """The tally as it is written: an overlay says only what it changes."""

    counts_from: Threshold | None = None
    look_again: Threshold | None = None
    flag: Threshold | None = None
    lines: Annotated[tuple[WrittenLine, ...], Field(max_length=MOST_LINES)] = ()


class RulesetDocument(RulesetHead):
    """A whole ruleset file, or the ``ruleset.yaml`` of a folder."""

    vocabulary: Changes = Field(default_factory=dict)
    lists: Lists = Field(default_factory=dict)
    rules: Annotated[tuple[Rule, ...], Field(max_length=20_000)] = ()
    signs: Annotated[tuple[Sign, ...], Field(min_length=1, max_length=500)] = ()
    tally: TallyDocument | None = None
    then: Annotated[tuple[Then, ...], Field(min_length=1, max_length=500)] = ()


class RulesDocument(Frozen):
    """One of the ``rules/*.yaml`` files of a folder ruleset."""

    keys_of_the_main_file: ClassVar[frozenset[str]] = frozenset(RulesetDocument.model_fields)
    keys_that_went: ClassVar[Mapping[str, str]] = _WENT

    format: Format = 1
    lists: Lists = Field(default_factory=dict)
    rules: Annotated[tuple[Rule, ...], Field(max_length=20_000)] = ()
