"""One thing that might have been otherwise in a call: how a finding was meant, that it was said, that a rule exists."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, Literal, NamedTuple, TypeAlias, get_args

from triage_triggers.assessment import Why
from triage_triggers.deeds import how_tied

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from triage_triggers.assessment import CastMember, Finding, KnownTie, Tally
    from triage_triggers.calls.call import Call

__all__ = ["Change", "apply", "possible_changes"]

ChangeKind: TypeAlias = Literal[
    "answer", "denial", "time", "voice", "intent", "idiom", "speaker", "words", "tie", "rule", "line"
]
_KINDS: Final[tuple[ChangeKind, ...]] = get_args(ChangeKind)


class Change(NamedTuple):
    """A change to the findings of a call.

    ``text`` completes "had …" or stands after "without …", in plain words and without what was said; ``findings`` are
    the positions of those it touches; they are taken away where ``removed``, and else read as ``counts``,
    ``polarity`` and ``temporality`` say (``None``: as they were). A change to a ``tie`` makes who did it
    unknown, and takes away what only named them.
    """

    kind: ChangeKind
    text: str
    findings: tuple[int, ...]
    removed: bool = False
    counts: bool | None = None
    polarity: str | None = None
    temporality: str | None = None
    intent: str | None = None
    tie: str | None = None


def possible_changes(
    call: Call, findings: Sequence[Finding], tally: Tally | None = None, cast: Sequence[CastMember] = ()
) -> tuple[Change, ...]:
    """Return every single change worth asking about, those to what was said before those to rules.

    Findings that hang on the same words change together: a question has one answer for all rules that heard it.
    """
    said = [finding.counts for finding in findings]
    found: dict[tuple[object, ...], Change] = {}
    for position, finding in enumerate(findings):
        for change in _changes_of(call, finding, counts=said[position]):
            key = (change.kind, change.text)
            known = found.get(key)
            found[key] = change._replace(findings=((*known.findings, position) if known else (position,)))
    taken_away = (
        *_untied(findings, cast),
        *_unsaid(findings, said),
        *_without_rules(findings, said),
        *_without_lines(tally),
    )
    return tuple(sorted((*found.values(), *taken_away), key=_order))


def apply(changes: Sequence[Change], findings: Sequence[Finding]) -> tuple[Finding, ...]:
    """Return the findings with changes made; what is taken away stays away."""
    changed: list[Finding | None] = list(findings)
    for change in changes:
        for position in change.findings:
            finding = changed[position]
            changed[position] = None if finding is None or change.removed else _read(finding, change)
    return tuple(finding for finding in changed if finding is not None)


def _read(finding: Finding, change: Change) -> Finding | None:
    if change.tie is not None and finding.agent is None:
        return None
    given = {name: getattr(change, name) for name in ("counts", "polarity", "temporality", "intent", "tie")}
    return finding._replace(**{name: value for name, value in given.items() if value is not None})


def _changes_of(call: Call, finding: Finding, *, counts: bool) -> Iterator[Change]:
    where = f"utterance {finding.utterance + 1}"
    cue = finding.cue
    kind = cue.kind if cue else ""
    if counts and finding.polarity != "affirmed":  # it is never set aside: no answer and no time would change that
        return
    if kind == "question" or kind.startswith("answer_"):
        answer = "no" if counts else "yes"
        polarity = "negated" if counts else "affirmed"
        text = f"the question in {where} been answered {answer}"
        yield Change("answer", text, (), counts=not counts, polarity=polarity)
    elif not counts and finding.why is Why.IDIOM:
        text = f"the words in {where} not been part of a phrase that the rule excludes"
        yield Change("idiom", text, (), counts=True, polarity="affirmed")
    elif not counts and finding.why is Why.SPEAKER:
        speaker = call.utterances[finding.utterance].speaker.replace("_", "-")
        text = f"the words in {where} been said by somebody whom the rule listens to, not by the {speaker}"
        yield Change("speaker", text, (), counts=True)
    elif not counts and cue is not None and finding.polarity == "negated":
        text = f"the denial in utterance {cue.utterance + 1} not been said"
        yield Change("denial", text, (), counts=True, polarity="affirmed")
    elif not counts and finding.why in {Why.FICTION, Why.VOICE}:
        text = f"the words in {where} been meant, not told of a film or a game"
        yield Change("voice", text, (), counts=True, temporality="current")
    elif not counts and finding.intent != "meant" and finding.polarity == "affirmed":
        text = f"the words in {where} been meant as harm, not {finding.why.in_words}"
        yield Change("intent", text, (), counts=True, intent="meant")
    elif finding.temporality != "current":
        told = "told of the past" if finding.temporality == "past" else "only feared, supposed or asked for"
        text = f"the words in {where} been said as happening now, not {told}"
        yield Change("time", text, (), counts=True, temporality="current")
    if counts and finding.temporality != "past":
        yield Change("time", f"the words in {where} been told of the past", (), counts=True, temporality="past")


def _untied(findings: Sequence[Finding], cast: Sequence[CastMember]) -> Iterator[Change]:
    """Yield for each place that tells who did it that it were not told: the deeds hang on it, and what names them."""
    told: dict[tuple[int, int, int], tuple[KnownTie, list[int]]] = {}
    for position, finding in enumerate(findings):
        known = how_tied(finding, cast)
        if known is not None and finding.tie not in {None, "unknown"}:
            told.setdefault(known[3:], (known, []))[1].append(position)
    for known, positions in told.values():
        naming = (position for position, finding in enumerate(findings) if _names(finding, known))
        what = "the answer" if known.known_by == "answer" else "the words"
        text = f"{what} in utterance {known.utterance + 1} that tell{'s' if what == 'the answer' else ''} who it is"
        yield Change("tie", text, tuple(sorted({*positions, *naming})), tie="unknown")


def _names(finding: Finding, known: KnownTie) -> bool:
    """Tell whether all that a finding says is who somebody is, in the same words."""
    if finding.agent is not None or finding.tie is None or finding.utterance != known.utterance:
        return False
    return finding.start < known.end and known.start < finding.end


def _unsaid(findings: Sequence[Finding], said: Sequence[bool]) -> Iterator[Change]:
    """Yield the leaving out of words, once for all findings that lie over one another."""
    groups: list[list[int]] = []
    reach = (-1, -1)
    for position in sorted(range(len(findings)), key=lambda at: findings[at][2:4]):
        finding = findings[position]
        if (finding.utterance, finding.start) < reach:
            groups[-1].append(position)
        else:
            groups.append([position])
        reach = max(reach, (finding.end_utterance, finding.end))
    for group in groups:
        if not any(said[position] for position in group):
            continue
        utterance = findings[group[0]].utterance
        *most, last = [str(position + 1) for position in sorted(group)]
        names = f"findings {', '.join(most)} and {last}" if most else f"finding {last}"
        which = f"the words of {names} in utterance {utterance + 1} not been said"
        yield Change("words", which, tuple(sorted(group)), removed=True)


def _without_rules(findings: Sequence[Finding], said: Sequence[bool]) -> Iterator[Change]:
    for rule in dict.fromkeys(finding.rule for finding, counts in zip(findings, said, strict=True) if counts):
        touched = tuple(position for position, finding in enumerate(findings) if finding.rule == rule)
        yield Change("rule", f"the rule {rule}", touched, removed=True)


def _without_lines(tally: Tally | None) -> Iterator[Change]:
    for line in tally.lines if tally is not None else ():
        if line.points > 0:
            yield Change("line", f"what feeds the tally's line {line.kind}", line.findings, removed=True)


def _order(change: Change) -> tuple[int, tuple[int, ...], str]:
    return _KINDS.index(change.kind), change.findings, change.text
