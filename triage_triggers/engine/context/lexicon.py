"""The cue words of a language: data in ``lexicons/*.yaml``, compiled for look-up by word."""

from __future__ import annotations

import hashlib
from functools import cache
from importlib.resources import files
from itertools import pairwise
from typing import TYPE_CHECKING, Annotated, Final, Literal

import yaml
from pydantic import BaseModel, BeforeValidator, ConfigDict, PositiveInt, model_validator

from triage_triggers.engine.context.cues import CueIndex, Phrase
from triage_triggers.engine.context.sentence import tokens
from triage_triggers.errors import RulesetNotFoundError, near
from triage_triggers.folding import fold

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

__all__ = ["Classes", "Cues", "Lexicon", "Reach", "load_lexicon"]

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
AFTER: Final = ("absence_after", "affirming", "absence")  # "neg for" and "not ruled out" lack nothing
_KINDS: Final = frozenset({
    *ANSWERS, *POLARITY, *TIME, *AFTER, "fiction", "corrections", "degrees", "again", "reaffirming", "inquiries",
    "instructions", "tags",
})  # fmt: skip


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


class Classes(BaseModel):
    """A lexicon file. What each class does is documented in the file and in the module that uses it.

    Classes that are only looked for in an index, all the kinds of it together, are among its extra keys.
    """

    model_config = ConfigDict(extra="allow", frozen=True)
    __pydantic_extra__: dict[str, Cues]

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
    limits: Words
    habits: Cues
    occasions: Words
    openings: Words
    telling: Words
    possessing: Words
    definites: Words
    articles: Words
    contrasts: Words
    forbidding: Cues
    auxiliaries: Words
    askable: Words
    opening_auxiliaries: Words = frozenset()
    question_words: Words
    elliptic: Words
    question_openers: Words
    answer_particles: Words
    within_past: Words
    goes_on: Words
    year_leads: Words
    births: Words
    units_past: Words
    units_days: Words
    numbers: Words
    perfect: Words
    dreams: Words
    to_speaker: Words
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

    @model_validator(mode="after")
    def _has_each_kind(self) -> Classes:
        if self.__pydantic_extra__.keys() != _KINDS:
            raise ValueError(f"missing or unknown: {sorted(self.__pydantic_extra__.keys() ^ _KINDS)}")
        return self

    def kinds(self, *kinds: str) -> CueIndex:
        """Return an index of some kinds of cues."""
        return CueIndex((kind, self.cues(kind)) for kind in kinds)

    def cues(self, kind: str) -> frozenset[Phrase]:
        """Return the cues of a kind."""
        return self.__pydantic_extra__[kind]


class Lexicon:
    """The cues of one language, compiled. Immutable; ``version`` goes into assessments, ``digest`` is its file's.

    Where a call may mix languages, ``beside`` holds the lexicons of the others by their names, and ``version`` and
    ``digest`` are those of all together.
    """

    def __init__(
        self, source: Classes, digest: str, others: Iterable[Classes], beside: Mapping[str, Lexicon] | None = None
    ) -> None:
        self.words, self.beside = source, beside or {}
        named = f"{source.language}/{source.version}"
        self.version: str = "+".join([named, *(lexicon.version for lexicon in self.beside.values())])
        self.digest = digest
        self.polarity, self.time = source.kinds(*POLARITY), source.kinds(*TIME)
        self.absence_after = source.kinds(*AFTER)
        own = [(kind, source.cues(kind)) for kind in ANSWERS]
        self.answers = CueIndex([*own, *_lent(source, others)])
        self.fiction, self.corrections = source.kinds("fiction"), source.kinds("corrections")
        self.degrees, self.reaffirming = source.kinds("degrees", "again"), source.kinds("reaffirming")
        self.inquiries, self.instructions = source.kinds("inquiries"), source.kinds("instructions")
        self.tags = source.kinds("tags")
        # Words that make a sentence worth reading for one thing or another; one with none is plainly affirmed.
        self.denying = (self.polarity, self.absence_after, self.corrections)
        # What can turn a meaning by itself; "now" and "he said" only matter beside one of these.
        turning = (*POLARITY, "absence_after", "corrections", "fiction", *(kind for kind in TIME if kind not in _IDLE))
        self._turning = source.kinds(*turning)
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


def _lent(source: Classes, others: Iterable[Classes]) -> Iterator[tuple[str, frozenset[Phrase]]]:
    """Yield the answers that other languages lend: who is asked in one language may answer in another.

    Only what holds their plain words for yes and no is lent, as other words may mean something else here; and nothing
    that this language has already: a Polish "no" is no "no".
    """
    own = frozenset[Phrase]().union(*map(source.cues, ANSWERS))
    for other in others:
        for kind in ANSWERS:
            lent = other.cues(kind) - own
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

    def others_than(name: str) -> list[Classes]:
        return [source for key, (source, _) in read.items() if key != name]

    beside = {name: Lexicon(*read[name], others_than(name)) for name in rest}
    source, digest = read[main]
    if beside:
        digest = hashlib.sha256("".join(each for _, each in read.values()).encode()).hexdigest()
    return Lexicon(source, digest, others_than(main), beside)


def _read(name: str) -> tuple[Classes, str]:
    folder = files("triage_triggers.engine.context") / "lexicons"
    known = sorted(path.name.removesuffix(".yaml") for path in folder.iterdir() if path.name.endswith(".yaml"))
    if name not in known:
        raise RulesetNotFoundError(f"no cue lexicon for the language '{name}'; {near(name, known)}")
    content = (folder / f"{name}.yaml").read_bytes()
    # The base loader makes nothing but strings, so that "no" and "yes" stay words; in C where there is one.
    loader = getattr(yaml, "CBaseLoader", yaml.BaseLoader)
    source = Classes.model_validate(yaml.load(content, Loader=loader))  # noqa: S506  it constructs no objects
    return source, hashlib.sha256(content).hexdigest()
