"""Log many decisions, and replay them: in this process, or in another one, of another Python, with another hash seed.

::

    python -m benchmarks.replay make decisions.db --decisions 10000
    PYTHONHASHSEED=1 python3.13 -m benchmarks.replay check decisions.db

``check`` prints how many came out the same to the byte, and a digest of all assessments in their order, by which runs
can be compared; its exit status is 1 if any came out otherwise.
"""

from __future__ import annotations

import argparse
import hashlib
import os
import platform
import random
import sys
import time
from itertools import islice
from typing import TYPE_CHECKING

from benchmarks.cases import emergency_calls
from triage_triggers import Call, Evaluator, load_ruleset
from triage_triggers.record import DecisionLog
from triage_triggers.replay.replaying import Replayer

if TYPE_CHECKING:
    from collections.abc import Iterator

BATCH = 500


def calls(count: int) -> Iterator[Call]:
    """Yield calls of all lengths, some with codes, each with an id of its own."""
    chance = random.Random(7)  # noqa: S311  no secrets
    for number, call in enumerate(emergency_calls(count)):
        said = call.utterances[: chance.randint(1, len(call.utterances))]
        yield Call(f"C-{number}", said, current_code=chance.choice((None, "C1", "C2", "C3", "C4")))


def make(path: str, count: int) -> int:
    """Log decisions about calls, with what was said."""
    evaluator = Evaluator(load_ruleset("uk-ambulance"))
    todo = calls(count)
    with DecisionLog.open(path, text="full") as log:
        while batch := list(islice(todo, BATCH)):
            items = list(zip(batch, evaluator.evaluate_many(batch), strict=True))
            log.append_many(items, ruleset=evaluator.ruleset, ladder=evaluator.ladder)
    return 0


def check(path: str) -> int:
    """Replay all decisions in a log."""
    begun = time.perf_counter()
    counts = {"identical": 0, "differs": 0, "impossible": 0}
    flagged = 0
    digest = hashlib.sha256()
    with DecisionLog.open(path, create=False, read_only=True) as log:
        for replay in map(Replayer(log).replay, log.records()):
            counts[replay.status] += 1
            if replay.assessment is not None:
                flagged += replay.assessment.flagged
                digest.update(replay.assessment.to_json().encode())
    said = ", ".join(f"{count:,} {status}" for status, count in counts.items())
    seconds = time.perf_counter() - begun
    print(f"Python {platform.python_version()}, hash seed {os.environ.get('PYTHONHASHSEED', 'random')}: {said}")
    print(f"  {flagged:,} flagged; sha256 of all assessments {digest.hexdigest()[:16]}; {seconds:.1f} s")
    return 1 if counts["identical"] != sum(counts.values()) else 0


def main() -> int:
    """Do what the arguments say."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("what", choices=("make", "check"))
    parser.add_argument("log")
    parser.add_argument("--decisions", type=int, default=10_000)
    given = parser.parse_args()
    return make(given.log, given.decisions) if given.what == "make" else check(given.log)


if __name__ == "__main__":
    sys.exit(main())
