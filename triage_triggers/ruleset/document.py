"""What stands in the files of a ruleset, before overlays are resolved."""

from __future__ import annotations

from typing import Annotated, ClassVar

from pydantic import Field

from triage_triggers.documents.fields import Day, Format, Frozen, Identifier, Language, Line, Name, Version
from triage_triggers.ruleset.definition import (
    Approval,
    Codes,
    Conditions,
    Disable,
    Gate,
    Lint,
    Lists,
    PolicyRule,
    Rule,
    Status,
)

__all__ = ["RulesDocument", "RulesetDocument", "RulesetHead"]


class RulesetHead(Frozen):
    """What a ruleset says of itself.

    ``language`` and ``code_system`` may be left out where ``extends`` names a ruleset that has them.
    """

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


class RulesetDocument(RulesetHead):
    """A whole ruleset file, or the ``ruleset.yaml`` of a folder."""

    lists: Lists = Field(default_factory=dict)
    rules: Annotated[tuple[Rule, ...], Field(max_length=20_000)] = ()
    conditions: Conditions = Field(default_factory=dict)
    gates: Annotated[tuple[Gate, ...], Field(max_length=200)] = ()
    policy: Annotated[tuple[PolicyRule, ...], Field(min_length=1, max_length=2_000)] | None = None


class RulesDocument(Frozen):
    """One of the ``rules/*.yaml`` files of a folder ruleset."""

    keys_of_the_main_file: ClassVar[frozenset[str]] = frozenset(RulesetDocument.model_fields)

    format: Format = 1
    lists: Lists = Field(default_factory=dict)
    rules: Annotated[tuple[Rule, ...], Field(max_length=20_000)] = ()
