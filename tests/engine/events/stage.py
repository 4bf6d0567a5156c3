"""What tests of events share: a call read as a scene, and what its events tell, as spelled."""

from __future__ import annotations

from typing import TYPE_CHECKING

from triage_triggers.calls.call import Call, Utterance
from triage_triggers.engine.events.answers import answers, asked_outright
from triage_triggers.engine.events.casting import read_cast
from triage_triggers.engine.events.confirmations import confirmations
from triage_triggers.engine.events.introductions import appositions, introductions, predicates
from triage_triggers.engine.events.words import Words
from triage_triggers.engine.matching.document import Document
from triage_triggers.vocabulary.vocabulary import load_vocabulary

if TYPE_CHECKING:
    from triage_triggers.engine.events.cast import Cast, Mention
    from triage_triggers.engine.events.event import Event

_VOCABULARY = load_vocabulary("en")
assert _VOCABULARY is not None
VOCABULARY = _VOCABULARY
SPEAKERS = {"C": "caller", "T": "call_taker"}


def document_of(text: str) -> Document:
    """Lay out a text, or a talk: lines that begin with "C:" and "T:" are turns of caller and call-taker."""
    turns = [line.strip().partition(": ") for line in text.strip().split("\n")]
    if all(speaker in SPEAKERS for speaker, _, _ in turns):
        said = [Utterance(text, "caller" if speaker == "C" else "call_taker") for speaker, _, text in turns]
        return Document(Call("C-1", tuple(said)))
    return Document(Call.from_text(text))


def cast_of(text: str) -> Cast:
    """Return the cast of a call with all its ties."""
    cast = read_cast(Words(document_of(text), VOCABULARY))
    for _ in (*answers(cast), *asked_outright(cast)):
        pass
    introductions(cast)
    for _ in confirmations(cast):
        pass
    appositions(cast)
    predicates(cast)
    return cast


def name_of(cast: Cast, mention: Mention | None) -> str:
    """Return somebody as spelled, - for nobody."""
    return "-" if mention is None else " ".join(cast.words.spelled[mention.first : mention.last])


def told(cast: Cast, event: Event) -> str:
    """Return who does what to whom."""
    return f"{name_of(cast, event.agent)} {event.does} {name_of(cast, event.patient)}"
