"""``triage-triggers live``: a call as it happens, and the suggestion as it forms."""

from __future__ import annotations

import sys
import time
from typing import TYPE_CHECKING, Annotated, Final

import typer

from triage_triggers.calls.reading import STDIN, check_readable, read_calls
from triage_triggers.cli.feed import Stopped, feed, print_rows, stop_signals
from triage_triggers.cli.inputs import (
    AllowWithdrawn,
    CallFormat,
    CodeSystem,
    ColumnNames,
    CurrentCode,
    RulesetOption,
    SpeakerLabels,
    open_evaluator,
    reading_options,
)
from triage_triggers.errors import CallError, CodeError
from triage_triggers.service.holder import EvaluatorHolder
from triage_triggers.service.session import Session

if TYPE_CHECKING:
    from collections.abc import Iterable

    from triage_triggers.calls.call import Call, Utterance
    from triage_triggers.cli.feed import Stop
    from triage_triggers.evaluator import Evaluator

__all__ = ["EXAMPLES", "run"]

EXAMPLES: Final = (
    "triage-triggers live examples/calls.jsonl --call-id question-confirmed -r uk-ambulance --speed 100",
    "triage-triggers live examples/calls.jsonl -r uk-ambulance --speed 0 --json > events.jsonl",
    'echo \'{"call_id": "C-1", "text": "He strangled me."}\' | triage-triggers live - -r uk-ambulance',
)
WORDS_A_SECOND: Final = 2.5
"""How fast a call without times is played."""


def run(
    call: Annotated[
        str,
        typer.Argument(metavar="CALL", help="A file of calls to play; '-': messages as JSON Lines, one per segment."),
    ],
    *,
    ruleset: RulesetOption,
    speed: Annotated[
        float, typer.Option("--speed", metavar="FACTOR", min=0, help="How much faster than it happened; 0: no waiting.")
    ] = 1.0,
    as_json: Annotated[
        bool, typer.Option("--json", help="Print events as JSON Lines, without what was said, for other programs.")
    ] = False,
    call_id: Annotated[
        str | None, typer.Option("--call-id", metavar="ID", help="Play this call only, of a file that holds several.")
    ] = None,
    min_interval: Annotated[
        float,
        typer.Option(
            "--min-interval",
            metavar="SECONDS",
            min=0,
            help="With '-': how long a partial result ('final': false) must stand still to be evaluated.",
        ),
    ] = 0.0,
    current_code: CurrentCode = None,
    code_system: CodeSystem = None,
    allow_withdrawn: AllowWithdrawn = False,
    call_format: CallFormat = None,
    speaker: SpeakerLabels = None,
    column: ColumnNames = None,
) -> None:
    """Follow calls as they happen, and say at once what each utterance changes.

    A file is played in real time, each utterance when it ended. Without --json the call is SHOWN IN FULL.

    With '-', each line of standard input is a message for one of any number of open calls, such as {"call_id": "C-1",
    "text": "…", "speaker": "caller", "start": 3.2, "end": 5.0}; events are printed as JSON Lines, at once and in order.
    docs/live.md lists messages and events.
    """
    options = reading_options(call_format, speaker, column)
    check_readable([call], options)
    evaluator = open_evaluator(ruleset, code_system, allow_withdrawn=allow_withdrawn)
    if call == STDIN:
        session = Session(EvaluatorHolder(evaluator), current_code=current_code, min_interval=min_interval)
        status = feed(session, sys.stdin.buffer)
    else:
        calls = read_calls(call, options=options)
        status = _play_file(calls, call, evaluator, speed, current_code, as_json=as_json, wanted=call_id)
    if status:
        raise typer.Exit(status)


def _play_file(
    calls: Iterable[Call | CallError],
    path: str,
    evaluator: Evaluator,
    speed: float,
    current_code: str | None,
    *,
    as_json: bool,
    wanted: str | None,
) -> int:
    play = _play_as_json if as_json else _play_on_screen
    good = bad = 0
    with stop_signals() as stop:
        for call in calls:
            try:
                if isinstance(call, CallError):
                    raise call
                if wanted is None or call.call_id == wanted:
                    play(call, evaluator, call.current_code or current_code, _Clock(speed, stop))
                    good += 1
            except (CallError, CodeError) as error:
                bad += 1
                typer.echo(f"triage-triggers: {error}", err=True)
            except Stopped:
                break
    if stop.status is not None:
        return stop.status
    if not good and not bad:
        raise CallError(f"{path} holds no call" + (f" with the id {wanted!r}" if wanted is not None else ""))
    return 0 if not bad else 1 if good else 2


def _play_as_json(call: Call, evaluator: Evaluator, code: str | None, clock: _Clock) -> None:
    session = Session(EvaluatorHolder(evaluator))
    which = {"call_id": call.call_id}
    print_rows(session.handle({"type": "open", **which, "current_code": code, "code_system": call.code_system}))
    why = "interrupted"
    try:
        for said in call.utterances:
            clock.wait_for(said)
            segment = {"text": said.text, "speaker": said.speaker, "start": said.start, "end": said.end}
            print_rows(session.handle({"type": "segment", **which, **segment}))
        why = "the call ended"
    finally:
        print_rows(session.close_all(why))


def _play_on_screen(call: Call, evaluator: Evaluator, code: str | None, clock: _Clock) -> None:
    from triage_triggers.cli.live_view import LiveView  # noqa: PLC0415  --json needs no Rich

    live = evaluator.open_call(call.call_id, current_code=code, code_system=call.code_system)
    with LiveView(evaluator.ruleset) as view:
        view.open(call.call_id)
        for said in call.utterances:
            clock.wait_for(said)
            view.show(live.add(said), said)
        view.close(live.assessment())


class _Clock:
    """Waits until an utterance would have been heard."""

    def __init__(self, speed: float, stop: Stop) -> None:
        self._speed, self._stop = speed, stop
        self._began = time.monotonic()
        self._heard = 0.0

    def wait_for(self, utterance: Utterance) -> None:
        said = utterance.time
        if said is None:
            said = self._heard + len(utterance.text.split()) / WORDS_A_SECOND
        self._heard = max(self._heard, said)
        left = self._heard / self._speed - (time.monotonic() - self._began) if self._speed else 0.0
        with self._stop.waiting():
            time.sleep(max(left, 0.0))
