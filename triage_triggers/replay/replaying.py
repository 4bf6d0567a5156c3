"""A logged decision, evaluated again: the same to the byte, or what differs and why."""

from __future__ import annotations

import json
from collections import deque
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final, Literal, NamedTuple, TypeAlias

from triage_triggers.errors import CallError, TriageTriggersError
from triage_triggers.evaluator import Evaluator
from triage_triggers.record.decision import call_bytes
from triage_triggers.record.entries import digest
from triage_triggers.version import __version__

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from triage_triggers.assessment import Assessment
    from triage_triggers.calls.call import Call
    from triage_triggers.record.entries import Record
    from triage_triggers.record.log import DecisionLog

__all__ = ["MOST_BEGINNINGS", "Replay", "Replayer"]

ReplayStatus: TypeAlias = Literal["identical", "differs", "impossible"]

MOST_BEGINNINGS: Final = 1_000
"""The most utterances of a call whose every beginning is compared with a recorded digest."""
_OTHER_WORDS: Final = "the words given are not those that the log kept; those in the log were replayed"
_OTHER_CALL: Final = "the call is not the one that was judged, nor the beginning of one: its digest differs"
_UNSAID: Final = {"intent": "meant"}  # what records of before events leave out
_UNEXPLAINED: Final = (
    "engine, lexicon, ladder, ruleset and call are the recorded ones: the record was made otherwise, or changed"
)


class Replay(NamedTuple):
    """A recorded decision beside the same call evaluated now, under the recorded ruleset.

    ``utterances`` is how many had been said when the decision was made. ``differences`` says field by field what is
    not the same, ``reasons`` why that may be, or why nothing could be evaluated. Neither quotes what was said.
    """

    record: Record
    status: ReplayStatus
    assessment: Assessment | None
    utterances: int | None
    differences: tuple[str, ...]
    reasons: tuple[str, ...]


class Replayer:
    """Replays the decisions of one log, with an evaluator for each ruleset and ladder that it holds."""

    __slots__ = ("_evaluators", "_log")

    def __init__(self, log: DecisionLog) -> None:
        self._log = log
        self._evaluators: dict[tuple[str, str | None], Evaluator | str] = {}

    def replay(
        self, record: Record, call: Call | None = None, beginnings: dict[str | None, dict[str, Call]] | None = None
    ) -> Replay:
        """Evaluate a recorded call again, with the current code of then, and compare to the byte.

        Where the log kept the words, those are replayed, and a reason says if ``call`` has others. Else ``call`` is, as
        it was kept elsewhere: of a decision that was made while it went on, the beginning that has the recorded digest,
        noted in ``beginnings`` by current code. A reason says if that is not the call that was judged.
        """
        if record.erased is not None or record.assessment is None:
            reason = record.erased.reason if record.erased else "unknown"
            return _impossible(record, f"the call was erased from the log ({reason})")
        if record.call is not None and record.text == "full":
            said = record.call.utterances
            others = () if call is None or said == call.utterances[: len(said)] else (_OTHER_WORDS,)
            return self._judge(record, record.call, others)
        if call is None:
            kept = "no text" if record.call is None else "masked text only"
            return _impossible(record, f"the log kept {kept} of this call; replay it from a case file that holds it")
        code = json.loads(record.assessment).get("current_code")
        beginnings = {} if beginnings is None else beginnings
        if code not in beginnings:
            beginnings[code] = _beginnings(call, code)
        judged = beginnings[code].get(str(record.input_digest))
        return self._judge(record, judged or call, () if judged else (_OTHER_CALL,))

    def _judge(self, record: Record, call: Call, reasons: tuple[str, ...]) -> Replay:
        evaluator = self.evaluator(record)
        if isinstance(evaluator, str):
            return _impossible(record, *reasons, evaluator)
        recorded: dict[str, Any] = json.loads(str(record.assessment))
        try:
            assessment = evaluator.evaluate(call, current_code=recorded.get("current_code"))
        except TriageTriggersError as error:
            return _impossible(record, *reasons, str(error))
        now = assessment.to_json()
        if now == record.assessment:
            return Replay(record, "identical", assessment, len(call.utterances), (), reasons)
        why = (*reasons, *_other_versions(record, assessment)) or (_UNEXPLAINED,)
        differences = tuple(_differences(recorded, json.loads(now)))
        return Replay(record, "differs", assessment, len(call.utterances), differences, why)

    def about(self, call: Call) -> tuple[Replay, ...]:
        """Replay every decision that the log holds about a call, by its id, oldest first."""
        beginnings: dict[str | None, dict[str, Call]] = {}
        return tuple(self.replay(record, call, beginnings) for record in self._log.records(call.call_id))

    def evaluator_for(self, call: Call) -> Evaluator:
        """Return an evaluator with the ruleset of the latest decision about a call, by its id.

        Raises:
            CallError: The log holds no decision about it, or its ruleset can't be used.
        """
        record = next(iter(deque(self._log.records(call.call_id), maxlen=1)), None)
        if record is None:
            raise CallError(f"the log holds no decision about {call.call_id!r}; name the rules to judge it by")
        evaluator = self.evaluator(record)
        if isinstance(evaluator, str):
            raise CallError(f"{call.call_id!r}: {evaluator}")
        return evaluator

    def evaluator(self, record: Record) -> Evaluator | str:
        """Return an evaluator with the recorded ruleset and ladder, or why there is none."""
        key = (record.ruleset_content, record.ladder_digest)
        if key not in self._evaluators:
            try:
                ladder = self._log.ladder(record)
                self._evaluators[key] = Evaluator(self._log.ruleset(record), ladder=ladder)
            except TriageTriggersError as error:
                self._evaluators[key] = f"the recorded ruleset can't be used: {error}"
        return self._evaluators[key]


