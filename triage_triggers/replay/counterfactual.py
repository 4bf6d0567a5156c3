"""The smallest changes to how a call was read that would have changed what was made of it, by judging it again."""

from __future__ import annotations

from itertools import combinations, islice
from textwrap import shorten
from typing import TYPE_CHECKING, Final, Literal, NamedTuple, TypeAlias, get_args

from triage_triggers.assessment import Why
from triage_triggers.deeds import how_tied

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from triage_triggers.assessment import Assessment, CastMember, Finding, KnownTie, Tally
    from triage_triggers.calls.call import Call
    from triage_triggers.evaluator import Evaluator

__all__ = ["MOST_JUDGED", "Change", "Search", "apply", "counterfactuals", "possible_changes"]

ChangeKind: TypeAlias = Literal[
    "answer", "denial", "time", "voice", "intent", "idiom", "speaker", "words", "tie", "rule", "line"
]
_KINDS: Final[tuple[ChangeKind, ...]] = get_args(ChangeKind)
Aim: TypeAlias = Literal["flagged", "not_flagged", "more_urgent", "less_urgent"]
_QUESTIONS: Final[dict[Aim, str]] = {
    "flagged": "What would have flagged it?",
    "not_flagged": "Without what would it not have been flagged?",
    "more_urgent": "What would have led to a more urgent suggestion?",
    "less_urgent": "Without what would the suggestion have been less urgent, or none?",
}
MOST_JUDGED: Final = 1_500
"""How many ways of changing a call are judged, by default, before the search gives up and says so."""
_NEAREST: Final = 3
_LARGEST: Final = 2
_TAKEN_AWAY: Final = frozenset({"tie", "rule", "line"})
_LONGEST_LACK: Final = 240


