"""The ruleset as its authors write it: rules, lists, gates, policy, status, approval."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any, Final, Literal, TypeAlias

from pydantic import ConfigDict, Field, model_validator

from triage_triggers.assessment import Temporality  # noqa: TC001  pydantic reads the annotation at run time
from triage_triggers.calls.call import Speaker  # noqa: TC001  pydantic reads the annotation at run time
from triage_triggers.documents.fields import Day, Format, Frozen, Identifier, Language, Line, Name, Version
from triage_triggers.errors import near

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = [
    "ADVICE",
    "Advice",
    "Approval",
    "Codes",
    "Condition",
    "Conditions",
    "Disable",
    "Examples",
    "Exclusion",
    "Gate",
    "Lint",
    "Lists",
    "Overlay",
    "PolicyRule",
    "Rule",
    "Ruleset",
    "Status",
    "Within",
    "named_conditions",
]

Advice: TypeAlias = Literal[
    "scene_safety",
    "police_request",
    "safeguarding_adult",
    "safeguarding_child",
    "perpetrator_present",
    "do_not_disclose",
]
ADVICE: Final[tuple[str, ...]] = Advice.__args__  # type: ignore[attr-defined]
Status: TypeAlias = Literal["draft", "review", "approved", "withdrawn"]

Phrase = Annotated[str, Field(min_length=1, max_length=500)]
Code = Annotated[str, Field(min_length=1, max_length=40)]
Codes = Annotated[dict[Code, Code], Field(min_length=1, max_length=200)]
Lists = dict[Name, Annotated[tuple[Phrase, ...], Field(min_length=1, max_length=2_000)]]


class Within(Frozen):
    """How near to each other the findings of a condition must be: in seconds or in turns (utterances)."""

    seconds: Annotated[float, Field(gt=0, le=86_400)] | None = None
    turns: Annotated[int, Field(ge=0, le=10_000)] | None = None

    @model_validator(mode="after")
    def _one_unit(self) -> Within:
        if (self.seconds is None) == (self.turns is None):
            raise ValueError("give either 'seconds' or 'turns'")
        return self


class Condition(Frozen):
    """A condition over counted findings.

    Exactly one of ``theme``, ``rule``, ``is``, ``all``, ``any``, ``not``. ``is`` names one of the ruleset's
    ``conditions``. A leaf (``theme`` or ``rule``, one name or a list
    of which any will do) takes ``temporality``, by default what is current or feared, not the past; ``at_least``
    asks for findings of that many different rules. ``within`` bounds how far apart the findings may be.
    """

    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)

    theme: tuple[Name, ...] | None = None
    rule: tuple[Identifier, ...] | None = None
    is_: Name | None = Field(default=None, alias="is")
    all: tuple[Condition, ...] | None = None
    any: tuple[Condition, ...] | None = None
    not_: Condition | None = Field(default=None, alias="not")
    temporality: tuple[Temporality, ...] | None = None
    at_least: Annotated[int, Field(ge=1, le=100)] = 1
    within: Within | None = None

    @model_validator(mode="before")
    @classmethod
    def _one_name_is_a_list_of_one(cls, data: Any) -> Any:  # noqa: ANN401  what a person wrote
        if isinstance(data, dict):
            return {
                key: (value,) if key in {"theme", "rule", "temporality"} and isinstance(value, str) else value
                for key, value in data.items()
            }
        return data

    @model_validator(mode="after")
    def _one_kind(self) -> Condition:
        kinds: dict[str, object]
        kinds = {"theme": self.theme, "rule": self.rule, "is": self.is_}
        kinds |= {"all": self.all, "any": self.any, "not": self.not_}
        given = [name for name, value in kinds.items() if value is not None]
        if len(given) != 1:
            raise ValueError("a condition needs exactly one of 'theme', 'rule', 'is', 'all', 'any', 'not'")
        kind = given[0]
        if kind in {"all", "any", "theme", "rule"} and not kinds[kind]:
            raise ValueError(f"'{kind}' is empty")
        if kind not in {"theme", "rule"} and self.temporality is not None:
            raise ValueError(f"'temporality' belongs beside 'theme' or 'rule', not beside '{kind}'")
        if kind not in {"theme", "rule", "any"} and self.at_least != 1:
            raise ValueError(f"'at_least' belongs beside 'theme', 'rule' or 'any', not beside '{kind}'")
        return self


class Exclusion(Frozen):
    """A lint check that does not hold here, and why: a claim that reviewers see and sign with the rest."""

    check: Name
    reason: Line


class Lint(Frozen):
    """Which lint checks are excused, each with its reason. Nothing here changes what is found in a call."""

    allow: tuple[Exclusion, ...] = ()


Conditions = dict[Name, Condition]


class Gate(Frozen):
    """Which findings say too little alone, and what must have been found in the call for them to count.

    A gate holds back the findings of its ``themes`` and ``rules`` (of every rule where neither is given), except those
    of ``except_rules`` and of rules that are ``never_set_aside``. ``when`` is asked about everything that was found and
    counts as it was said, held back or not; without it the gate never opens. What it holds back is kept, set aside,
    with ``reason``.
    """

    id: Identifier
    themes: tuple[Name, ...] = ()
    rules: tuple[Identifier, ...] = ()
    except_rules: tuple[Identifier, ...] = ()
    when: Condition | None = None
    reason: Line
    sources: tuple[Line, ...] = ()


class PolicyRule(Frozen):
    """What to suggest and advise when a condition holds, and why, in words for a clinician."""

    id: Identifier
    when: Condition
    suggest: Code | None = None
    advise: tuple[Advice, ...] = ()
    reason: Line
    sources: tuple[Line, ...] = ()
    lint: Lint = Lint()


class Examples(Frozen):
    """Sentences that must and must not fire the rule; square brackets mark the span that must match."""

    fire: tuple[Line, ...] = ()
    quiet: tuple[Line, ...] = ()


class Rule(Frozen):
    """Phrases for one theme.

    ``language`` is that of the phrases, where it is not the ruleset's. ``unless`` are idioms that cancel a match they
    overlap; ``speakers`` the only speakers the rule listens to (``unknown`` always included: an unlabelled transcript
    must lose nothing); ``never_set_aside`` makes every match count, however it was said.
    """

    id: Identifier
    theme: Name
    language: Language | None = None
    phrases: Annotated[tuple[Phrase, ...], Field(min_length=1, max_length=2_000)]
    unless: Annotated[tuple[Phrase, ...], Field(max_length=2_000)] = ()
    speakers: tuple[Speaker, ...] = ()
    never_set_aside: bool = False
    rationale: Line | None = None
    sources: tuple[Line, ...] = ()
    owner: Line | None = None
    examples: Examples = Examples()
    known_miss: tuple[Line, ...] = ()
    known_false_alarm: tuple[Line, ...] = ()
    lint: Lint = Lint()


class Approval(Frozen):
    """Who signed the ruleset, in which role, when, and until when it holds."""

    by: Line
    role: Line
    on: Day
    expires: Day

    @model_validator(mode="after")
    def _expires_after_it_was_given(self) -> Approval:
        if self.expires < self.on:
            raise ValueError("the approval expires before it was given: 'expires' is earlier than 'on'")
        return self


class Disable(Frozen):
    """What an overlay switches off, by id. An id that the extended ruleset does not have is a fault."""

    rules: tuple[Identifier, ...] = ()
    gates: tuple[Identifier, ...] = ()
    policy: tuple[Identifier, ...] = ()


class Overlay(Frozen):
    """Which ruleset this one extends, and by what version and content; filled in by loading."""

    id: Identifier
    version: Version
    digest: str


class Ruleset(Frozen):
    """A complete ruleset: what was written, with any ``extends`` resolved.

    ``digest`` is the SHA-256 of the canonical content (see ``ruleset.digest``): file order, comments and layout do
    not change it, one changed phrase does. ``policy`` is ``None`` where none was written: any counted finding then
    flags the call and no code is suggested.
    """

    format: Format
    id: Identifier
    version: Version
    title: Line
    language: Language
    status: Status
    code_system: Name
    description: Line | None = None
    approval: Approval | None = None
    review_by: Day | None = None
    extends: Overlay | None = None
    lint: Lint = Lint()
    lists: Lists = Field(default_factory=dict)
    rules: Annotated[tuple[Rule, ...], Field(max_length=20_000)] = ()
    conditions: Conditions = Field(default_factory=dict)
    gates: tuple[Gate, ...] = ()
    policy: tuple[PolicyRule, ...] | None = None
    digest: str = ""

    @model_validator(mode="after")
    def _approval_goes_with_its_status(self) -> Ruleset:
        if (self.status == "approved") != (self.approval is not None):
            raise ValueError("'approval: {by, role, on, expires}' goes with 'status: approved', and only with it")
        return self

    @model_validator(mode="after")
    def _conditions_have_an_end(self) -> Ruleset:
        for name, condition in self.conditions.items():
            named_conditions(condition, self.conditions, (name,))
        asked = [gate.when for gate in self.gates] + [policy.when for policy in self.policy or ()]
        for when in asked:
            if when is not None:
                named_conditions(when, self.conditions)
        return self


def named_conditions(condition: Condition, conditions: Mapping[str, Condition], above: tuple[str, ...] = ()) -> None:
    """Follow every ``is``.

    Raises:
        ValueError: It names a condition that there is not, or one that leads back to itself.
    """
    if condition.is_ is not None:
        if condition.is_ in above:
            circle = " → ".join((*above[above.index(condition.is_) :], condition.is_))
            raise ValueError(f"conditions name each other in a circle: {circle}")
        if condition.is_ not in conditions:
            raise ValueError(f"there is no condition '{condition.is_}'; {near(condition.is_, conditions)}")
        named_conditions(conditions[condition.is_], conditions, (*above, condition.is_))
    for part in (*(condition.all or ()), *(condition.any or ()), *((condition.not_,) if condition.not_ else ())):
        named_conditions(part, conditions, above)
