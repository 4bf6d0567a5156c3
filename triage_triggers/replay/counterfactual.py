"""The smallest changes to a call that would have changed what was made of it: computed by judging it again."""

from __future__ import annotations

from itertools import combinations, islice
from textwrap import shorten
from typing import TYPE_CHECKING, Final, Literal, NamedTuple, TypeAlias, get_args

from triage_triggers.replay.change import apply, possible_changes

if TYPE_CHECKING:
    from collections.abc import Iterator

    from triage_triggers.assessment import Assessment
    from triage_triggers.calls.call import Call
    from triage_triggers.engine.decision.sign import SignTrace
    from triage_triggers.evaluator import Evaluator
    from triage_triggers.replay.change import Change

__all__ = ["MOST_JUDGED", "Search", "counterfactuals"]

Aim: TypeAlias = Literal["flagged", "not_flagged", "more_urgent", "less_urgent"]
MOST_JUDGED: Final = 1_500
"""How many ways of changing a call are judged, by default, before the search gives up and says so."""
_NEAREST: Final = 3
_LARGEST: Final = 2
_TAKEN_AWAY: Final = frozenset({"tie", "rule", "line"})
_LONGEST_LACK: Final = 240
_KINDS: Final = (("sign", "signs"), ("line", "then"))


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
        return f"{start}, {_outcome(self.assessment, actual)}{self._tally(actual)}."

    def _tally(self, actual: Assessment) -> str:
        tally = self.assessment.tally
        if tally is None or actual.tally is None or tally.points == actual.tally.points:
            return ""
        return f"; the tally would be {tally.points}, and {self.flag} flags"


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
    lacks: tuple[str, ...]

    @property
    def question(self) -> str:
        """What was sought, as a question."""
        return _QUESTIONS[self.aim]


_QUESTIONS: Final = {
    "flagged": "What would have flagged it?",
    "not_flagged": "Without what would it not have been flagged?",
    "more_urgent": "What would have led to a more urgent suggestion?",
    "less_urgent": "Without what would the suggestion have been less urgent, or none?",
}


def counterfactuals(
    evaluator: Evaluator, call: Call, *, current_code: str | None = None, most: int = MOST_JUDGED
) -> tuple[Search, ...]:
    """Search for the smallest changes to how a call was read that would have changed what was made of it.

    Every single change is judged, then, for what no single one achieves, every two together. Changes are to what was
    found: an answer the other way, a denial left out, words said as happening now or meant as harm, words not said,
    who did it not told, a rule or a line of the tally missing. For a flag that no two of them take away, the smallest
    set of words or lines is looked for.
    What a caller might have said but did not is not guessed at: there ``lacks`` says what signs waited for.

    Args:
        evaluator: Judges the call, changed or not.
        call: The call.
        current_code: As for ``evaluate``.
        most: How many ways are judged at most.

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
    open_aims = [aim for aim in get_args(Aim) if _applies(aim, actual)]
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
                searches[aim] = Search(aim, size if found else 0, tuple(found), judged, complete, ())
        open_aims = [aim for aim in open_aims if aim not in searches]
    searches |= {aim: Search(aim, 0, (), judged, complete, ()) for aim in open_aims}
    if any(not search.found for search in searches.values()):
        lacks = _lacks(evaluator, call, current_code)
        for aim in searches.keys() & {"flagged", "more_urgent"}:
            searches[aim] = searches[aim]._replace(lacks=() if searches[aim].found else lacks)
    return tuple(searches[aim] for aim in get_args(Aim) if aim in searches)


def _independent(changes: tuple[Change, ...], size: int) -> Iterator[tuple[Change, ...]]:
    """Yield changes together, but for those that touch the same finding: one of them would undo the other."""
    for together in combinations(changes, size):
        touched = [position for change in together for position in change.findings]
        if len(set(touched)) == len(touched):
            yield together


def _applies(aim: Aim, actual: Assessment) -> bool:
    if aim == "less_urgent":
        return actual.suggested_code is not None
    return aim == "more_urgent" or actual.flagged == (aim == "not_flagged")


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
        flag = "it would have been flagged" if other.flagged else "it would not have been flagged"
        return f"{flag}, and {suggested}" if other.flagged else flag
    if other.flagged and actual.suggested_code is not None and code is None:
        return f"it would still have been flagged, but {actual.suggested_code} would not have been suggested"
    return f"it would still have been flagged, but {suggested}" if other.flagged else f"{suggested}, though not flagged"


def _lacks(evaluator: Evaluator, call: Call, current_code: str | None) -> tuple[str, ...]:
    explained, rule = evaluator.explain(call, current_code=current_code), evaluator.ruleset.tally
    tally, traces = explained.assessment.tally, explained.traces
    short = rule is not None and tally is not None and 0 < tally.points < rule.flag
    sums = (f"the tally: it is {tally.points}, and {rule.flag} flags",) if short and tally and rule else ()
    waiting = [(kind, trace) for kind, several in _KINDS for trace in getattr(traces, several) if _waits(trace)]
    return sums + tuple(f"the {kind} {trace.id}: {_short(trace.lacks)}" for kind, trace in waiting[:_NEAREST])


def _waits(trace: SignTrace) -> bool:
    return not trace.held and bool(trace.found)


def _short(lacks: str) -> str:
    return shorten(lacks, _LONGEST_LACK, placeholder=" …")
