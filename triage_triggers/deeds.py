"""Who did what to whom, and how that is known: the people of a finding, in words."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from triage_triggers.assessment import CastMember, Finding, KnownTie, Participant
    from triage_triggers.calls.call import Call

__all__ = ["CALLER", "CLAIMS", "Part", "Said", "by_claim", "how_tied", "who_to_whom"]

CALLER: Final = 1
"""The caller's number in every cast."""
CLAIMS: Final = frozenset(
    {
        "animal_cruelty",
        "children_present",
        "control",
        "covert_call",
        "economic",
        "escalation",
        "fear",
        "honour_based",
        "injury",
        "injury_mismatch",
        "order_breach",
        "perpetrator_present",
        "physical_violence",
        "pregnancy",
        "property_damage",
        "relationship",
        "repeat_history",
        "separation",
        "sexual_violence",
        "stalking",
        "strangulation",
        "suicide_threat_by_perpetrator",
        "threat",
        "threat_to_kill",
        "weapon",
    }
)
"""The themes that say what somebody claims. All others, such as the call-taker's questions, are evidence only."""
_KNOWN_BY: Final = {"answer": "by an answer", "kin": "as named", "predicate": "as told"}


_TIES: Final = {"ex_partner": "former partner", "unknown": "tie not known"}


class Said(NamedTuple):
    """Words of a call within a sentence: to be quoted, and made harmless first."""

    text: str


Part: TypeAlias = str | Said


def by_claim(findings: Iterable[Finding]) -> tuple[tuple[Finding, ...], tuple[Finding, ...], tuple[Finding, ...]]:
    """Return findings that claim something, those that count beside them, and those set aside, each in their order."""
    every = tuple(findings)
    counted = tuple(finding for finding in every if finding.counts)
    return (
        tuple(finding for finding in counted if finding.theme in CLAIMS),
        tuple(finding for finding in counted if finding.theme not in CLAIMS),
        tuple(finding for finding in every if not finding.counts),
    )


def who_to_whom(finding: Finding, cast: Sequence[CastMember], call: Call | None = None) -> tuple[Part, ...]:
    """Return who did it to whom and how that is known; nothing where a finding is about nobody.

    Args:
        finding: What was found.
        cast: The cast of its assessment.
        call: The call, where its words may be shown; without it people go by their numbers.

    >>> from triage_triggers.assessment import CastMember, Finding, KnownTie, Participant, Why
    >>> from triage_triggers.calls.call import Call, Utterance
    >>> call = Call("C-1", [Utterance("He hit me.", "caller"), Utterance("My bloke.", "caller")])
    >>> he = CastMember(2, ("My bloke",), (KnownTie(1, "partner", "answer", 1, 0, 8),))
    >>> hit = Finding("v.hit", "v", 0, 0, 9, 0, "affirmed", "current", True, None, "said plainly", Why.PLAIN)
    >>> hit = hit._replace(agent=Participant(2, 0, 0, 2), patient=Participant(1, 0, 7, 9), tie="partner")
    >>> "".join(part if isinstance(part, str) else repr(part.text) for part in who_to_whom(hit, [he], call))
    "by 'He' = 'My bloke', utterance 2 (partner, by an answer), to 'me', the caller"
    >>> "".join(map(str, who_to_whom(hit, [he])))
    'by person 2 (partner, by an answer in utterance 2), to the caller'
    """
    parts: list[Part] = []
    if finding.agent is not None:
        parts += ["by ", *_person(finding.agent, how_tied(finding, cast), cast, call, finding.tie)]
    elif finding.tie is not None:
        parts.append(_in_words(finding.tie))
    if finding.patient is not None:
        known = next((tie for member in cast if member.person == finding.patient.person for tie in member.ties), None)
        parts += [", to " if parts else "to ", *_person(finding.patient, known, cast, call)]
    return tuple(parts)


def how_tied(finding: Finding, cast: Sequence[CastMember]) -> KnownTie | None:
    """Return the tie of a finding's agent, as it was told: to the patient, else to the caller, else to anyone."""
    if finding.agent is None or finding.agent.person is None:
        return None
    agent = finding.agent.person
    patient = CALLER if finding.patient is None else finding.patient.person
    told = {member.person: member.ties for member in cast}
    own = told.get(agent, ())
    nearest = (
        *(tie for tie in own if tie.to == patient),
        *(tie for tie in (told.get(patient, ()) if patient is not None else ()) if tie.to == agent),
        *(tie for tie in own if tie.to == CALLER),
        *own,
        *(tie for tie in told.get(CALLER, ()) if tie.to == agent),
    )
    return next(iter(nearest), None)


def _person(
    who: Participant, known: KnownTie | None, cast: Sequence[CastMember], call: Call | None, tie: str | None = None
) -> Iterator[Part]:
    """Yield who is meant: the words there, then those that say who that is; numbers without the call."""
    is_caller, where = who.person == CALLER, ""
    mention = None if call is None else _said_there(call, who)
    if mention is not None and call is not None:
        yield mention
        yield from _also_said(mention, who, known, cast, call) if not is_caller else (", the caller",)
    else:
        yield "the caller" if is_caller else "somebody not named" if who.person is None else f"person {who.person}"
        where = "" if known is None else f" in utterance {known.utterance + 1}"
    if tie is not None and not is_caller:
        how = f", {_KNOWN_BY.get(known.known_by, known.known_by.replace('_', ' '))}{where}" if known is not None else ""
        yield f" ({_in_words(tie)}{how})"


def _also_said(
    mention: Said, who: Participant, known: KnownTie | None, cast: Sequence[CastMember], call: Call
) -> Iterator[Part]:
    told = (
        None
        if known is None or _overlaps(who, known)
        else Said(call.utterances[known.utterance].text[known.start : known.end])
    )
    heard = {part.text.casefold() for part in (mention, told) if part is not None}
    names = [name for member in cast if member.person == who.person for name in member.names]
    name = None if any(name.casefold() in heard for name in names) else next(iter(names), None)
    for other in (None if name is None else Said(name), told):
        if other is not None:
            yield " = "
            yield other
    if told is not None and known is not None:
        yield f", utterance {known.utterance + 1}"


def _in_words(tie: str) -> str:
    return _TIES.get(tie, tie.replace("_", " "))


def _overlaps(who: Participant, known: KnownTie) -> bool:
    if who.utterance != known.utterance or who.start is None or who.end is None:
        return False
    return who.start < known.end and known.start < who.end


def _said_there(call: Call, who: Participant) -> Said | None:
    if who.utterance is None or who.start is None or who.end is None:
        return None
    return Said(call.utterances[who.utterance].text[who.start : who.end])
