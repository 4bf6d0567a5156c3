"""Kill a process that follows a call, at any moment, take the call up from its last snapshot, and compare.

    python -m tools.failover_trials --trials 200

A process hears a call utterance by utterance, and after each writes a snapshot to a new file that it then moves in the
place of the last one. It is killed (SIGKILL) after a random time, another takes the call up, is killed in turn, and so
on; the last one hears the call to its end. Nothing but the file goes from one to the next. The assessment must be the
one of the whole call. Exit status 1 if it ever is not.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import signal
import tempfile
import time
from pathlib import Path
from typing import Final

from benchmarks.cases import emergency_calls
from triage_triggers import Call, Evaluator, load_ruleset

MOST_KILLS: Final = 3
"""How often a call is interrupted, at most."""
PAUSE: Final = 0.001
"""How long a process waits between utterances, in seconds."""


def main() -> int:
    """Run the trials and print what came of them."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--trials", type=int, default=200)
    parser.add_argument("--ruleset", default="uk-ambulance")
    parser.add_argument("--seed", type=int, default=7)
    options = parser.parse_args()
    evaluator = Evaluator(load_ruleset(options.ruleset))
    source = random.Random(options.seed)  # noqa: S311  repeatable, not secret
    kills = wrong = 0
    for call in emergency_calls(options.trials, turns=40):
        with tempfile.TemporaryDirectory() as folder:
            kills += _trial(evaluator, call, Path(folder), source)
            found = json.loads((Path(folder) / "assessment.json").read_text("utf-8"))
        wrong += found != json.loads(evaluator.evaluate(call, current_code="C4").to_json())
    print(f"{options.trials} calls, {kills} kills, {wrong} assessments that differ")
    return 1 if wrong or not kills else 0


def _trial(evaluator: Evaluator, call: Call, folder: Path, source: random.Random) -> int:
    """Have processes follow a call until one has heard it to its end; return how many were killed."""
    kills = 0
    while True:
        child = os.fork()
        if child == 0:
            _follow(evaluator, call, folder)
            os._exit(0)
        if kills < MOST_KILLS:
            time.sleep(source.uniform(0.0, 0.08))
            os.kill(child, signal.SIGKILL)
        _, status = os.waitpid(child, 0)
        if not os.WIFSIGNALED(status):
            return kills
        kills += 1


def _follow(evaluator: Evaluator, call: Call, folder: Path) -> None:
    kept = folder / "snapshot.json"
    if kept.exists():
        live = evaluator.resume(json.loads(kept.read_text("utf-8")))
    else:
        live = evaluator.open_call(call.call_id, current_code="C4")
    for said in call.utterances[len(live.utterance_ids) :]:
        live.add(said)
        new = folder / "snapshot.new"
        new.write_text(json.dumps(live.snapshot()), "utf-8")
        new.replace(kept)
        time.sleep(PAUSE)
    done = folder / "assessment.new"
    done.write_text(live.assessment().to_json(), "utf-8")
    done.replace(folder / "assessment.json")


if __name__ == "__main__":
    raise SystemExit(main())
