"""The ruleset as its authors write it: rules, lists, signs, tally, then, status, approval."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any, ClassVar, Final, Literal, TypeAlias

from pydantic import AfterValidator, BeforeValidator, ConfigDict, Field, model_validator

from triage_triggers.assessment import Temporality
from triage_triggers.calls.call import Speaker  # noqa: TC001  pydantic reads the annotation at run time
from triage_triggers.documents.fields import Day, Format, Frozen, Identifier, Language, Line, Name, Version
from triage_triggers.vocabulary.changes import Changes  # noqa: TC001  pydantic reads the annotation at run time

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = [
    "ADVICE",
    "ANY_SIGN",
    "ANY_TIME",
    "CLOSE",
    "REPLACED",
    "TALLY",
    "Advice",
    "Approval",
    "Ask",
    "By",
    "Codes",
    "Disable",
    "EventRule",
    "Examples",
    "Exclusion",
    "Lint",
    "Lists",
    "NamesOrOne",
    "Overlay",
    "Points",
    "Rule",
    "Ruleset",
    "Sign",
    "Status",
    "TallyLine",
    "TallyRule",
    "Then",
    "Threshold",
    "one_is_a_list",
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

By: TypeAlias = Literal[
    "close",
    "partner",
    "ex_partner",
    "relative",
    "household",
    "carer",
    "acquaintance",
    "stranger",
    "he_or_she",
    "unknown",
    "caller",
    "patient",
    "they",
    "anyone",
]
CLOSE: Final = frozenset({"partner", "ex_partner", "relative", "household", "carer"})
"""The ties that ``by: close`` stands for."""
TALLY: Final = "tally"
"""The sign that holds once the tally's points reach its ``flag``."""
ANY_SIGN: Final = "any_sign"
"""What ``if`` calls any sign, the tally's included."""
REPLACED: Final = (
    "'{key}' is no part of a ruleset any more: signs, tally and then replaced conditions, gates and policy; "
    "'triage-triggers migrate FILE' prints what to write instead"
)

Phrase = Annotated[str, Field(min_length=1, max_length=500)]
Code = Annotated[str, Field(min_length=1, max_length=40)]
Codes = Annotated[dict[Code, Code], Field(min_length=1, max_length=200)]
Names = tuple[Identifier, ...]
Lists = dict[Name, Annotated[tuple[Phrase, ...], Field(min_length=1, max_length=2_000)]]


def one_is_a_list(written: Any) -> Any:  # noqa: ANN401  what a person wrote
    """Return one name, where a list of names may stand, as a list of one."""
    return (written,) if isinstance(written, str) else written


_Listed: Final = BeforeValidator(one_is_a_list)


NamesOrOne = Annotated[Names, _Listed]
ByOrOne = Annotated[tuple[By, ...], _Listed]


def _not_zero(points: int) -> int:
    if not points:
        raise ValueError("must not be 0, which changes nothing")
    return points


Times = Annotated[tuple[Temporality, ...], Field(min_length=1), _Listed]
ANY_TIME: Final[tuple[Temporality, ...]] = ("current", "past", "hypothetical")


class Exclusion(Frozen):
    """A lint check that does not hold here, and why: a claim that reviewers see and sign with the rest."""

    check: Name
    reason: Line


class Lint(Frozen):
    """Which lint checks are excused, each with its reason. Nothing here changes what is found in a call."""

    allow: tuple[Exclusion, ...] = ()


class Ask(Frozen):
    """Which findings are asked for.

    ``find`` names rules and themes, any of which will do. ``by`` says whose deed it must be, by the tie between agent
    and patient; left out, anybody's but a stranger's or an acquaintance's. ``time`` is by default what is or is feared.
    With ``with``, a finding of any of these must start within ``near`` words, whoever speaks. ``at_least`` asks for
    findings of that many different rules.
    """

    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)

    find: Annotated[Names, Field(min_length=1), _Listed]
    by: ByOrOne = ()
    time: Times = ("current", "hypothetical")
    with_: NamesOrOne = Field(default=(), alias="with")
    near: Annotated[int, Field(ge=1, le=10_000)] = 120
    at_least: Annotated[int, Field(ge=1, le=100)] = 1


class Sign(Ask):
    """What is enough alone to flag a call, and why, in words for a clinician."""

    id: Identifier
    reason: Line
    sources: tuple[Line, ...] = ()
    lint: Lint = Lint()


Points = Annotated[int, Field(ge=-9, le=9), AfterValidator(_not_zero)]
Threshold = Annotated[int, Field(ge=1, le=100)]


class TallyLine(Sign):
    """What is not enough alone, and how much it weighs.

    ``time`` is by default any: what is over adds up too. Where any line is an ``anchor``, the tally
    flags only if one of those counts: long talk collects all the rest.
    """

    time: Times = ANY_TIME
    points: Points
    anchor: bool = False


