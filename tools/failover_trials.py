"""Kill a process that follows a call, at any moment, take the call up from its last snapshot, and compare.

    python tools/failover_trials.py --trials 200

The worker hears a call utterance by utterance, and after each writes a snapshot to a new file that it then moves in
the place of the last one. It is killed (SIGKILL) after a random time, and another takes the call up, and so on until
the call is over. The assessment must be the one of the whole call. Exit status 1 if it ever is not.
"""

from __future__ import annotations

import argparse
import json
import random
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from benchmarks.cases import emergency_calls
from benchmarks.cases import ruleset as generated_ruleset
from triage_triggers import Call, Evaluator

PHRASES = 300
"""How many phrases the ruleset has: few, so that a worker is soon ready."""
PAUSE = 0.004
"""How long a worker waits between utterances, in seconds, so that it is killed in the middle."""


def main() -> int:
    """Run the trials, or be a worker of one."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--trials", type=int, default=200)
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--worker", nargs=2, metavar=("NUMBER", "FOLDER"), help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.worker:
        return _work(int(options.worker[0]), Path(options.worker[1]))
    evaluator = Evaluator(generated_ruleset(PHRASES))
    source = random.Random(options.seed)  # noqa: S311  repeatable, not secret
    kills = wrong = 0
    for number in range(options.trials):
        with tempfile.TemporaryDirectory() as folder:
            killed = _trial(number, Path(folder), source)
            kills += killed
            found = json.loads((Path(folder) / "assessment.json").read_text())
        expected = json.loads(evaluator.evaluate(_call(number)).to_json())
        wrong += found != expected
    print(f"{options.trials} calls, {kills} kills, {wrong} assessments that differ")
    return 1 if wrong or not kills else 0


def _call(number: int) -> Call:
    *_, call = emergency_calls(number + 1, turns=40)
    return Call(call.call_id, call.utterances, current_code="C4")


def _trial(number: int, folder: Path, source: random.Random) -> int:
    kills = 0
    while True:
        command = [sys.executable, "-m", "tools.failover_trials", "--worker", str(number), str(folder)]
        worker = subprocess.Popen(command)  # noqa: S603  this very script
        while worker.poll() is None and not (folder / "ready").exists():
            time.sleep(0.002)
        (folder / "ready").unlink(missing_ok=True)
        try:
            worker.wait(None if kills else source.uniform(0.0, 0.2))
        except subprocess.TimeoutExpired:
            worker.send_signal(signal.SIGKILL)
            worker.wait()
            kills += 1
            continue
        if worker.returncode:
            raise SystemExit(f"a worker failed with status {worker.returncode}")
        return kills


def _work(number: int, folder: Path) -> int:
    evaluator, call = Evaluator(generated_ruleset(PHRASES)), _call(number)
    kept = folder / "snapshot.json"
    if kept.exists():
        live = evaluator.resume(json.loads(kept.read_text()))
    else:
        live = evaluator.open_call(call.call_id, current_code=call.current_code)
    (folder / "ready").touch()
    for said in call.utterances[len(live.utterance_ids) :]:
        live.add(said)
        new = folder / "snapshot.new"
        new.write_text(json.dumps(live.snapshot()))
        new.replace(kept)
        time.sleep(PAUSE)
    (folder / "assessment.json").write_text(live.assessment().to_json())
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