class Change(NamedTuple):
    """One thing that might have been otherwise: how findings were meant, that they were said, that a rule exists.

    ``text`` completes "had …" or stands after "without …", in plain words and without what was said; ``findings`` are
    the positions of those it touches; they are taken away where ``removed``, and else read as the rest says (``None``:
    as they were). A change to a ``tie`` makes who did it unknown, and takes away what only named them.
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


class Counterfactual(NamedTuple):
    """A change, or several together, and what would then be made of the call; ``flag`` is what its tally needs."""

    changes: tuple[Change, ...]
    assessment: Assessment
    flag: int | None = None

    def sentence(self, actual: Assessment) -> str:
        """Return it in plain words, without anything that was said."""
        unsaid = [change.text for change in self.changes if change.kind not in _TAKEN_AWAY]
        rules = [change.text for change in self.changes if change.kind in _TAKEN_AWAY]
        said = " and had ".join(unsaid)
        without = f"without {' and '.join(rules)}" if rules else ""
        start = f"Had {said}, {without}" if said and rules else f"Had {said}" if said else without.capitalize()
        tally, summed = self.assessment.tally, ""
        if tally is not None and actual.tally is not None and tally.points != actual.tally.points:
            summed = f"; the tally would be {tally.points}, and {self.flag} flags"
        return f"{start}, {_outcome(self.assessment, actual)}{summed}."


class Search(NamedTuple):
    """What was sought for a call, and what was found.

    ``size`` is how many changes it takes together (1 or 2; more only of words left unsaid and lines of the tally, for a
    flag to fall; 0 where nothing was found), ``found`` all that take so few. ``judged`` is how many ways were judged;
    ``complete`` says whether those were all with so many changes, or with up to two. Where nothing was found, ``lacks``
    say how far the tally was from a flag, and what signs that had found part of what they ask for still lacked.
    """

    aim: Aim
    size: int
    found: tuple[Counterfactual, ...]
    judged: int
    complete: bool
    lacks: tuple[str, ...] = ()

    @property
    def question(self) -> str:
        """What was sought, as a question."""
        return _QUESTIONS[self.aim]


def counterfactuals(
    evaluator: Evaluator, call: Call, *, current_code: str | None = None, most: int = MOST_JUDGED
) -> tuple[Search, ...]:
    """Search for the smallest changes to how a call was read that would have changed what was made of it.

    Every single change is judged, then, for what no single one achieves, every two together; at most ``most`` ways. For
    a flag that no two of them take away, the smallest set of words or lines is looked for. What a caller might have
    said but did not is not guessed at: there ``lacks`` says what signs waited for.

    Raises:
        CodeError: As for ``evaluate``.

    >>> from triage_triggers import Call, Evaluator, Utterance, load_ruleset
    >>> said = [Utterance("Has your husband strangled you?", "call_taker"), Utterance("No.", "caller")]
    >>> call = Call("C-1", said, current_code="C3")
    >>> evaluator = Evaluator(load_ruleset("uk-ambulance"))
    >>> search = counterfactuals(evaluator, call)[0]
    >>> print(search.found[0].sentence(evaluator.evaluate(call)))  # doctest: +ELLIPSIS
    Had the question in utterance 1 been answered yes, it would have been flagged, and C2 suggested instead of C3...
    """
    actual = evaluator.evaluate(call, current_code=current_code)
    changes = possible_changes(call, actual.findings, actual.tally, actual.cast)
    flag = None if evaluator.ruleset.tally is None else evaluator.ruleset.tally.flag
    pointless = {"flagged" if actual.flagged else "not_flagged", "less_urgent" if actual.suggested_code is None else ""}
    open_aims = [aim for aim in _QUESTIONS if aim not in pointless]
    searches: dict[Aim, Search] = {}
    judged, size, complete = 0, 0, True
    while open_aims and complete and size < len(changes):
        size += 1
        if size > _LARGEST:
            changes = tuple(change for change in changes if change.kind in {"words", "line"})
        achieved: dict[Aim, list[Counterfactual]] = {aim: [] for aim in open_aims}
        ways = list(islice(_independent(changes, size), most - judged + 1))
        complete = judged + len(ways) <= most
        for together in ways[: most - judged]:
            other = evaluator.reassess(call, apply(together, actual.findings), current_code=current_code)
            for aim in open_aims:
                if _achieves(aim, other, actual, evaluator):
                    achieved[aim].append(Counterfactual(together, other, flag))
        judged = min(most, judged + len(ways))
        for aim, found in achieved.items():
            if found or (size >= _LARGEST and aim != "not_flagged"):
                searches[aim] = Search(aim, size if found else 0, tuple(found), judged, complete)
        open_aims = [aim for aim in open_aims if aim not in searches]
    searches |= {aim: Search(aim, 0, (), judged, complete) for aim in open_aims}
    if any(not search.found for search in searches.values()):
        lacks = _lacks(evaluator, call, current_code)
        for aim in searches.keys() & {"flagged", "more_urgent"}:
            searches[aim] = searches[aim]._replace(lacks=() if searches[aim].found else lacks)
    return tuple(searches[aim] for aim in _QUESTIONS if aim in searches)


def _independent(changes: tuple[Change, ...], size: int) -> Iterator[tuple[Change, ...]]:
    """Yield changes together, but for those that touch the same finding: one of them would undo the other."""
    for together in combinations(changes, size):
        touched = [position for change in together for position in change.findings]
        if len(set(touched)) == len(touched):
            yield together


def _achieves(aim: Aim, other: Assessment, actual: Assessment, evaluator: Evaluator) -> bool:
    new, old = other.suggested_code, actual.suggested_code
    match aim:
        case "flagged" | "not_flagged":
            return other.flagged == (aim == "flagged")
        case "more_urgent":
            return new is not None and (old is None or evaluator.ladder.outranks(new, old))
        case "less_urgent":
            return old is not None and (new is None or evaluator.ladder.outranks(old, new))


def _outcome(other: Assessment, actual: Assessment) -> str:
    code, current = other.suggested_code, other.current_code
    suggested = "no other code suggested" if code is None else f"{code} suggested"
    if code is not None and current is not None:
        suggested += f" instead of {current}"
    if other.flagged != actual.flagged:
        return f"it would have been flagged, and {suggested}" if other.flagged else "it would not have been flagged"
    if other.flagged and actual.suggested_code is not None and code is None:
        return f"it would still have been flagged, but {actual.suggested_code} would not have been suggested"
    return f"it would still have been flagged, but {suggested}" if other.flagged else f"{suggested}, though not flagged"


def _lacks(evaluator: Evaluator, call: Call, current_code: str | None) -> tuple[str, ...]:
    explained, rule = evaluator.explain(call, current_code=current_code), evaluator.ruleset.tally
    tally, traces = explained.assessment.tally, explained.traces
    short = rule is not None and tally is not None and 0 < tally.points < rule.flag
    sums = (f"the tally: it is {tally.points}, and {rule.flag} flags",) if short and tally and rule else ()
    waiting = [
        f"the {kind} {trace.id}: {shorten(trace.lacks, _LONGEST_LACK, placeholder=' …')}"
        for kind, kept in (("sign", traces.signs), ("line", traces.then))
        for trace in kept
        if not trace.held and trace.found
    ]
    return (*sums, *waiting[:_NEAREST])


def possible_changes(
    call: Call, findings: Sequence[Finding], tally: Tally | None = None, cast: Sequence[CastMember] = ()
) -> tuple[Change, ...]:
    """Return every single change worth asking about, those to what was said before those to rules.

    Findings that hang on the same words change together: a question has one answer for all rules that heard it.
    """
    found: dict[tuple[object, ...], Change] = {}
    for position, finding in enumerate(findings):
        for change in _changes_of(call, finding):
            known = found.get((change.kind, change.text), change)
            found[change.kind, change.text] = change._replace(findings=(*known.findings, position))
    changes = [*found.values(), *_untied(findings, cast), *_unsaid(findings)]
    for rule in dict.fromkeys(finding.rule for finding in findings if finding.counts):
        touched = tuple(position for position, finding in enumerate(findings) if finding.rule == rule)
        changes.append(Change("rule", f"the rule {rule}", touched, removed=True))
    changes += [
        Change("line", f"what feeds the tally's line {line.kind}", line.findings, removed=True)
        for line in (tally.lines if tally is not None else ())
        if line.points > 0
    ]
    return tuple(sorted(changes, key=lambda change: (_KINDS.index(change.kind), change.findings, change.text)))


def apply(changes: Sequence[Change], findings: Sequence[Finding]) -> tuple[Finding, ...]:
    """Return the findings with changes made; what is taken away stays away."""
    changed = dict(enumerate(findings))
    for change in changes:
        given = {name: getattr(change, name) for name in ("counts", "polarity", "temporality", "intent", "tie")}
        read = {name: value for name, value in given.items() if value is not None}
        for position in changed.keys() & set(change.findings):
            only_names = change.tie is not None and changed[position].agent is None
            if change.removed or only_names:
                del changed[position]
            else:
                changed[position] = changed[position]._replace(**read)
    return tuple(changed.values())


def _changes_of(call: Call, finding: Finding) -> Iterator[Change]:
    counts, cue = finding.counts, finding.cue
    where = f"utterance {finding.utterance + 1}"
    kind = cue.kind if cue else ""
    if counts and finding.polarity != "affirmed":  # it is never set aside: no answer and no time would change that
        return
    if kind == "question" or kind.startswith("answer_"):
        text = f"the question in {where} been answered {'no' if counts else 'yes'}"
        yield Change("answer", text, (), counts=not counts, polarity="negated" if counts else "affirmed")
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
        naming = (
            position
            for position, finding in enumerate(findings)
            if (finding.agent is None and finding.tie is not None and finding.utterance == known.utterance)
            and (finding.start < known.end and known.start < finding.end)
        )
        what, tells = ("the answer", "tells") if known.known_by == "answer" else ("the words", "tell")
        text = f"{what} in utterance {known.utterance + 1} that {tells} who it is"
        yield Change("tie", text, tuple(sorted({*positions, *naming})), tie="unknown")


def _unsaid(findings: Sequence[Finding]) -> Iterator[Change]:
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
        if any(findings[position].counts for position in group):
            utterance = findings[group[0]].utterance
            *most, last = [str(position + 1) for position in sorted(group)]
            names = f"findings {', '.join(most)} and {last}" if most else f"finding {last}"
            which = f"the words of {names} in utterance {utterance + 1} not been said"
            yield Change("words", which, tuple(sorted(group)), removed=True)