def _impossible(record: Record, *reasons: str) -> Replay:
    return Replay(record, "impossible", None, None, (), reasons)


def _beginnings(call: Call, current_code: str | None) -> dict[str, Call]:
    """Return a call at a current code, and each beginning of it, by the digest that a log would record."""
    found = {}
    lengths = range(len(call.utterances) + 1) if len(call.utterances) <= MOST_BEGINNINGS else (len(call.utterances),)
    for length in lengths:
        part = replace(call, utterances=call.utterances[:length], current_code=current_code)
        found[digest(call_bytes(part))] = part
    return found


def _other_versions(record: Record, now: Assessment) -> Iterator[str]:
    for name, then, current in (
        ("engine", record.engine, __version__),
        ("cue lexicon", record.lexicon, now.lexicon),
        ("code ladder", record.ladder, now.ladder),
    ):
        if then != current:
            yield f"another {name}: then {then}, now {current}"


def _differences(then: dict[str, Any], now: dict[str, Any]) -> Iterator[str]:
    """Yield what differs, field by field; of findings only which, never their words."""
    for key in dict.fromkeys([*then, *now]):
        if key == "findings":
            yield from _other_findings(then[key], now[key])
        elif then.get(key) != now.get(key) or (key in then) != (key in now):
            shown = _SHOWN.get(key, json.dumps)
            yield f"{key}: then {shown(then.get(key))}, now {shown(now.get(key))}"
    if then == now:
        yield "the same values, written another way"


def _other_findings(then: list[dict[str, Any]], now: list[dict[str, Any]]) -> Iterator[str]:
    before, after = _by_place(then), _by_place(now)
    for place in dict.fromkeys([*before, *after]):
        where = f"finding {place[0]} in utterance {place[1] + 1}"
        if place not in after:
            yield f"{where}: then found, now not"
        elif place not in before:
            yield f"{where}: now found, then not"
        else:
            old, new = before[place], after[place]
            changed = [
                name for name in dict.fromkeys([*old, *new]) if old.get(name, _UNSAID.get(name)) != new.get(name)
            ]
            if changed:
                yield f"{where}: another {', '.join(changed)}"


def _sum(tally: dict[str, Any] | None) -> str:
    if tally is None:
        return "none"
    lines = ", ".join(f"{line['kind']} {line['points']:+}" for line in tally["lines"])
    return f"{tally['points']} ({tally['level'].replace('_', ' ')}{': ' if lines else ''}{lines})"


def _people(cast: list[dict[str, Any]] | None) -> str:
    if cast is None:
        return "none kept"
    ties = [f"person {one['person']} {tie['tie']} of person {tie['to']}" for one in cast for tie in one["ties"]]
    return f"{len(cast)} people" + (f" ({', '.join(ties)})" if ties else "")


def _by_place(findings: list[dict[str, Any]]) -> dict[tuple[Any, ...], dict[str, Any]]:
    return {(row["rule"], row["utterance"], row["start"], row["end"]): row for row in findings}


_SHOWN: Final[Mapping[str, Callable[[Any], str]]] = {"tally": _sum, "cast": _people}
