"""The cue words of a language: data in ``lexicons/*.yaml``, compiled for look-up by word."""

from __future__ import annotations

import hashlib
from functools import cache
from importlib.resources import files
from itertools import pairwise
from types import MappingProxyType
from typing import TYPE_CHECKING, Annotated, Final, Literal

import yaml
from pydantic import BaseModel, BeforeValidator, ConfigDict, PositiveInt

from triage_triggers.engine.context.cues import CueIndex, Phrase
from triage_triggers.engine.context.sentence import tokens
from triage_triggers.errors import RulesetNotFoundError, near
from triage_triggers.folding import fold

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

__all__ = ["Cues", "Lexicon", "Reach", "load_lexicon"]

# Without its apostrophe, each of these is another word; "he'll" must not make a subject of "hell".
_AMBIGUOUS: Final = frozenset({"hell", "shell", "ill", "id", "shed", "were", "well", "wed", "its", "whore", "hed"})

# "2/7 ago", "in 2011": numbers that may date something before yesterday.
_WRITTEN_DATES: Final = frozenset({"7", "52", "12", "ago"} | {str(year) for year in range(1950, 2050)})


def _words_of(value: object) -> object:
    """Read each entry as the engine will read a call: folded and cut into words, with and without apostrophes."""
    if not isinstance(value, list) or not all(isinstance(entry, str) for entry in value):
        return value
    spelled: set[Phrase] = set()
    for entry in value:
        words = tuple(token.word for token in tokens(fold(entry)))
        bare = tuple(word.replace("'", "") for word in words)
        spelled.add(words)
        if _AMBIGUOUS.isdisjoint(bare):
            spelled.add(bare)
    return frozenset(spelled)


Cues = Annotated[frozenset[Phrase], BeforeValidator(_words_of)]


def _single_words(value: object) -> object:
    entries = _words_of(value)
    return frozenset(entry[0] for entry in entries if len(entry) == 1) if isinstance(entries, frozenset) else entries


Words = Annotated[frozenset[str], BeforeValidator(_single_words)]


class Reach(BaseModel):
    """How many words a cue of each class reaches; what each is for stands beside it in the file."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    past: PositiveInt
    headings: PositiveInt
    past_behind: PositiveInt
    now_behind: PositiveInt
    future: PositiveInt
    condition: PositiveInt
    least_clause: PositiveInt
    statements: PositiveInt
    things: PositiveInt
    determiners: PositiveInt
    again: PositiveInt
    absence_lists: PositiveInt
    absence_behind: PositiveInt
    subject: PositiveInt
    fiction: PositiveInt


class _Source(BaseModel):
    """A lexicon file. What each class does is documented in the file and in the module that uses it."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    format: Literal["1"]
    language: str
    version: str

    wishing: Words
    asking: Words
    claiming: Words
    third_persons: Words
    subjects: Words
    pronouns: Words
    addressee: Words
    first_person: Words
    possessives: Words
    closers: Words
    verbs: Words
    clause_breaks: Words
    joiners: Words
    alternatives: Words
    disjunctions: Words
    opaque: Words
    raising: Words
    deniers: Words
    merely: Words
    transparent: Words
    people: Words
    agents: Words
    before_verb: Words
    degrees: Cues
    limits: Words
    habits: Cues
    occasions: Words
    again: Cues
    openings: Words
    telling: Words
    possessing: Words
    definites: Words
    articles: Words
    contrasts: Words
    reaffirming: Cues
    negation: Cues
    determiner: Cues
    nobody: Cues
    denial: Cues
    absence: Cues
    absence_after: Cues
    affirming: Cues
    forbidding: Cues
    auxiliaries: Words
    askable: Words
    opening_auxiliaries: Words = frozenset()
    question_words: Words
    elliptic: Words
    inquiries: Cues
    question_openers: Words
    tags: Cues
    answer_particles: Words
    answer_openers: Cues
    answer_yes: Cues
    answer_no: Cues
    answer_unknown: Cues
    second_thoughts: Cues
    past_before: Cues
    past_noun: Cues
    past_adjective: Cues
    within_past: Words
    goes_on: Words
    year_leads: Words
    births: Words
    dreaded: Cues
    apparent: Cues
    instructions: Cues
    past_habit: Cues
    past_header: Cues
    present_header: Cues
    past_anywhere: Cues
    past_after: Cues
    present: Cues
    units_past: Words
    units_days: Words
    numbers: Words
    feared: Cues
    supposed: Cues
    reported: Cues
    threatening: Cues
    perfect: Words
    fiction: Cues
    dreams: Words
    to_speaker: Words
    corrections: Cues
    before_raising: Words
    that: Words
    conjoined: Words
    advised: Words
    inverted_subjects: Words
    witnessing: Words
    not_pleading: Words
    indefinites: Words
    taking_up: Words
    without: Words
    no: Words
    in_list: Words
    behind_absence: Words
    agency: Words
    and_: Words
    having: Words
    no_question_after: Words
    addressed: Words
    present_verbs: Words
    moving_on: Words
    ago: Words
    single: Words
    you_or_it: Words
    infinitive: Words
    unheard: Words
    reach: Reach


