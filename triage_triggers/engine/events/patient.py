"""The patient: whom the call is about, as far as the questions of every call-taker and the answers tell."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from triage_triggers.engine.events.cast import CALLER

if TYPE_CHECKING:
    from collections.abc import Iterator

    from triage_triggers.engine.events.cast import Cast, Mention
    from triage_triggers.engine.events.words import Words

__all__ = ["is_child", "is_patient", "named_lately", "patient_sex"]

NEAR: Final = 3
"""Within how many words of what every call-taker asks a pronoun stands for the patient."""
HEAD: Final = 15
"""Within how many words a note says who the patient is."""
NOTED: Final = 5
"""How much that counts, against a pronoun."""
_SHORTHAND: Final = re.compile(r"\d{1,3}[fm]|[fm]\d{1,3}|female|male|[fm]")
AGE: Final = 8
"""Within how many words of an answer an age is told."""
LATELY: Final = 14
"""Within how many words a pronoun still goes to who was named, although it fits the patient."""


def patient_sex(words: Words) -> str | None:
    """Return the sex of the one asked about by every call-taker, ``self`` where it is the caller."""
    said = {"m": 0, "f": 0, "you": 0}
    for sex in _asked_about(words):
        if sex in said:
            said[sex] += 1
    for sex in _noted(words):
        said[sex] += NOTED
    most = max(said, key=lambda sex: said[sex])
    if not said[most]:
        return None
    return "self" if most == "you" else most


def _noted(words: Words) -> Iterator[str]:
    """Yield the sex that a note gives in its first words: "83M", "F24", "female"."""
    for word in words.spelled[:HEAD]:
        if _SHORTHAND.fullmatch(word):
            yield "f" if "f" in word else "m"


def _asked_about(words: Words) -> Iterator[str]:
    for at in words.all_said("triage"):
        if words.speaker(at) in {"call_taker", "unknown"}:
            first, last = words.sentence(at)
            near = range(max(first, at - NEAR), min(last, at + NEAR + 1))
            yield from _pronouns(words, near, ("pronoun", "owner"), None)


def _pronouns(words: Words, places: range, roles: tuple[str, ...], speakers: tuple[str, ...] | None) -> Iterator[str]:
    for at in places:
        if speakers is None or words.speaker(at) in speakers:
            for tag in words.tags(at):
                if tag.sense.is_ in roles and tag.sense.sex is not None:
                    yield tag.sense.sex


def is_patient(cast: Cast, mention: Mention) -> bool:
    """Tell whether somebody is the one that the call is about, as far as sex and name tell."""
    if mention.person is not None and mention.person == cast.patient:
        return True
    sex, person = cast.patient_sex, cast.person(mention)
    if person is not None and person.ties and cast.patient is not None:
        return mention.role == "pronoun" and mention.sex == sex and not named_lately(cast, mention)
    if sex in {"self", None}:
        return mention.person == CALLER
    return mention.sex == sex


def is_child(words: Words) -> bool:
    """Tell whether the call-taker is told that whoever the call is about is under sixteen: "how old is he?" "Six."."""
    for first, last in words.found("how-old"):
        end = words.sentence(last - 1)[1]
        of_patient = words.any_said(last, end, "of-patient") and not words.any_said(last, end, "of-you")
        if words.speaker(first) not in {"call_taker", "unknown"} or not of_patient:
            continue
        answer = words.next_turn(first)
        for at in range(answer, min(words.next_turn(answer), answer + AGE) if answer < len(words) else answer):
            if words.said(at, "child-age"):
                return True
            if words.ends_in(at, "grown-age") or words.spelled[at].isdigit():
                break
    return False


def named_lately(cast: Cast, mention: Mention) -> bool:
    """Tell whether the one a pronoun goes to was named a few words before."""
    for other in cast.before(mention.first):
        if mention.first - other.last > LATELY:
            return False
        if other.person == mention.person and other.role != "pronoun":
            return True
    return False
