"""Casting: a call is read once, from its first word to its last, and everybody in it enters the cast."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from triage_triggers.engine.events.antecedents import REACH, Antecedents
from triage_triggers.engine.events.cast import CALLER, CLOSE, FAR, ONE, Cast, Mention, Tie
from triage_triggers.engine.events.names import (
    acts_or_ends,
    answered_names,
    asked_names,
    capitals_of,
    is_addressed,
    may_be_name,
)
from triage_triggers.engine.events.patient import is_child, patient_sex
from triage_triggers.engine.events.words import COMMA

if TYPE_CHECKING:
    from triage_triggers.engine.events.words import Words
    from triage_triggers.vocabulary.form import Tag

__all__ = ["read_cast"]

EARLY: Final = 120
"""Within how many words of a call the patient is named, where it is one of the caller's people."""
MOST_ADJECTIVES: Final = 3
LEAST_NOUN: Final = 4
"""How many letters a word has at least that stands for a thing of hers, where no class holds it: "her pride"."""
_NAMING: Final = frozenset({"person", "owner", "pronoun", "article"})
PREDICATE: Final = 6
"""Within how many words of "the fella" and "she" it stands how they live."""


def read_cast(words: Words) -> Cast:
    """Return the cast of a call.

    >>> from triage_triggers.calls.call import Call
    >>> from triage_triggers.engine.events.words import Words
    >>> from triage_triggers.engine.matching.document import Document
    >>> from triage_triggers.vocabulary.vocabulary import load_vocabulary
    >>> cast = read_cast(Words(Document(Call.from_text("Her fella Kev did it, he did.")), load_vocabulary("en")))
    >>> [(mention.first, mention.person) for mention in cast.mentions]
    [(0, 2), (5, 2)]
    """
    return _Casting(words).read()