ANSWERS: Final = ("answer_unknown", "answer_no", "answer_yes", "second_thoughts", "answer_openers")
_IDLE: Final = frozenset({"present", "present_header", "reported"})
POLARITY: Final = ("affirming", "negation", "determiner", "nobody", "denial", "absence")
TIME: Final = (
    "past_before",
    "past_noun",
    "past_adjective",
    "past_habit",
    "past_header",
    "past_anywhere",
    "past_after",
    "present",
    "present_header",
    "feared",
    "dreaded",
    "apparent",
    "supposed",
    "reported",
    "threatening",
)


class Lexicon:
    """The cues of one language, compiled. Immutable; ``version`` goes into assessments, ``digest`` is its file's.

    Where a call may mix languages, ``beside`` holds the lexicons of the others by their names, and ``version`` and
    ``digest`` are those of all together.
    """

    __slots__ = (
        "_turning",
        "absence_after",
        "actors",
        "answers",
        "asking",
        "beside",
        "corrections",
        "dating",
        "degrees",
        "denying",
        "digest",
        "fiction",
        "inquiries",
        "instructions",
        "polarity",
        "reaffirming",
        "tags",
        "time",
        "version",
        "words",
    )

    def __init__(
        self,
        source: _Source,
        digest: str,
        others: Iterable[_Source] = (),
        beside: Mapping[str, Lexicon] = MappingProxyType({}),
    ) -> None:
        self.words = source
        self.beside = beside
        own = f"{source.language}/{source.version}"
        self.version: str = "+".join([own, *(lexicon.version for lexicon in beside.values())])
        self.digest = digest
        self.polarity = CueIndex((kind, getattr(source, kind)) for kind in POLARITY)
        self.absence_after = CueIndex(
            (kind, getattr(source, kind))
            for kind in ("absence_after", "affirming", "absence")  # "neg for" and "not ruled out" lack nothing
        )
        self.time = CueIndex((kind, getattr(source, kind)) for kind in TIME)
        self.answers = CueIndex([*((kind, getattr(source, kind)) for kind in ANSWERS), *_lent(source, others)])
        self.fiction = CueIndex([("fiction", source.fiction)])
        self.corrections = CueIndex([("correction", source.corrections)])
        self.degrees = CueIndex([("degree", source.degrees), ("again", source.again)])
        self.reaffirming = CueIndex([("reaffirming", source.reaffirming)])
        self.inquiries = CueIndex([("inquiry", source.inquiries)])
        self.instructions = CueIndex([("instruction", source.instructions)])
        self.tags = CueIndex([("tag", source.tags)])
        # Words that make a sentence worth reading for one thing or another; one with none is plainly affirmed.
        self.denying = (self.polarity, self.absence_after, self.corrections)
        # What can turn a meaning by itself; "now" and "he said" only matter beside one of these.
        turning = (*POLARITY, "absence_after", "corrections", "fiction", *(kind for kind in TIME if kind not in _IDLE))
        self._turning = CueIndex((kind, getattr(source, kind)) for kind in turning)
        # As they are spelled in a phrase: without apostrophes.
        self.actors = frozenset(word.replace("'", "") for word in source.agents | source.people)
        self.dating = source.units_past | source.units_days | _WRITTEN_DATES
        self.asking = source.auxiliaries | source.question_words | source.elliptic | self.tags.first_words

    def of(self, language: str | None) -> Lexicon:
        """Return the lexicon for a language that was loaded with this one; itself for ``None`` and its own."""
        return self if language is None else self.beside.get(language.partition("-")[0], self)

    def leaves_plain(self, words: Sequence[str], vocabulary: frozenset[str]) -> bool:
        """Tell whether a statement of these words, asked by nobody, can only be meant as it is said.

        Cheap, and right whenever it says yes: what is said plainly, as most is, need not be read any closer.
        """
        if not self.dating.isdisjoint(vocabulary) or self._turning.occurs(words, vocabulary):
            return False
        auxiliaries, askable = self.words.auxiliaries, self.words.askable
        if auxiliaries.isdisjoint(vocabulary) or askable.isdisjoint(vocabulary):
            return True
        return not any(after in askable and word in auxiliaries for word, after in pairwise(words))


