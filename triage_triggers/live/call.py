"""A call that is still going on."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING

from triage_triggers.assessment import FirstFlag
from triage_triggers.calls.call import Call, Utterance
from triage_triggers.engine.decision.standing import Standing
from triage_triggers.engine.heard import held_back
from triage_triggers.errors import CallError
from triage_triggers.live.changes import changed_evidence, decision_events, finding_events, turned_gates, why_changed
from triage_triggers.live.events import CodeSet, RulesetMoved, SuggestionRaised, SuggestionSuperseded
from triage_triggers.live.heard import entries, findings
from triage_triggers.live.hearing import Hearing
from triage_triggers.live.snapshot import ReadWith, Snapshot
from triage_triggers.live.update import State, Suggestion, Update

if TYPE_CHECKING:
    from collections.abc import Container, Iterable, Mapping

    from triage_triggers.assessment import Assessment, Finding
    from triage_triggers.calls.call import Speaker
    from triage_triggers.engine.decision.policy import Decision
    from triage_triggers.engine.heard import Heard
    from triage_triggers.evaluator import Evaluator
    from triage_triggers.live.events import Event
    from triage_triggers.live.hearing import Reread

__all__ = ["LiveCall"]


class LiveCall:
    """An open call: add utterances as they come, and be told what each one changes.

    After any changes the assessment equals that of evaluating the utterances as they stand at once; but an utterance
    costs what it holds, not what came before. Use a call from one task or thread; any number of calls share an
    ``Evaluator``.

    Made by ``Evaluator.open_call`` and ``Evaluator.resume``.

    >>> from triage_triggers import Evaluator, Utterance, load_ruleset
    >>> live = Evaluator(load_ruleset("uk-ambulance")).open_call("C-1", current_code="C3")
    >>> live.add(Utterance("Has he strangled you?", speaker="call_taker", start=1.0, end=2.5)).flagged
    False
    >>> update = live.add(Utterance("Yeah.", speaker="caller", start=3.2, end=3.6))
    >>> update.suggested_code, update.events[0].kind, update.events[0].reason
    ('C2', 'finding_reread', 'asked, and answered yes')
    """

    __slots__ = (
        "_code",
        "_code_system",
        "_decision",
        "_evaluator",
        "_first_flag",
        "_hearing",
        "_id",
        "_ids",
        "_moves",
        "_numbers",
        "_standing",
        "_suggestions",
        "_updates",
    )

    def __init__(
        self, evaluator: Evaluator, call_id: str, *, current_code: str | None = None, code_system: str | None = None
    ) -> None:
        self._id = Call(call_id, (), current_code=current_code, code_system=code_system).call_id
        self._code = evaluator.check_code(current_code, code_system)
        self._code_system = code_system
        self._ids: list[int | str] = []
        self._numbers: dict[int | str, int] = {}
        self._suggestions: list[Suggestion] = []
        self._moves: list[RulesetMoved] = []
        self._updates = 0
        self._listen_with(evaluator, [])

    @classmethod
    def from_snapshot(
        cls,
        evaluator: Evaluator,
        snapshot: Mapping[str, object],
        *,
        reevaluate: bool = False,
        code_system: str | None = None,
    ) -> LiveCall:
        """Take up a call from a snapshot; see ``Evaluator.resume``."""
        kept = Snapshot.from_dict(snapshot)
        moved = kept.moved_to(evaluator, reevaluate=reevaluate)
        live = cls(evaluator, kept.call_id, current_code=kept.current_code, code_system=code_system or kept.code_system)
        live._listen_with(evaluator, kept.utterances)
        live._ids = list(kept.ids)
        live._numbers = {name: number for number, name in enumerate(kept.ids)}
        live._suggestions = list(kept.suggestions)
        live._moves = [*kept.moves, *moved]
        live._updates = kept.updates
        if moved:
            live._record(decision_events(kept.shown, live._decision, evaluator.ruleset, because=moved[0].reason))
        return live

    @property
    def call(self) -> Call:
        """The call so far, as ``Evaluator.evaluate`` takes it."""
        return Call(self._id, self._utterances, current_code=self._code, code_system=self._code_system)

    @property
    def evaluator(self) -> Evaluator:
        """What the call is read with."""
        return self._evaluator

    @property
    def utterance_ids(self) -> tuple[int | str, ...]:
        """The ids of the utterances so far, in order."""
        return tuple(self._ids)

    @property
    def suggestions(self) -> tuple[Suggestion, ...]:
        """Every code suggested so far, in order; none is ever taken away, but marked superseded with the reason."""
        return tuple(self._suggestions)

    @property
    def ruleset_moves(self) -> tuple[RulesetMoved, ...]:
        """Every change of the ruleset during the call, in order."""
        return tuple(self._moves)

    def add(self, utterance: Utterance, *, utterance_id: int | str | None = None) -> Update:
        """Add what was said next.

        Args:
            utterance: What was said. A phrase that runs on from the same speaker's last segment is found.
            utterance_id: A name to revise it by; by default its number, counted from 0.

        Raises:
            CallError: There is an utterance of that id already, or it is neither a number nor text.
        """
        number = len(self._ids)
        name = number if utterance_id is None else utterance_id
        if isinstance(name, bool) or not isinstance(name, (int, str)):
            raise CallError(f"an utterance's id must be a number or text, not {type(name).__name__}")
        if name in self._numbers:
            raise CallError(f"call {self._id!r} has an utterance with the id {name!r}; revise it, or give another id")
        reread = self._hearing.add(utterance)
        self._ids.append(name)
        self._numbers[name] = number
        return self._update(reread, name, because=None)

    def revise(
        self,
        utterance_id: int | str,
        text: str,
        *,
        speaker: Speaker | None = None,
        start: float | None = None,
        end: float | None = None,
    ) -> Update:
        """Replace the text of an utterance, as recognisers do with partial results; "" takes it back.

        Args:
            utterance_id: Which utterance.
            text: All of its text as it is now.
            speaker: Who said it, where that changed too.
            start: When it began, in seconds, where that changed too.
            end: When it ended, in seconds, where that changed too.

        Raises:
            CallError: There is no utterance of that id, or one of the rest can't be an utterance's.
        """
        number = self._numbers.get(utterance_id)
        if number is None:
            raise CallError(f"call {self._id!r} has no utterance with the id {utterance_id!r}")
        before = self._utterances[number]
        utterance = Utterance(
            text,
            before.speaker if speaker is None else speaker,
            before.start if start is None else start,
            before.end if end is None else end,
        )
        return self._update(self._hearing.revise(number, utterance), utterance_id, because="the words were revised")

    def set_code(self, code: str | None) -> Update:
        """Note the code that a person dispatched; ``None`` if it is unknown again.

        Raises:
            CodeError: The ladder does not know it; nothing changes.
        """
        before = self._code
        self._code = self._evaluator.check_code(code, self._code_system)
        set_to = f"the code was set to {self._code}" if self._code else "the code was withdrawn"
        decided = self._decision
        self._decide()
        return self._changed([CodeSet(before, self._code, set_to)], decided, None, because=set_to)

    def move_to(self, evaluator: Evaluator) -> Update:
        """Read the call with another ruleset from here on. The change is recorded in ``ruleset_moves``.

        Raises:
            CodeError: The call's code or code system is none of the new ruleset's; nothing changes.
        """
        code = evaluator.check_code(self._code, self._code_system)
        old, before = self._evaluator.reference, self._findings
        reason = f"moved from {old.id} {old.version} to {evaluator.reference.id} {evaluator.reference.version}"
        moved = RulesetMoved(old, evaluator.reference, reason)
        decision = self._decision
        self._code = code
        self._listen_with(evaluator, self._utterances)
        self._moves.append(moved)
        found = finding_events(before, self._findings, because=reason)
        return self._changed([moved, *found], decision, None, because=reason)

    def assessment(self) -> Assessment:
        """Return the assessment of the call so far."""
        return self._state().assessment()

    def snapshot(self) -> dict[str, object]:
        """Return the whole call as plain JSON data, to be taken up by ``Evaluator.resume`` in another process.

        It holds what was said: keep it as safe as the call itself.

        >>> import json
        >>> from triage_triggers import Evaluator, Utterance, load_ruleset
        >>> evaluator = Evaluator(load_ruleset("uk-ambulance"))
        >>> live = evaluator.open_call("C-1", current_code="C3")
        >>> _ = live.add(Utterance("Has he strangled you?", "call_taker"))
        >>> resumed = evaluator.resume(json.loads(json.dumps(live.snapshot())))
        >>> resumed.add(Utterance("Yeah.", "caller")).suggested_code
        'C2'
        """
        kept = Snapshot(
            self._id,
            self._code,
            self._code_system,
            ReadWith.of(self._evaluator),
            self._utterances,
            self._ids,
            self._suggestions,
            self._moves,
            self._updates,
            self._decision,
        )
        return kept.to_dict()

    @property
    def _findings(self) -> tuple[Finding, ...]:
        return findings(self._hearing.top, self._standing.verdicts)

    @property
    def _utterances(self) -> list[Utterance]:
        return self._hearing.transcript.utterances

    def _listen_with(self, evaluator: Evaluator, utterances: list[Utterance]) -> None:
        """Read what was said so far, all at once."""
        self._evaluator = evaluator
        self._hearing = Hearing(evaluator)
        self._hearing.add_all(utterances)
        self._standing = Standing(evaluator.policy, evaluator.gates)
        counted = [entry.heard.evidence for entry in entries(self._hearing.top) if entry.heard.evidence is not None]
        self._standing.change(added=counted, withdrawn=())
        self._decide()

    def _update(self, reread: Reread, utterance_id: int | str, *, because: str | None) -> Update:
        events: list[Event] = []
        decided = self._decision
        if reread.before != reread.after:
            verdicts = self._standing.verdicts
            added, withdrawn = changed_evidence(reread.before, reread.after)
            self._standing.change(added=added, withdrawn=withdrawn)
            self._decide()
            turned = turned_gates(verdicts, self._standing.verdicts)
            earlier = self._heard_of(turned, before=len(reread.after)) if turned else []
            before = [held_back(heard, verdicts)[0] for heard in (*earlier, *reread.before)]
            after = [held_back(heard, self._standing.verdicts)[0] for heard in (*earlier, *reread.after)]
            events.extend(finding_events(before, after, because=because, turned=turned))
        why = why_changed(events) or because or "a condition that held does so no longer, for what was said since"
        return self._changed(events, decided, utterance_id, because=why)

    def _heard_of(self, rules: Container[str], *, before: int) -> list[Heard]:
        """Return what was heard of some rules, in order, before the last so many findings."""
        earlier = islice(entries(self._hearing.top), before, None)
        return [entry.heard for entry in earlier if entry.heard.finding.rule in rules][::-1]

    def _decide(self) -> None:
        self._decision: Decision = self._standing.decide(self._code)
        self._first_flag = None
        if self._decision.first is not None:
            transcript = self._hearing.transcript
            number = transcript.utterance_at(self._decision.first)
            end = self._decision.first - transcript.starts[number]
            self._first_flag = FirstFlag(number, end, transcript.utterances[number].time)

    def _changed(
        self, events: list[Event], before: Decision, utterance_id: int | str | None, *, because: str
    ) -> Update:
        decided = list(decision_events(before, self._decision, self._evaluator.ruleset, because=because))
        self._record(decided)
        self._updates += 1
        time = None if utterance_id is None else self._utterances[self._numbers[utterance_id]].time
        return Update(self._updates, utterance_id, time, (*events, *decided), self._state())

    def _record(self, events: Iterable[Event]) -> None:
        """Keep every suggestion, with why it was superseded."""
        for event in events:
            if isinstance(event, SuggestionSuperseded):
                self._suggestions[-1] = self._suggestions[-1]._replace(superseded=event.reason)
            elif isinstance(event, SuggestionRaised):
                last = len(self._ids) - 1 if self._ids else None
                self._suggestions.append(Suggestion(event.code, event.policies, last, None))

    def _state(self) -> State:
        return State(
            self._evaluator,
            self._id,
            self._code,
            self._decision,
            self._first_flag,
            self._hearing.top,
            self._standing.verdicts,
        )
