"""What integrators hold: a ruleset made ready to evaluate calls, one, many, or one that is still going on."""

from __future__ import annotations

from time import monotonic
from typing import TYPE_CHECKING, ClassVar

from triage_triggers.engine.engine import Engine, Explanation
from triage_triggers.live.call import LiveCall

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from triage_triggers.assessment import Assessment, Finding, RulesetRef
    from triage_triggers.calls.call import Call
    from triage_triggers.ladders.ladder import Ladder
    from triage_triggers.ruleset.definition import Ruleset

__all__ = ["Evaluator", "Explanation"]


class Evaluator:
    """A ruleset made ready to evaluate calls. Immutable; share one between threads.

    Args:
        ruleset: From ``load_ruleset``.
        ladder: The codes to suggest from; by default the shipped ladder named by the ruleset's ``code_system``.

    Raises:
        RulesetError: Phrases or signs have faults; all at once.
        RulesetNotFoundError: No ladder of that id, or no cue lexicon for the ruleset's language.

    >>> from triage_triggers import Evaluator, load_ruleset
    >>> evaluator = Evaluator(load_ruleset("uk-ambulance"))
    >>> assessment = evaluator.evaluate("My husband strangled me.", current_code="C3")
    >>> assessment.suggested_code, assessment.findings[0].theme
    ('C2', 'strangulation')
    """

    __slots__ = ("_engine",)
    _opens: ClassVar[type[LiveCall]] = LiveCall

    def __init__(self, ruleset: Ruleset, *, ladder: Ladder | None = None) -> None:
        self._engine = Engine(ruleset, ladder=ladder)

    def __reduce__(self) -> tuple[object, ...]:
        # Another process makes its own ready, which is faster than reading it.
        return _rebuilt, (self.ruleset, self.ladder)

    @property
    def engine(self) -> Engine:
        """What reads calls: for the package's own rooms around it."""
        return self._engine

    @property
    def ruleset(self) -> Ruleset:
        """The ruleset."""
        return self._engine.ruleset

    @property
    def ladder(self) -> Ladder:
        """The codes that are suggested from."""
        return self._engine.ladder

    @property
    def reference(self) -> RulesetRef:
        """The ruleset's id, version and digest."""
        return self._engine.reference

    def evaluate(self, call: str | Call, *, current_code: str | None = None) -> Assessment:
        """Evaluate one call, or a text by an unknown speaker.

        Args:
            call: The call. A string is a call of one utterance.
            current_code: The code dispatched so far; overrides the call's own.

        Raises:
            CodeError: The current code is none of the ladder's, or the call's code system is not the ruleset's.
        """
        return self._engine.assess(call, current_code)

    def evaluate_many(self, calls: Iterable[str | Call], *, workers: int = 1) -> Iterator[Assessment]:
        """Evaluate calls one after the other, lazily and in order.

        A call that can't be evaluated raises when its turn comes; the calls behind it can still be asked for. With
        ``workers``, the work is shared by so many processes: see ``triage_triggers.archive.work``.

        Raises:
            WorkerError: One of these processes was lost.

        >>> from triage_triggers import Evaluator, load_ruleset
        >>> evaluator = Evaluator(load_ruleset("uk-ambulance"))
        >>> [assessment.flagged for assessment in evaluator.evaluate_many(["My husband strangled me.", "I fell."])]
        [True, False]
        """
        if workers == 1:
            return self._engine.assess_many(calls)
        from triage_triggers.archive.work import evaluate_many  # noqa: PLC0415  a pool takes time to import

        return evaluate_many(self, calls, workers=workers)

    def open_call(
        self,
        call_id: str,
        *,
        current_code: str | None = None,
        code_system: str | None = None,
        min_interval: float = 0.0,
        clock: Callable[[], float] = monotonic,
    ) -> LiveCall:
        """Open a call that is still going on; feed it utterances as they come.

        Args:
            call_id: Its id.
            current_code: The code dispatched so far, if any.
            code_system: What it is a code of, where that is known.
            min_interval: For how many seconds without a change a partial result waits; see ``LiveCall``.
            clock: What the waiting is measured by, in seconds.

        Raises:
            CodeError: As for ``evaluate``.
        """
        live = self._opens(
            self, call_id, current_code=current_code, code_system=code_system, min_interval=min_interval, clock=clock
        )
        return self._begun(live)

    def resume(
        self,
        snapshot: Mapping[str, object],
        *,
        reevaluate: bool = False,
        code_system: str | None = None,
        min_interval: float = 0.0,
        clock: Callable[[], float] = monotonic,
    ) -> LiveCall:
        """Take up an open call where another process left it; see ``LiveCall.snapshot``.

        Args:
            snapshot: As ``snapshot()`` gave it, or read back from JSON.
            reevaluate: Take it up although it was read with another ruleset, ladder, lexicon or engine. The change
                of ruleset is recorded, and what was suggested before is marked superseded where it no longer is.
            code_system: The code system of the call from now on; by default the snapshot's.
            min_interval: As for ``open_call``.
            clock: As for ``open_call``.

        Raises:
            SnapshotError: It is no snapshot, or was read with something else and ``reevaluate`` was not asked for.
            CodeError: Its current code is none of the ladder's.
        """
        live = self._opens.from_snapshot(
            self, snapshot, reevaluate=reevaluate, code_system=code_system, min_interval=min_interval, clock=clock
        )
        return self._begun(live, resumed=True)

    def _begun(self, live: LiveCall, *, resumed: bool = False) -> LiveCall:  # noqa: ARG002  what recording needs
        """Hand out an open call; a recorded one is recorded first."""
        return live

    def explain(self, call: str | Call, *, current_code: str | None = None) -> Explanation:
        """Evaluate one call and say, for every sign and line, what it found and what it lacked."""
        return self._engine.explain(call, current_code)

    def reassess(self, call: Call, findings: Iterable[Finding], *, current_code: str | None = None) -> Assessment:
        """Judge a call as if its findings had been read otherwise: some left out, some meant in another way.

        With the findings of ``evaluate`` it returns what ``evaluate`` does. Each is taken to have become known at the
        same moment as in the call itself.

        Args:
            call: The call.
            findings: Findings of this evaluator in this call, in any order, with other readings where wanted:
                ``finding._replace(counts=True, polarity="affirmed")``.
            current_code: As for ``evaluate``.

        Raises:
            CallError: A finding is none that this evaluator makes in this call, at that place.
            CodeError: As for ``evaluate``.

        >>> from triage_triggers import Call, Evaluator, load_ruleset
        >>> evaluator = Evaluator(load_ruleset("uk-ambulance"))
        >>> call = Call.from_text("If my husband strangled me.")
        >>> findings = evaluator.evaluate(call).findings
        >>> said = [finding._replace(counts=True, temporality="current") for finding in findings]
        >>> evaluator.reassess(call, findings).flagged, evaluator.reassess(call, said).flagged
        (False, True)
        """
        return self._engine.reassess(call, findings, current_code)


def _rebuilt(ruleset: Ruleset, ladder: Ladder) -> Evaluator:
    return Evaluator(ruleset, ladder=ladder)
