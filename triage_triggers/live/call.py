"""A call that is still going on; used by one thread at a time, and by nobody after its end."""

from __future__ import annotations

from functools import wraps
from threading import RLock
from time import monotonic
from typing import TYPE_CHECKING, Any, Concatenate, Final, NoReturn, ParamSpec, Self, TypeVar

from triage_triggers.calls.call import Call, Utterance
from triage_triggers.errors import CallError
from triage_triggers.live.changes import decision_events, finding_events, why_changed
from triage_triggers.live.snapshot import ReadWith, Snapshot
from triage_triggers.live.update import (
    CodeSet,
    Responded,
    RulesetMoved,
    Suggestion,
    SuggestionRaised,
    SuggestionSuperseded,
    Update,
    response_to,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from triage_triggers.assessment import Assessment
    from triage_triggers.calls.call import Speaker
    from triage_triggers.engine.engine import Examined, HasEngine
    from triage_triggers.live.update import Answer, Event, Response

__all__ = ["LiveCall"]

_REVISED: Final = "the words were revised"
_CHANGING: Final = frozenset({"add", "revise", "set_code", "move_to"})

Given = ParamSpec("Given")
Returned = TypeVar("Returned")
Used = TypeVar("Used", bound="LiveCall")


def _alone(method: Callable[Concatenate[Used, Given], Returned]) -> Callable[Concatenate[Used, Given], Returned]:
    """Refuse a method of a call while another thread is in one, or, if it changes the call, once it is over."""

    @wraps(method)
    def guarded(call: Used, /, *args: Given.args, **options: Given.kwargs) -> Returned:
        if not call._lock.acquire(blocking=False):  # noqa: SLF001  the call's own decorator
            raise CallError("another thread is using this call at this moment; use a call from one task or thread")
        try:
            if call._ended is not None and method.__name__ in _CHANGING:  # noqa: SLF001
                raise CallError(f"the call {call._ended}; open it anew, or resume it, to go on")  # noqa: SLF001
            return method(call, *args, **options)
        finally:
            call._lock.release()  # noqa: SLF001

    return guarded


class LiveCall:
    """An open call: add utterances as they come, and be told what each one changes.

    At every change the whole call so far is read again, as ``Evaluator.evaluate`` reads it: what is said live is what
    would be said of the same words afterwards. Use a call from one task or thread; any number of calls share an
    ``Evaluator``.

    Made by ``Evaluator.open_call`` and ``Evaluator.resume``. With ``min_interval``, a result that is not ``final`` is
    kept but not evaluated until it has stood still for so many seconds (``due`` says when): for recognisers that revise
    a partial result many times a second. Whatever needs an answer (``flush``, ``assessment``, ``snapshot``, a final
    utterance, another code) evaluates at once.

    >>> from triage_triggers import Evaluator, Utterance, load_ruleset
    >>> live = Evaluator(load_ruleset("uk-ambulance")).open_call("C-1", current_code="C3")
    >>> live.add(Utterance("Has your husband strangled you?", speaker="call_taker", start=1.0, end=2.5)).flagged
    False
    >>> update = live.add(Utterance("Yeah.", speaker="caller", start=3.2, end=3.6))
    >>> update.suggested_code, update.events[0].kind, update.events[0].reason
    ('C2', 'finding_reread', 'asked, and answered yes')
    """

    def __init__(
        self,
        evaluator: HasEngine,
        call_id: str,
        *,
        current_code: str | None = None,
        code_system: str | None = None,
        min_interval: float = 0.0,
        clock: Callable[[], float] = monotonic,
    ) -> None:
        if not min_interval >= 0:
            raise CallError("min_interval must be a number of seconds, 0 or more")
        self._id = Call(call_id, (), current_code=current_code, code_system=code_system).call_id
        self._code = evaluator.engine.check_code(current_code, code_system)
        self._code_system = code_system
        self._min_interval, self._clock = min_interval, clock
        self._lock = RLock()
        self._ended: str | None = None
        self._due: float | None = None
        self._waiting: int | str = 0
        self._revised = False
        self._utterances: list[Utterance] = []
        self._numbers: dict[int | str, int] = {}  # of the utterances, by their ids
        self._suggestions: list[Suggestion] = []
        self._responses: list[Response] = []
        self._moves: list[RulesetMoved] = []
        self._updates = 0
        self._evaluator = evaluator
        self._examined = self._examine()

    @classmethod
    def from_snapshot(
        cls,
        evaluator: HasEngine,
        snapshot: Mapping[str, object],
        *,
        reevaluate: bool = False,
        code_system: str | None = None,
        **options: Any,
    ) -> Self:
        """Take up a call from a snapshot; see ``Evaluator.resume``."""
        kept = Snapshot.from_dict(snapshot)
        moved = kept.moved_to(evaluator.engine, reevaluate=reevaluate)
        system = code_system or kept.code_system
        live = cls(evaluator, kept.call_id, current_code=kept.current_code, code_system=system, **options)
        live._utterances = list(kept.utterances)
        live._numbers = {name: number for number, name in enumerate(kept.ids)}
        live._suggestions = list(kept.suggestions)
        live._responses = list(kept.responses)
        live._moves = [*kept.moves, *moved]
        live._updates, live._examined = kept.updates, live._examine()
        if moved:
            ruleset, why = evaluator.engine.ruleset, moved[0].reason
            now, then = live._examined.assessment, live._examined.decision.then
            live._record(decision_events(kept.shown, now, ruleset, then=then, because=why))
        return live

    def __reduce__(self) -> NoReturn:
        raise TypeError(
            "an open call can't be pickled or copied: hand on its snapshot(), for Evaluator.resume to take up"
        )

    @property
    def call(self) -> Call:
        """The call so far, as ``Evaluator.evaluate`` takes it."""
        return Call(self._id, self._utterances, current_code=self._code, code_system=self._code_system)

    @property
    def evaluator(self) -> HasEngine:
        """What the call is read with."""
        return self._evaluator

    @property
    def utterance_ids(self) -> tuple[int | str, ...]:
        """The ids of the utterances so far, in order."""
        return tuple(self._numbers)

    @property
    def suggestions(self) -> tuple[Suggestion, ...]:
        """Every code suggested so far, in order; none is ever taken away, but marked superseded with the reason."""
        return tuple(self._suggestions)

    @property
    def responses(self) -> tuple[Response, ...]:
        """What people answered to the suggestions, in order."""
        return tuple(self._responses)

    @property
    def ruleset_moves(self) -> tuple[RulesetMoved, ...]:
        """Every change of the ruleset during the call, in order."""
        return tuple(self._moves)

    @property
    def due(self) -> float | None:
        """When a result that waits is to be evaluated by ``flush``, in the clock's seconds; ``None`` if none waits."""
        return self._due

    @_alone
    def add(self, utterance: Utterance, *, utterance_id: int | str | None = None, final: bool = True) -> Update:
        """Add what was said next; a phrase that runs on from the same speaker's last segment is found.

        ``utterance_id`` is a name to revise it by, by default its number, counted from 0. Words that are not ``final``
        may wait, see ``min_interval``.

        Raises:
            CallError: There is an utterance of that id already, or it is neither a number nor text; or what was said
                is no ``Utterance``.
        """
        if not isinstance(utterance, Utterance):
            raise CallError(f"what was said must be an Utterance, not {type(utterance).__name__}")
        number = len(self._utterances)
        name = number if utterance_id is None else utterance_id
        if isinstance(name, bool) or not isinstance(name, (int, str)):
            raise CallError(f"an utterance's id must be a number or text, not {type(name).__name__}")
        if name in self._numbers:
            raise CallError(f"call {self._id!r} has an utterance with the id {name!r}; revise it, or give another id")
        self._utterances.append(utterance)
        self._numbers[name] = number
        return self._said(name, final=final)

    @_alone
    def revise(
        self,
        utterance_id: int | str,
        text: str,
        *,
        speaker: Speaker | None = None,
        start: float | None = None,
        end: float | None = None,
        final: bool = True,
    ) -> Update:
        """Replace the text of an utterance, as recognisers do with partial results; "" takes it back.

        ``text`` is all of its text as it is now; who said it, and when in seconds, need only be given where that
        changed too. ``final`` is as for ``add``.

        Raises:
            CallError: There is no utterance of that id, or one of the rest can't be an utterance's.
        """
        number = self._numbers.get(utterance_id)
        if number is None:
            raise CallError(f"call {self._id!r} has no utterance with the id {utterance_id!r}")
        before = self._utterances[number]
        self._utterances[number] = Utterance(
            text,
            before.speaker if speaker is None else speaker,
            before.start if start is None else start,
            before.end if end is None else end,
        )
        self._revised = True
        return self._said(utterance_id, final=final)

    @_alone
    def flush(self) -> Update | None:
        """Evaluate what waits; ``None`` if nothing does. The update names the partial result that came last."""
        return None if self._due is None else self._evaluate(self._waiting)

    @_alone
    def set_code(self, code: str | None) -> Update:
        """Note the code that a person dispatched; ``None`` if it is unknown again.

        Raises:
            CodeError: The ladder does not know it; nothing changes.
        """
        before = self._code
        self._code = self._evaluator.engine.check_code(code, self._code_system)
        set_to = f"the code was set to {self._code}" if self._code else "the code was withdrawn"
        return self._evaluate(None, CodeSet(before, self._code, set_to), because=set_to)

    @_alone
    def move_to(self, evaluator: HasEngine) -> Update:
        """Read the call with another ruleset from here on. The change is recorded in ``ruleset_moves``.

        Raises:
            CodeError: The call's code or code system is none of the new ruleset's; nothing changes.
        """
        self._code = evaluator.engine.check_code(self._code, self._code_system)
        old, new = self._evaluator.engine.reference, evaluator.engine.reference
        moved = RulesetMoved(old, new, f"moved from {old.id} {old.version} to {new.id} {new.version}")
        self._evaluator = evaluator
        self._moves.append(moved)
        return self._evaluate(None, moved, because=moved.reason)

    @_alone
    def respond(self, answer: Answer, *, suggestion: int | None = None, reason: str = "") -> Update:
        """Note what a person thinks of a code that was suggested. It changes nothing of what is found or suggested.

        ``suggestion`` is which of ``suggestions``, counted from 0, by default the last; ``reason`` is in the person's
        own words, of at most 1,000 characters.

        Raises:
            CallError: Nothing was suggested, or not so often; or the answer or the reason is none.
        """
        response = response_to(self._suggestions, answer, suggestion, reason)
        self._responded(response)
        self._responses.append(response)
        self._updates += 1
        return Update(self._updates, None, None, (Responded(*response),), self._examined.assessment)

    @_alone
    def close(self) -> Assessment:
        """End the call: nothing can be added any more. Return its assessment."""
        assessment = self.assessment()
        self._ended = self._ended or "is closed"
        return assessment

    @_alone
    def assessment(self) -> Assessment:
        """Return the assessment of the call so far."""
        self.flush()
        return self._examined.assessment

    @_alone
    def snapshot(self) -> dict[str, object]:
        """Return the whole call as plain JSON data, to be taken up by ``Evaluator.resume`` in another process.

        It holds what was said: keep it as safe as the call itself.
        """
        self.flush()
        read_with, shown = ReadWith.of(self._evaluator.engine), self._examined.decision
        call = (self._id, self._code, self._code_system, read_with, self._utterances, list(self._numbers))
        return Snapshot(*call, self._suggestions, self._moves, self._updates, shown, self._responses).to_dict()

    def _examine(self) -> Examined:
        return self._evaluator.engine.examine(self.call)

    def _said(self, utterance_id: int | str, *, final: bool) -> Update:
        if final or not self._min_interval:
            return self._evaluate(utterance_id)
        self._due, self._waiting = self._clock() + self._min_interval, utterance_id
        self._updates += 1
        time = self._time_of(utterance_id)
        return self._updated(Update(self._updates, utterance_id, time, (), self._examined.assessment, waiting=True))

    def _evaluate(self, utterance_id: int | str | None, *first: Event, because: str | None = None) -> Update:
        """Read the call as it stands, and tell what differs from before."""
        before, after = self._examined, self._examine()
        because = because or (_REVISED if self._revised else None)
        self._examined, self._due, self._revised = after, None, False
        was, now = before.assessment, after.assessment
        found = list(finding_events(was.findings, now.findings, because=because, cast=now.cast))
        why = because if first else why_changed(found) or because
        why = why or "a sign that held does so no longer, for what was said since"
        ruleset, then = self._evaluator.engine.ruleset, after.decision.then
        decided = list(decision_events(was, now, ruleset, then=then, because=why))
        self._record(decided)
        self._updates += 1
        time = None if utterance_id is None else self._time_of(utterance_id)
        return self._updated(Update(self._updates, utterance_id, time, (*first, *found, *decided), now))

    def _updated(self, update: Update) -> Update:
        """Hand out an update; a recorded call records it first."""
        return update

    def _responded(self, response: Response) -> None:
        """Take note of an answer; a recorded call records it."""

    def _time_of(self, utterance_id: int | str) -> float | None:
        return self._utterances[self._numbers[utterance_id]].time

    def _record(self, events: Iterable[Event]) -> None:
        """Keep every suggestion, with why it was superseded."""
        for event in events:
            if isinstance(event, SuggestionSuperseded):
                self._suggestions[-1] = self._suggestions[-1]._replace(superseded=event.reason)
            elif isinstance(event, SuggestionRaised):
                last = len(self._utterances) - 1 if self._utterances else None
                self._suggestions.append(Suggestion(event.code, event.policies, last, None))
