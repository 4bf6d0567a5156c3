"""What an evaluation says of a call: findings kept and set aside, the suggestion, and why."""

from __future__ import annotations

import json
from dataclasses import dataclass, fields
from enum import StrEnum
from typing import TYPE_CHECKING, Any, Literal, NamedTuple, Self, TypeAlias

if TYPE_CHECKING:
    from triage_triggers.calls.call import Call

__all__ = [
    "Assessment",
    "CastMember",
    "Cue",
    "Finding",
    "FirstFlag",
    "Intent",
    "KnownTie",
    "Level",
    "Participant",
    "Polarity",
    "RulesetRef",
    "Tally",
    "TallyLine",
    "Temporality",
    "Why",
]

Polarity: TypeAlias = Literal["affirmed", "negated", "questioned"]
Level: TypeAlias = Literal["none", "look_again", "flag"]
Temporality: TypeAlias = Literal["current", "past", "hypothetical"]
Intent: TypeAlias = Literal["meant", "accident", "treatment", "illness", "play", "figurative", "on_screen"]


class Cue(NamedTuple):
    """The words that decided how a finding was read.

    ``kind`` is the cue's class in the lexicon ("negation", "answer_no", …). Offsets are code points in the text of
    utterance number ``utterance``, half-open.
    """

    kind: str
    utterance: int
    start: int
    end: int


class Why(StrEnum):
    """Why a finding counts, or was set aside: what to compare, where ``Finding.reason`` is what to read.

    Values stay as they are from version to version; ``in_words`` may be put better.

    >>> Why.ANSWERED_NO, Why("answered_no").in_words
    (<Why.ANSWERED_NO: 'answered_no'>, 'asked, and answered no')
    """

    in_words: str

    def __new__(cls, value: str, in_words: str) -> Self:
        """Return a reason by its value, with the words that a panel reads."""
        member = str.__new__(cls, value)
        member._value_ = value
        member.in_words = in_words
        return member

    PLAIN = "plain", "said plainly"
    NOT_SO = "not_so", "said not to be so"
    NOT_THERE = "not_there", "said not to be there"
    NOBODY = "nobody", "said of nobody"
    DENIED = "denied", "denied, as reported in a note"
    ABSENT = "absent", "noted as absent"
    TAKEN_BACK = "taken_back", "taken back in the same breath"
    NOT_AGAIN = "not_again", "said not to happen again, so it happened before"
    PAST = "past", "told of the past"
    THREATENED = "threatened", "a threat that was made"
    FEARED = "feared", "feared or announced"
    SUPPOSED = "supposed", "only supposed"
    INSTRUCTION = "instruction", "an instruction"
    UNANSWERED = "unanswered", "asked, and not answered"
    ANSWERED_NO = "answered_no", "asked, and answered no"
    ANSWERED_YES = "answered_yes", "asked, and answered yes"
    ANSWERED_OPENLY = "answered_openly", "asked, and the answer leaves it open"
    TOLD_IN_ANSWER = "told_in_answer", "asked, and told by the answer"
    DOUBTED = "doubted", "asked with a negation; the answer leaves it open"
    PRESUMED = "presumed", "taken for granted in a question that was answered"
    FICTION = "fiction", "told of a film or a game"
    VOICE = "voice", "a voice that the caller explains is no person's"
    BY_ACCIDENT = "by_accident", "said to be an accident"
    TREATED = "treated", "done to help"
    ILL = "ill", "done by the patient, who is ill"
    PLAYED = "played", "done in play or sport"
    FIGURE = "figure", "a figure of speech"
    IDIOM = "idiom", "part of a phrase that the rule names under 'unless'"
    ALONE = "alone", "means little by itself, and nothing beside it counts"
    SPEAKER = "speaker", "said by somebody whom the rule does not listen to"  # the finding's reason says by whom


class Participant(NamedTuple):
    """Who did something, or to whom it was done: their number in the cast, and the words that name them there.

    ``utterance``, ``start`` and ``end`` are ``None`` where the person is implied.
    """

    person: int | None
    utterance: int | None
    start: int | None
    end: int | None


class KnownTie(NamedTuple):
    """What a person is to another of the cast, how that is known, and the words that tell it."""

    to: int
    tie: str
    known_by: str
    utterance: int
    start: int
    end: int


class CastMember(NamedTuple):
    """Somebody spoken of in a call: how they are named, and their ties to others."""

    person: int
    names: tuple[str, ...]
    ties: tuple[KnownTie, ...]