class _Casting:
    """The state of one reading: who is known by which name and kin word, and to whom a pronoun would go now."""

    __slots__ = ("antecedents", "asked", "capitals", "cast", "couples", "kin", "named", "words")

    def __init__(self, words: Words) -> None:
        self.words = words
        self.cast = Cast(words)
        self.antecedents = Antecedents(self.cast)
        self.capitals = capitals_of(words)
        self.asked = asked_names(words)
        self.named: dict[str, int] = {}
        self.kin: dict[tuple[str, int | None], int] = {}
        self.couples: dict[tuple[str, str, int | None], int] = {}

    def read(self) -> Cast:
        cast = self.cast
        cast.patient_sex = patient_sex(self.words)
        cast.patient_is_child = is_child(self.words)
        for name, is_caller in answered_names(self.words):
            self.named.setdefault(name, CALLER if is_caller else cast.the_patient())
        behind = 0
        for at, roles in enumerate(self.words.roles):
            mention = self._mention(at) if at >= behind and self._may_begin(at, roles) else None
            if mention is None:
                continue
            cast.add(mention)
            self._may_be_the_patient(mention)
            self.antecedents.named(mention)
            behind = mention.last
        return cast

    def _may_begin(self, at: int, roles: frozenset[str]) -> bool:
        """Tell quickly whether somebody may be named here: most words name nobody."""
        if not _NAMING.isdisjoint(roles) or self.words.capital(at):
            return True
        name = self.words.bare(at)
        return name in self.named or name in self.asked

    def _may_be_the_patient(self, mention: Mention) -> None:
        """Take the first of the caller's people of the patient's sex for the patient: "it's my dad, he's collapsed"."""
        cast, person = self.cast, self.cast.person(mention)
        if cast.knows_patient or mention.role != "person" or cast.patient_sex not in ONE:
            return
        if person is None or person.group is not None or CALLER not in person.ties or mention.first > EARLY:
            return
        if self.words.possessive(mention.last - 1) and self._owns_a_thing(mention.last):
            return  # "he's on my husband's knee"
        if person.sex in {cast.patient_sex, None} and self.words.speaker(mention.first) in {"caller", "unknown"}:
            cast.be_patient(person)

    # -- mentions
    def _mention(self, at: int) -> Mention | None:
        here = self.words.tags(at)
        if not here:
            return self._name(at)
        tags = {tag.sense.is_: tag for tag in here}
        if "person" in tags:
            for tag in here:
                bare = self._bare_kin(at, tag) if tag.sense.is_ == "person" else None
                if bare is not None:
                    return bare
        owner, pronoun = tags.get("owner"), tags.get("pronoun")
        if owner is not None:
            kin = self._owned(at, owner)
            if kin is not None:
                return kin
            if (
                pronoun is None
                or self._owns_a_thing(at + 1)
                or (owner.sense.sex == "f" and self._may_be_a_thing(at + 1))
            ):
                return None
        if pronoun is not None:
            return self._pronoun(at, pronoun)
        return self._with_article(at) if "article" in tags else self._name(at)

    def _owns_a_thing(self, at: int) -> bool:
        """Tell whether something that may be owned stands here: then `her` before it is no object."""
        if not self.words.close(at):
            return False
        owned = {"part", "limb", "need", "surface", "weapon", "person"}
        return self.words.said(at, "own") or any(tag.sense.is_ in owned for tag in self.words.tags(at))

    def _may_be_a_thing(self, at: int) -> bool:
        """Tell whether a word that no class holds stands right behind "her": "bruised her pride"."""
        if (
            not self.words.close(at)
            or self.words.tags(at)
            or self.words.capital(at)
            or self.words.said(at - 2, "sees-do")
        ):
            return False
        word = self.words.spelled[at]
        known = word in self.named or word in self.asked or self.words.ends_in(at, "no-noun")
        return not known and len(word) >= LEAST_NOUN and word.isalpha()

    def _pronoun(self, at: int, tag: Tag) -> Mention:
        sex = tag.sense.sex or "some"
        if sex == "some":
            person = self.cast.new(at, at + tag.length)
            person.group = "stranger"
            return Mention(at, at + tag.length, person.number, sex, "pronoun", not tag.sense.object)
        stands_for = (
            self.antecedents.other_than_subject(sex, at) if tag.sense.object else self.antecedents.stands_for(sex, at)
        )
        return Mention(at, at + tag.length, stands_for, sex, "pronoun", not tag.sense.object)

    def _owned(self, at: int, owner: Tag) -> Mention | None:
        """Return somebody's: "my bloke", "her mam's fella", "our Kev"."""
        words, step = self.words, self._past_adjectives(at + owner.length)
        if step >= len(words):
            return None
        tag = self._person_tag(step)
        if tag is None:
            ours = owner.sense.sex == "self" and words.said(at, "our") and words.capital(step)
            return self._our(at, step) if ours else self._hers(at, owner, step)
        sex, last = owner.sense.sex, step + tag.length
        to = self._whose(sex, at, owner) if sex is not None and sex in ONE else self.antecedents.stands_for(sex, at)
        return self._with_name(self._theirs(self._kin(at, last, tag, to), tag))

    def _theirs(self, mention: Mention, tag: Tag) -> Mention:
        """Return somebody of somebody's where one is named behind: "the husband's niece", "wife uncle"."""
        words, last = self.words, mention.last
        if mention.person is None or not words.close(last):
            return mention
        inner = self._past_adjectives(last) if tag.possessive else last
        nested = self._person_tag(inner)
        if nested is None or not (tag.possessive or (tag.sense.tie in CLOSE and nested.sense.tie in CLOSE)):
            return mention
        if mention.sex is not None and mention.sex in ONE:
            self.antecedents.latest[mention.sex] = mention  # "my daughter's carer hit her"
        return self._kin(mention.first, inner + nested.length, nested, mention.person)

    def _hers(self, at: int, owner: Tag, step: int) -> Mention | None:
        """Return whom somebody lives with, by a name: "her Gavin shoved her", "by his Carol"."""
        words, sex = self.words, owner.sense.sex
        named = words.bare(step)
        if sex not in ONE or step != at + owner.length or not words.close(step) or not words.capital(step):
            return None
        if not may_be_name(words, step, self.capitals) or not acts_or_ends(words, step):
            return None
        to = self._whose(sex, at, owner)
        if named not in self.named:
            self.named[named] = self.cast.new(at, step + 1).number
        number = self.named[named]
        self.cast.bind(number, Tie(to, "partner", "kin", at, step + 1))
        return Mention(at, step + 1, number, self.cast.people[number].sex, "person", subject=True)

    def _whose(self, sex: str, at: int, owner: Tag) -> int:
        """Return for whom "his" or "her" stands: who fits, the patient, or somebody nobody has named."""
        to = self.antecedents.stands_for(sex, at)
        if to is None and self.cast.patient_sex == sex:
            to = self.cast.the_patient()
        if to is None:
            to = self.cast.somebody(sex, at, REACH).number
            self.antecedents.latest[sex] = Mention(at, at + owner.length, to, sex, "pronoun", subject=False)
        return to

    def _our(self, at: int, step: int) -> Mention:
        """Return one of the family by a name: "our Kev"."""
        name = self.words.bare(step)
        if name not in self.named:
            self.named[name] = self.cast.new(at, step + 1).number
        person = self.named[name]
        self.cast.bind(person, Tie(CALLER, "relative", "kin", at, step + 1))
        return Mention(at, step + 1, person, self.cast.people[person].sex, "person", subject=True)

    def _bare_kin(self, at: int, tag: Tag) -> Mention | None:
        """Return somebody named by a kin word or a role without an owner: "mum", "ptnr", "the husband", "bouncers"."""
        sense, last, cast = tag.sense, at + tag.length, self.cast
        if sense.needs is not None:
            return None
        if sense.kind == "patient":
            return Mention(at, last, self._patient_or_caller(), cast.patient_sex, "person", subject=True)
        if sense.kin and self.words.speaker(at) == "call_taker" and sense.sex == cast.patient_sex:
            return Mention(at, last, cast.the_patient(), sense.sex, "person", subject=True)  # "skin to skin on mum"
        if sense.kin:
            return self._with_name(self._theirs(self._kin(at, last, tag, CALLER), tag))
        if sense.tie in FAR or sense.age == "child" or sense.helps:
            return self._kin(at, last, tag, None)
        return self._with_name(self._theirs(self._kin(at, last, tag, self._patient_or_caller()), tag))

    def _patient_or_caller(self) -> int:
        if self.cast.patient_sex in ONE:
            return self.cast.the_patient()
        return CALLER

    def _with_article(self, at: int) -> Mention | None:
        """Return somebody with an article: "the husband", "a man", "the fella she lives with"."""
        step = self._past_adjectives(at + 1)
        for tag in self.words.tags(step) if step < len(self.words) else ():
            sense, last = tag.sense, step + tag.length
            belongs = sense.needs is None or sense.name == "family"
            if sense.is_ != "person" or not (belongs or sense.needs == "article"):
                continue
            if sense.tie in CLOSE:
                definite = belongs and self.words.said(at, "definite")
                if not definite:
                    return None
                return self._with_name(self._theirs(self._kin(at, last, tag, self._patient_or_caller()), tag))
            lives_with = self._lives_with(last)
            if lives_with is None:
                return self._theirs(self._kin(at, last, tag, None), tag)
            person = self.cast.new(at, last, sense.sex)
            over = self.words.any_said(last, last + PREDICATE, "once-was")
            tie = "ex_partner" if over else "partner"
            self.cast.bind(person.number, Tie(lives_with, tie, "predicate", at, last))
            return Mention(at, last, person.number, sense.sex, "person", subject=True)
        return None

    def _lives_with(self, at: int) -> int | None:
        """Return with whom somebody lives, as a clause behind tells: "the fella she lives with", "a man I'm seeing"."""
        words = self.words
        if at + 1 >= len(words) or not words.close(at):
            return None
        at += words.said(at, "which")
        who = next(
            (tag for tag in words.tags(at) if tag.sense.is_ == "pronoun" and tag.sense.sex in {"self", "you", *ONE}),
            None,
        )
        if who is None or not words.any_said(at + 1, at + PREDICATE, "lives-with"):
            return None
        if who.sense.sex in {"self", "you"}:
            return self.antecedents.stands_for(who.sense.sex, at)
        return self._patient_or_caller()

    def _kin(self, first: int, last: int, tag: Tag, to: int | None) -> Mention:
        """Return somebody by what they are to another; the same word of the same other is the same person."""
        sense, cast = tag.sense, self.cast
        known_as = self.words.bare(last - 1)
        if sense.tie is not None and sense.tie in CLOSE and sense.tie != "relative":
            known_as = sense.tie
        elif sense.kin and known_as in self.words.vocabulary.cue("parent"):
            known_as = sense.name
        number = self.kin.get((known_as, to))
        if number is None:
            person = cast.new(first, last, sense.sex if sense.sex in ONE else None)
            self.kin[known_as, to] = number = person.number
            person.child, person.helper = sense.age == "child", sense.helps
            person.group = sense.tie if sense.tie in FAR else None
            if to is not None and sense.tie is not None and sense.tie in CLOSE:
                cast.bind(number, Tie(to, sense.tie, "kin", first, last))
            if sense.kin:
                self._pair(number, (first, last), sense.sex, to)
        else:
            cast.people[number].names.append((first, last))
        return Mention(first, last, number, cast.people[number].sex, "person", subject=True)

    def _pair(self, number: int, named: tuple[int, int], sex: str | None, to: int | None) -> None:
        """Let father and mother of somebody be partners, and nan and grandad."""
        known_as = self.words.bare(named[1] - 1)
        for generation in ("parents", "grandparents"):
            if sex not in ONE or known_as not in self.words.vocabulary.cue(generation):
                continue
            for other in ONE - {sex}:
                if (generation, other, to) in self.couples:
                    self.cast.bind(number, Tie(self.couples[generation, other, to], "partner", "kin", *named))
            self.couples.setdefault((generation, sex, to), number)

    def _with_name(self, mention: Mention) -> Mention:
        """Take in the name behind: "my husband Kev", "son Colin", "dtr Karen"."""
        at, words = mention.last, self.words
        if at >= len(words) or words.breaks[at] > COMMA or mention.person is None:
            return mention
        if not may_be_name(words, at, self.capitals) or not (words.capital(at) or words.close(at)):
            return mention
        known = self.named.setdefault(words.bare(at), mention.person)
        if known != mention.person:
            self.cast.people[known].same_as(self.cast.people[mention.person])
        return mention._replace(last=at + 1) if words.close(at) else mention

    def _name(self, at: int) -> Mention | None:
        name = self.words.bare(at)
        if name not in self.named:
            written = self.words.capital(at) and may_be_name(self.words, at, self.capitals)
            if not (written or name in self.asked):
                return None
            self.named[name] = CALLER if is_addressed(self.words, at) else self.cast.new(at, at + 1).number
        known = self.named[name]
        return Mention(at, at + 1, known, self.cast.people[known].sex, "name", subject=True)

    def _person_tag(self, at: int) -> Tag | None:
        if at >= len(self.words):
            return None
        tags = self.words.tags(at)
        return next((tag for tag in tags if tag.sense.is_ == "person" and tag.sense.needs != "article"), None)

    def _past_adjectives(self, at: int) -> int:
        """Return the place behind adjectives, the call's end where the next word stands apart."""
        for _ in range(MOST_ADJECTIVES):
            if at >= len(self.words):
                return at
            if not self.words.close(at):
                return len(self.words)
            tag = self.words.has(at, "adjective")
            if tag is None or self._person_tag(at) is not None:
                return at
            at += tag.length
        return at