class TallyRule(Frozen):
    """What adds up: lines, each counted once, and the sums from which findings count and a call is flagged."""

    counts_from: Threshold | None = None
    look_again: Threshold
    flag: Threshold
    lines: tuple[TallyLine, ...]


class Then(Ask):
    """What to suggest and advise where one of some signs holds and, with ``find``, something more was found."""

    id: Identifier
    if_: NamesOrOne = Field(default=(), alias="if")
    find: NamesOrOne = ()
    suggest: Code | None = None
    advice: tuple[Advice, ...] = ()
    reason: Line
    sources: tuple[Line, ...] = ()
    lint: Lint = Lint()


class Examples(Frozen):
    """Sentences that must and must not fire the rule; square brackets mark the span that must match."""

    fire: tuple[Line, ...] = ()
    quiet: tuple[Line, ...] = ()


class EventRule(Frozen):
    """Which events a rule is about: what is done (kinds of verbs and frames), to whom, and, if told, by whom."""

    does: Annotated[tuple[Name, ...], Field(min_length=1), _Listed]
    to: Literal["person", "caller"] = "person"
    by: ByOrOne = ()


class Rule(Frozen):
    """Phrases, or an event, for one theme.

    ``language`` is that of the phrases, where it is not the ruleset's. ``unless`` are idioms that cancel a match they
    overlap; ``speakers`` the only speakers the rule listens to (``unknown`` always included: an unlabelled transcript
    must lose nothing); ``never_set_aside`` makes every match count, however it was said. With ``beside``, words that
    mean little by themselves: a match counts only in a call in which a rule or theme of that name counts too.
    """

    id: Identifier
    theme: Name
    language: Language | None = None
    phrases: Annotated[tuple[Phrase, ...], Field(max_length=2_000)] = ()
    event: EventRule | None = None
    unless: Annotated[tuple[Phrase, ...], Field(max_length=2_000)] = ()
    speakers: tuple[Speaker, ...] = ()
    never_set_aside: bool = False
    beside: Names = ()
    rationale: Line | None = None
    sources: tuple[Line, ...] = ()
    owner: Line | None = None
    examples: Examples = Examples()
    known_miss: tuple[Line, ...] = ()
    known_false_alarm: tuple[Line, ...] = ()
    lint: Lint = Lint()

    @model_validator(mode="after")
    def _phrases_or_an_event(self) -> Rule:
        if bool(self.phrases) == (self.event is not None):
            raise ValueError("a rule has either 'phrases' or 'event'")
        if self.event is not None and (self.unless or self.language):
            raise ValueError("'unless' and 'language' go with 'phrases', not with 'event'")
        return self


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

    keys_that_went: ClassVar[Mapping[str, str]] = {"gates": REPLACED, "policy": REPLACED}

    rules: tuple[Identifier, ...] = ()
    signs: tuple[Identifier, ...] = ()
    tally: tuple[Identifier, ...] = ()
    then: tuple[Identifier, ...] = ()


class Overlay(Frozen):
    """Which ruleset this one extends, and by what version and content; filled in by loading."""

    id: Identifier
    version: Version
    digest: str


class Ruleset(Frozen):
    """A complete ruleset: what was written, with any ``extends`` resolved.

    ``vocabulary`` is what it adds to the classes of its language's words, and takes out of them.
    ``digest`` is the SHA-256 of the canonical content (see ``ruleset.digest``): file order, comments and layout do
    not change it, one changed phrase does. Without signs and tally any counted finding flags the call, and no code is
    suggested.
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
    vocabulary: Changes = Field(default_factory=dict)
    lists: Lists = Field(default_factory=dict)
    rules: Annotated[tuple[Rule, ...], Field(max_length=20_000)] = ()
    signs: tuple[Sign, ...] = ()
    tally: TallyRule | None = None
    then: tuple[Then, ...] = ()
    digest: str = ""

    @model_validator(mode="after")
    def _approval_goes_with_its_status(self) -> Ruleset:
        if (self.status == "approved") != (self.approval is not None):
            raise ValueError("'approval: {by, role, on, expires}' goes with 'status: approved', and only with it")
        return self

    @property
    def sign_ids(self) -> tuple[str, ...]:
        """The ids of the signs, the tally's last."""
        return (*(sign.id for sign in self.signs), *((TALLY,) if self.tally is not None else ()))

    @property
    def flags_for_anything(self) -> bool:
        """Whether any counted finding flags a call, as there are neither signs nor a tally."""
        return not self.signs and self.tally is None

    @property
    def asks(self) -> tuple[Sign | Then, ...]:
        """All signs, lines of the tally and lines of ``then``."""
        return (*self.signs, *(self.tally.lines if self.tally is not None else ()), *self.then)

    @property
    def reasons(self) -> Mapping[str, str]:
        """Why each sign flags a call."""
        added = {} if self.tally is None else {TALLY: f"What was said adds up to {self.tally.flag} points or more."}
        return {sign.id: sign.reason for sign in self.signs} | added