class Finding(NamedTuple):
    """A rule's phrase, found in a call, and how it was meant.

    ``start`` and ``end`` are code points, half-open: ``start`` in the text of utterance number ``utterance``, ``end``
    in that of ``end_utterance``, which is the same one unless the phrase runs on into the speaker's next segment.
    ``counts`` says whether signs may use it; a finding that does not count is kept all the same, with the cue that
    set it aside, ``why`` (for programs; not in the JSON) and a reason fit to be read to a review panel.
    """

    rule: str
    theme: str
    utterance: int
    start: int
    end: int
    end_utterance: int
    polarity: Polarity
    temporality: Temporality
    counts: bool
    cue: Cue | None
    reason: str
    why: Why
    intent: Intent = "meant"
    agent: Participant | None = None
    patient: Participant | None = None
    tie: str | None = None

    def to_dict(self, call: Call | None = None) -> dict[str, Any]:
        """Return the finding as plain data; with ``call``, it and its cue also carry their words as ``text``."""
        row = self._asdict()
        for key in ("cue", "agent", "patient"):
            row[key] = row[key] and row[key]._asdict()
        del row["why"]
        if self.end_utterance == self.utterance:
            del row["end_utterance"]
        if call is not None:
            row["text"] = words(call, self.utterance, self.start, self.end_utterance, self.end)
            if self.cue:
                row["cue"]["text"] = words(call, self.cue.utterance, self.cue.start, self.cue.utterance, self.cue.end)
        return row


class RulesetRef(NamedTuple):
    """Which ruleset was used: its id, version and content digest (``sha256:…``)."""

    id: str
    version: str
    digest: str


class TallyLine(NamedTuple):
    """A line of the tally that counts: its id, its points, and the numbers of the findings that feed it."""

    kind: str
    points: int
    findings: tuple[int, ...]


class Tally(NamedTuple):
    """What adds up in a call: the sum, what it comes to, and the lines that count, in the ruleset's order."""

    points: int
    level: Level
    lines: tuple[TallyLine, ...]

    @property
    def plus_points(self) -> int:
        """The sum without the lines that count against it."""
        return sum(line.points for line in self.lines if line.points > 0)


class FirstFlag(NamedTuple):
    """When the call was first flagged: the utterance and the offset in it where the evidence was complete.

    ``time`` is the end of that utterance in seconds (its start where no end is known), ``None`` without times.
    """

    utterance: int
    end: int
    time: float | None


@dataclass(frozen=True, slots=True)
class Assessment:
    """The result of evaluating one call. It suggests; it never changes a code and never suggests a less urgent one.

    ``escalates`` is ``None`` where the current code is unknown; ``suggested_code`` is then what is asked for.
    ``policies`` are the ids of the signs that hold, in the ruleset's order, ``tally`` last; ``tally`` is ``None`` where
    the ruleset has none; ``cast`` is who takes part in its findings, the caller first; ``engine``, ``lexicon`` and
    ``ladder`` are the versions that read the call and ranked its codes.
    """

    call_id: str
    ruleset: RulesetRef
    engine: str
    lexicon: str
    ladder: str
    code_system: str
    current_code: str | None
    suggested_code: str | None
    escalates: bool | None
    flagged: bool
    advice: tuple[str, ...]
    policies: tuple[str, ...]
    first_flag: FirstFlag | None
    findings: tuple[Finding, ...]
    cast: tuple[CastMember, ...] = ()
    tally: Tally | None = None

    def to_dict(self, call: Call | None = None) -> dict[str, Any]:
        """Return the assessment as plain data, keys as in ``triage-triggers evaluate --json``.

        With ``call``, each finding and cue also carries its words as ``text``, and each of the cast their ``names``; by
        default no transcript text leaves.
        """
        findings = [finding.to_dict(call) for finding in self.findings]
        row = {
            field.name: findings if field.name == "findings" else _plain(getattr(self, field.name))
            for field in fields(self)
        }
        for member in row["cast"] if call is None else ():
            del member["names"]
        return row

    def to_json(self, call: Call | None = None) -> str:
        """Return :meth:`to_dict` as one line of ASCII JSON, so that any text survives any terminal or log."""
        return json.dumps(self.to_dict(call), allow_nan=False)


def _plain(value: object) -> Any:  # noqa: ANN401  what JSON has
    """Return named tuples as objects, and other tuples as lists."""
    if not isinstance(value, tuple):
        return value
    if hasattr(value, "_asdict"):
        return {name: _plain(part) if isinstance(part, tuple) else part for name, part in value._asdict().items()}
    return [_plain(part) for part in value]


def words(call: Call, utterance: int, start: int, end_utterance: int, end: int) -> str:
    """Return the words of a span, joining segments by a space where it runs over several."""
    if utterance == end_utterance:
        return call.utterances[utterance].text[start:end]
    between = [part.text for part in call.utterances[utterance + 1 : end_utterance]]
    return " ".join([call.utterances[utterance].text[start:], *between, call.utterances[end_utterance].text[:end]])
