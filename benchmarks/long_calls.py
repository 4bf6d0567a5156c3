"""Is the time of a call proportional to its length? Declared calls at three lengths, each eight times the one before.

    python -m benchmarks.long_calls

CPU seconds of a whole evaluation with the shipped ruleset. How much is found is asserted, so that speed can't come from
finding less.
"""

from __future__ import annotations

import platform
import time
from typing import TYPE_CHECKING, Final, NamedTuple

from triage_triggers import Call, Evaluator, Utterance, load_ruleset

if TYPE_CHECKING:
    from collections.abc import Callable

GROWTH: Final = 8


class LongCall(NamedTuple):
    """A call of so many units; each unit holds so many findings, but for a few at its ends."""

    name: str
    of: Callable[[int], Call]
    units: int
    findings_a_unit: float


def _repeated(words: str) -> Callable[[int], Call]:
    return lambda units: Call.from_text(words * units)


def _turns(units: int) -> Call:
    asked = Utterance("Did he punch you?", "call_taker")
    told = Utterance("He punched me in the face. My husband did it.", "caller")
    return Call("C-1", [told if number % 2 else asked for number in range(units)])


def _one_speaker(units: int) -> Call:
    return Call("C-1", [Utterance("and he hit me with the pan and i said", "caller")] * units)


def _asked(units: int) -> Call:
    return Call("C-1", [Utterance("has he hit you. " * units, "call_taker"), Utterance("yes he has", "caller")])


def _in_the_background(units: int) -> Call:
    explained = Utterance("he is shouting at the telly again " * units, "caller")
    return Call("C-1", [Utterance("he hit me. " * units, "other"), explained])


CASES: Final = (
    LongCall("'he hit me and ' in one utterance", _repeated("he hit me and "), 700_000, 1),
    LongCall("'my husband has always wanted '", _repeated("my husband has always wanted "), 64_000, 0),
    LongCall("turns, something found in each", _turns, 10_000, 2),
    LongCall("one speaker without a break", _one_speaker, 10_000, 3),
    LongCall(
        "full stops between two disclosures",
        lambda units: Call.from_text(f"he hit me{'.' * units} he hit me"),
        500_000,
        0,
    ),
    LongCall("one word", _repeated("strangled "), 512_000, 0),
    LongCall("hesitations beside pauses", _repeated("he um.. hit me "), 64_000, 1),
    LongCall("a call-taker's questions in one turn", _asked, 64_000, 2),
    LongCall("a voice in the background", _in_the_background, 64_000, 2),
)


def main() -> None:
    evaluator = Evaluator(load_ruleset("uk-ambulance"))
    print(f"{platform.python_implementation()} {platform.python_version()}, {platform.machine()}, one thread")
    print(f"{'':40}{'units':>26}{'seconds':>26}{'times for 8 x the last':>24}")
    for case in CASES:
        lengths = [case.units // GROWTH**2, case.units // GROWTH, case.units]
        seconds = [_seconds(evaluator, case, units) for units in lengths]
        shown = f"{' '.join(f'{units:,}' for units in lengths):>26}{' '.join(f'{each:.2f}' for each in seconds):>26}"
        print(f"{case.name:40}{shown}{seconds[2] / seconds[1]:24.1f}", flush=True)


def _seconds(evaluator: Evaluator, case: LongCall, units: int) -> float:
    call = case.of(units)
    started = time.process_time()
    found = len(evaluator.evaluate(call).findings)
    taken = time.process_time() - started
    assert abs(found - case.findings_a_unit * units) <= 6, (case.name, units, found)
    return taken


if __name__ == "__main__":
    main()
