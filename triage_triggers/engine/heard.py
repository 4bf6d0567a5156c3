"""What was heard in a call: each match as it was said, and what counts of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from triage_triggers.assessment import Cue, Finding, FirstFlag, Why
from triage_triggers.engine.decision.sign import Evidence
from triage_triggers.engine.events.intent import intent_of
from triage_triggers.engine.events.scene import by_whom
from triage_triggers.engine.matching.matcher import Match

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from triage_triggers.calls.call import Call
    from triage_triggers.engine.context.reader import ContextReader
    from triage_triggers.engine.events.event import Event
    from triage_triggers.engine.events.scene import Scene
    from triage_triggers.engine.matching.document import Document
    from triage_triggers.ruleset.definition import Rule

__all__ = ["Heard", "alone", "beside_others", "counted", "evidence_of", "first_flag", "hear", "hear_event"]

_TIES: Final = {"he_or_she": "unknown"}
_OF_QUESTIONS: Final = frozenset({"question", "answer_yes", "answer_no", "answer_unknown"})


class Heard(NamedTuple):
    """A phrase in a laid-out call, ``start:end`` there, as it was said: nothing here looks from one match to another.

    ``owner`` is the number of its rule; ``evidence`` is what it tells, ``None`` where it does not count. ``asked``: it
    stands in a question, so that what is said next may still change how it is read. ``by`` is whose deed it is, as
    signs ask for it.
    """

    start: int
    end: int
    owner: int
    finding: Finding
    evidence: Evidence | None
    asked: bool
    by: str | None = None


def hear(document: Document, reader: ContextReader, rule: Rule, match: Match, spelled: frozenset[str]) -> Heard:
    """Return a match as it was meant. ``spelled`` are the words of the rule's phrases, if any of them has a gap."""
    place = document.place(match.start, match.end)
    reading = reader.read(match.start, match.end, spelled, rule.language)
    counts, cue, why, reason = reading.counts, reading.cue, reading.why, reading.why.in_words
    speaker = document.utterances[place.utterance].speaker
    asked = cue is not None and cue.kind in _OF_QUESTIONS
    if cue is not None and cue.kind == "answer_yes":
        speaker = document.utterances[cue.utterance].speaker  # who confirms a question has said it
    if match.idiom is not None:
        counts, cue = False, document.cue("idiom", *match.idiom)
        why, reason = Why.IDIOM, Why.IDIOM.in_words
    elif rule.speakers and speaker != "unknown" and speaker not in rule.speakers:
        counts, cue, why = False, None, Why.SPEAKER
        reason = f"said by {speaker}; the rule listens to {' and '.join(rule.speakers)} only"
    elif rule.never_set_aside and not counts:
        counts, reason = True, f"{reason}; counts all the same, for the rule is never set aside"
    where = place.utterance, place.start, place.end, place.end_utterance
    read = reading.polarity, reading.temporality
    finding = Finding(rule.id, rule.theme, *where, *read, counts, cue, reason, why)
    # What counts however it was meant is known once it is said; else once it is known how it was meant.
    known_at = match.end if rule.never_set_aside else reading.known_at
    evidence = evidence_of(document, finding, match.start, match.end, known_at) if counts else None
    return Heard(match.start, match.end, match.owner, finding, evidence, asked)


def hear_event(scene: Scene, reader: ContextReader, rule: Rule, owner: int, event: Event) -> Heard:
    """Return an event as it was meant, with who did it to whom."""
    words = scene.cast.words
    start, end = words.starts[event.first], words.ends[event.last - 1]
    said = hear(words.document, reader, rule, Match(start, end, owner, None), scene.own_words(event))
    finding = said.finding._replace(
        agent=scene.participant(event.agent),
        patient=scene.participant(event.patient),
        tie=_TIES.get(event.tie, event.tie),
    )
    if event.frame == "answer" and event.does != "named" and finding.counts:
        finding = finding._replace(
            polarity="affirmed", cue=None, why=Why.TOLD_IN_ANSWER, reason=Why.TOLD_IN_ANSWER.in_words
        )
    intended = None if event.frame in {"enquiry", "answer"} else intent_of(scene.cast, event)
    if intended is not None:
        counts = rule.never_set_aside
        place = words.document.place(words.starts[intended.first], words.ends[intended.last - 1])
        cue = Cue(intended.intent, place.utterance, place.start, place.start + max(1, place.end - place.start))
        finding = finding._replace(
            intent=intended.intent, counts=counts, cue=cue, why=intended.why, reason=intended.why.in_words
        )
    by = by_whom(scene.cast, event)
    evidence = said.evidence._replace(by=by) if said.evidence is not None and finding.counts else None
    return Heard(start, end, owner, finding, evidence, said.asked, by)


def beside_others(heard: Sequence[Heard], rules: Sequence[Rule]) -> list[Heard]:
    """Set aside what counts only beside something else, where that is nowhere in the call."""
    found: dict[str, int] = {}
    for entry in heard:
        if entry.evidence is not None and not rules[entry.owner].beside:
            for name in (entry.finding.rule, entry.finding.theme):
                found[name] = min(found.get(name, entry.evidence.position), entry.evidence.position)
    return [_beside(entry, rules[entry.owner].beside, found) for entry in heard]


def _beside(entry: Heard, names: tuple[str, ...], found: Mapping[str, int]) -> Heard:
    if not names or entry.evidence is None:
        return entry
    first = min((found[name] for name in names if name in found), default=None)
    if first is None:
        return entry._replace(finding=alone(entry.finding), evidence=None)
    return entry._replace(evidence=entry.evidence._replace(position=max(first, entry.evidence.position)))


def alone(finding: Finding) -> Finding:
    """Set aside what means little by itself."""
    return finding._replace(counts=False, cue=None, why=Why.ALONE, reason=Why.ALONE.in_words)


def evidence_of(document: Document, finding: Finding, start: int, end: int, known_at: int) -> Evidence:
    """Return what a finding at ``start:end`` of the laid-out call tells that was known at another offset there."""
    turn, word = document.utterance_at(known_at - 1), document.word_at(start)
    return Evidence(known_at, finding.rule, finding.theme, finding.temporality, turn, None, start, end, word, 0)


def counted(heard: Sequence[Heard]) -> tuple[Evidence, ...]:
    """Return what all findings tell, each numbered as it stands among them."""
    return tuple([entry.evidence._replace(finding=at) for at, entry in enumerate(heard) if entry.evidence is not None])


def first_flag(call: Call, position: int) -> FirstFlag:
    """Return where in a call the offset of a laid-out call lies."""
    offset = 0
    for number, utterance in enumerate(call.utterances):
        if position <= offset + len(utterance.text):
            return FirstFlag(number, position - offset, utterance.time)
        offset += len(utterance.text) + 1
    raise AssertionError("the evidence lies outside the call")  # pragma: no cover