def _lent(source: _Source, others: Iterable[_Source]) -> Iterator[tuple[str, frozenset[Phrase]]]:
    """Yield the answers that other languages lend: who is asked in one language may answer in another.

    Only what holds their plain words for yes and no is lent, as other words may mean something else here; and nothing
    that this language has already: a Polish "no" is no "no".
    """
    own = frozenset[Phrase]().union(*(getattr(source, kind) for kind in ANSWERS))
    for other in others:
        for kind in ANSWERS:
            lent = getattr(other, kind) - own
            yield kind, frozenset(said for said in lent if not other.answer_particles.isdisjoint(said))


@cache
def load_lexicon(language: str, *others: str) -> Lexicon:
    """Return the cue lexicon of ``language`` (an IETF tag; "en-GB" uses "en"), with those of others beside it.

    Raises:
        RulesetNotFoundError: There is no lexicon for one of the languages.

    >>> load_lexicon("en").version, load_lexicon("en", "pl").of("pl").version[:3]
    ('en/1.3.0', 'pl/')
    """
    main, *rest = dict.fromkeys(tag.partition("-")[0] for tag in (language, *others))
    read = {name: _read(name) for name in (main, *rest)}

    def others_than(name: str) -> list[_Source]:
        return [source for key, (source, _) in read.items() if key != name]

    beside = {name: Lexicon(*read[name], others_than(name)) for name in rest}
    source, digest = read[main]
    if beside:
        digest = hashlib.sha256("".join(each for _, each in read.values()).encode()).hexdigest()
    return Lexicon(source, digest, others_than(main), MappingProxyType(beside))


def _read(name: str) -> tuple[_Source, str]:
    folder = files("triage_triggers.engine.context") / "lexicons"
    known = sorted(path.name.removesuffix(".yaml") for path in folder.iterdir() if path.name.endswith(".yaml"))
    if name not in known:
        raise RulesetNotFoundError(f"no cue lexicon for the language '{name}'; {near(name, known)}")
    content = (folder / f"{name}.yaml").read_bytes()
    # The base loader makes nothing but strings, so that "no" and "yes" stay words; in C where there is one.
    loader = getattr(yaml, "CBaseLoader", yaml.BaseLoader)
    source = _Source.model_validate(yaml.load(content, Loader=loader))  # noqa: S506  it constructs no objects
    return source, hashlib.sha256(content).hexdigest()
