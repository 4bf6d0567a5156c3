"""A frame: one way in which a language says that somebody does something to somebody."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from triage_triggers.engine.events.cast import CALLER, ONE
from triage_triggers.engine.events.clause import bare_part, object_at, past_small_words, subject_of
from triage_triggers.engine.events.event import Event
from triage_triggers.engine.events.patient import is_patient

if TYPE_CHECKING:
    from collections.abc import Callable

    from triage_triggers.engine.events.cast import Cast, Mention
    from triage_triggers.engine.events.clause import Object, Subject
    from triage_triggers.vocabulary.form import Tag

__all__ = ["Frame", "Site", "Told", "between_two", "event_at", "is_hurt", "own_body", "someone_close", "target_of"]

MOST_WORDS: Final = 3
"""How many words a note has at most between a verb and a part: "stamped on lower abdo"."""
NEAR: Final = 4
"""Within how many words before a verb its agent belongs to the event's own words."""


class Site(NamedTuple):
    """A word that may begin an event: its place, and the class it is read as.

    ``subjects`` are those that were asked for before in the call, by word: few frames come so far.
    """

    cast: Cast
    at: int
    tag: Tag
    subjects: dict[int, Subject]

    @property
    def subject(self) -> Subject:
        """Who stands before it."""
        known = self.subjects.get(self.at)
        if known is None:
            known = self.subjects[self.at] = subject_of(self.cast, self.at)
        return known

    def by(self, agent: Mention) -> Site:
        """Return the same word with another who does what it tells."""
        return self._replace(subjects={self.at: self.subject._replace(mention=agent)})

    def holds(self, mention: Mention) -> bool:
        """Whether somebody is named in the sentence of the word, and not before it."""
        return mention.first >= self.cast.words.sentence(self.at)[0]

    @property
    def behind(self) -> int:
        """The first word behind."""
        return self.at + self.tag.length

    @property
    def agent(self) -> Mention | None:
        """Who does it, where somebody can be said to: not a thing, and nobody to whom it is done."""
        return None if self.subject.blocked or self.subject.passive else self.subject.mention


class Told(NamedTuple):
    """An example: a sentence, and who does what to whom in its only event, in small letters; - for nobody."""

    sentence: str
    tells: str


class Frame(NamedTuple):
    """A construction, declared: what it looks for, examples of it, and sentences in which it finds nothing.

    It is asked at verbs that ``does`` names, at words of ``roles``, or at a ``cue``.
    """

    name: str
    looks_for: str
    find: Callable[[Site], Event | None]
    examples: tuple[Told, ...]
    counter_examples: tuple[str, ...]
    does: frozenset[str] = frozenset()
    roles: tuple[str, ...] = ()
    cue: str | None = None


def target_of(site: Site) -> Object | None:
    """Return whom a verb is done to, past a particle where the verb leaves room for one."""
    target = object_at(site.cast, site.behind)
    if target is None and site.tag.sense.takes is None:
        target = object_at(site.cast, past_small_words(site.cast, site.behind))
    return target or _noted_part(site)


def _noted_part(site: Site) -> Object | None:
    """Return the part that a note names without its owner, where somebody close does it: "bf stamped on lower abdo".

    What people do to themselves by mishap tells of nobody else: "son hit head".
    """
    words, agent, at = site.cast.words, None, site.behind
    if len(words.document.utterances) == 1 and not words.said(site.at, "mishaps"):
        agent = someone_close(site)
    if agent is None or site.at - agent.last > words.said(site.at - 1, "particle"):
        return None
    for _ in range(MOST_WORDS):
        at += words.close(at) and words.length_of(at, "noted-way")
    return bare_part(site.cast, at)


def someone_close(site: Site) -> Mention | None:
    """Return who does it, where they are close to somebody and not the patient."""
    agent = site.agent
    person = site.cast.person(agent)
    if agent is None or person is None or person.close is None or is_patient(site.cast, agent):
        return None
    return agent


def between_two(cast: Cast, agent: Mention | None, patient: Mention | None, *, part: bool) -> bool:
    """Tell whether agent and patient are two: nobody's own body, and no helper at work."""
    if any(one is not None and cast.words.said(one.last - 1, "animal") for one in (agent, patient)):
        return False
    if agent is None:
        return True
    if any(one is not None and one.helper for one in (cast.person(agent), cast.person(patient))):
        return False
    if patient is None:
        return True
    if patient.role != "pronoun":
        return agent.person is None or agent.person != patient.person
    return not (patient.sex == "some" or _reflexive(cast, agent, patient, part=part))


def _reflexive(cast: Cast, agent: Mention, patient: Mention, *, part: bool) -> bool:
    """Tell whether a pronoun stands for the agent again, or for a part of them where it owns one."""
    if cast.words.ends_in(patient.last - 1, "reflexive"):
        return True
    if {agent.sex, patient.sex} == ONE:
        return False
    if agent.person is not None and agent.person == patient.person:
        # "Partner booted her": who is named in one clause by a pronoun is somebody else, unless it is a part of them.
        return part or agent.person == CALLER
    if agent.sex == patient.sex and agent.sex in {"you", "self"}:
        return True
    return part and agent.sex == patient.sex


def own_body(agent: Mention, target: Object) -> bool:
    """Tell whether the caller does something to a part of somebody: callers tell how they help."""
    return agent.person == CALLER and target.part


def is_hurt(site: Site, target: Object | None, *, agent: Mention | None = None) -> bool:
    """Tell whether a person is told to whom the agent of a site, or another, can do something."""
    agent = agent or site.agent
    if agent is None or target is None or target.patient is None:
        return False
    return between_two(site.cast, agent, target.patient, part=target.part)


def event_at(site: Site, last: int, does: str, frame: str, patient: Mention | None) -> Event:
    """Return what the agent of a site does, told up to word ``last``."""
    cast, agent = site.cast, site.subject.mention
    if agent is not None and patient is not None and agent.person is not None and agent.person == patient.person:
        patient = patient._replace(person=None)
    first = site.at
    if agent is not None and agent.first < first and first - agent.last <= NEAR and site.holds(agent):
        first = agent.first
    children = any(one is not None and one.child for one in (cast.person(agent), cast.person(patient)))
    children = children or (cast.patient_is_child and patient is not None and is_patient(cast, patient))
    return Event(first, last, does, frame, agent, patient, "unknown" if children else cast.tie(agent, patient), site.at)
