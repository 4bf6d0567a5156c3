"""The evaluator in service, exchanged for another without a pause when a ruleset changes."""

from __future__ import annotations

import sys
from contextlib import contextmanager
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING, Final

from triage_triggers.evaluator import Evaluator
from triage_triggers.record.recording import RecordedEvaluator
from triage_triggers.ruleset.loading import load_ruleset

if TYPE_CHECKING:
    from collections.abc import Iterator

    from triage_triggers.ladders.ladder import Ladder
    from triage_triggers.live.call import LiveCall
    from triage_triggers.live.update import Update
    from triage_triggers.ruleset.definition import Ruleset

__all__ = ["EvaluatorHolder", "yielding"]

_SWITCH: Final = 0.0002
"""After how many seconds a thread that computes lets others go on while a ruleset is compiled."""


@contextmanager
def yielding() -> Iterator[None]:
    """Have threads that compute let others go on sooner, so that compiling a ruleset holds up no call."""
    before = sys.getswitchinterval()
    sys.setswitchinterval(_SWITCH)
    try:
        yield
    finally:
        sys.setswitchinterval(before)


class EvaluatorHolder:
    """Holds the evaluator that new calls are opened with; safe to share between threads.

    Given one with a log turned on (``DecisionLog.attach``), all that it holds later has the log too.

    A new ruleset is loaded and compiled beside the old one, and put in its place in one step. If it has faults the
    error is raised, and the old one stays in service. Open calls keep the one they began with until ``move``.

    >>> from triage_triggers import Evaluator, Utterance, load_ruleset
    >>> holder = EvaluatorHolder(Evaluator(load_ruleset("uk-ambulance")))
    >>> live = holder.open_call("C-1")
    >>> holder.load("no-such-ruleset")
    Traceback (most recent call last):
        ...
    triage_triggers.errors.RulesetNotFoundError: ...
    >>> holder.evaluator is live.evaluator
    True
    """

    __slots__ = ("_evaluator", "_loading")

    def __init__(self, evaluator: Evaluator) -> None:
        self._evaluator = evaluator
        self._loading = Lock()

    @property
    def evaluator(self) -> Evaluator:
        """The evaluator in service."""
        return self._evaluator

    def load(self, ruleset: str | Path | Ruleset, *, ladder: Ladder | None = None) -> Evaluator:
        """Load and compile a ruleset, by id or path or loaded, and put it in service; return its evaluator.

        It takes as long as compiling does; calls go on meanwhile. From asyncio use ``asyncio.to_thread``. Of several
        that are loaded at once, the last one asked for stays. Errors are those of ``load_ruleset`` and ``Evaluator``.
        """
        with self._loading, yielding():
            loaded = load_ruleset(ruleset) if isinstance(ruleset, (str, Path)) else ruleset
            return self.put(Evaluator(loaded, ladder=ladder))

    def put(self, evaluator: Evaluator) -> Evaluator:
        """Put an evaluator in service, and return it: with the log of the one before, unless it has one of its own."""
        before = self._evaluator
        if isinstance(before, RecordedEvaluator) and not isinstance(evaluator, RecordedEvaluator):
            evaluator = before.over(evaluator)
        self._evaluator = evaluator
        return evaluator

    def open_call(self, call_id: str, *, current_code: str | None = None, code_system: str | None = None) -> LiveCall:
        """Open a call with the evaluator in service; see ``Evaluator.open_call``."""
        return self._evaluator.open_call(call_id, current_code=current_code, code_system=code_system)

    def move(self, live: LiveCall) -> Update | None:
        """Have an open call read with the evaluator in service, in the call's own thread; ``None`` if it is already.

        Raises:
            CodeError: The call's code is none of the new ruleset's; the call keeps the ruleset that it had.
        """
        evaluator = self._evaluator
        return None if live.evaluator is evaluator else live.move_to(evaluator)
