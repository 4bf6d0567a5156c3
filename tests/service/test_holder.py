from __future__ import annotations

import threading
from typing import TYPE_CHECKING

import pytest

from triage_triggers import Evaluator, EvaluatorHolder, Ruleset, RulesetError, Utterance, load_ladder

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def newer(ruleset: Ruleset) -> Ruleset:
    return ruleset.model_copy(update={"version": "2.0.0"})


def test_open_calls_keep_what_they_began_with_until_they_are_moved(evaluator: Evaluator, newer: Ruleset) -> None:
    holder = EvaluatorHolder(evaluator)
    live = holder.open_call("C-1")
    live.add(Utterance("He hit me.", "caller"))
    loaded = holder.load(newer)
    assert holder.evaluator is loaded
    assert live.add(Utterance("yes")).assessment.ruleset.version == "1.0.0"
    assert holder.open_call("C-2").assessment().ruleset.version == "2.0.0"
    update = holder.move(live)
    assert update is not None
    assert [event.kind for event in update.events] == ["ruleset_moved"]
    assert update.assessment.ruleset.version == "2.0.0"
    assert holder.move(live) is None


def test_a_bad_ruleset_leaves_the_old_one_in_service(evaluator: Evaluator, newer: Ruleset, tmp_path: Path) -> None:
    holder = EvaluatorHolder(evaluator)
    path = tmp_path / "bad.yaml"
    path.write_text("format: 1\nrules: 7\n")
    with pytest.raises(RulesetError):
        holder.load(path)
    with pytest.raises(RulesetError):
        holder.load(newer, ladder=load_ladder("scotland"))
    assert holder.evaluator is evaluator


def test_rulesets_change_under_load(evaluator: Evaluator, ruleset: Ruleset) -> None:
    """Every call is read with one ruleset from beginning to end, whichever was in service when it was opened."""
    holder = EvaluatorHolder(evaluator)
    done = threading.Event()
    wrong: list[object] = []

    def take_calls() -> None:
        while not done.is_set():
            live = holder.open_call("C-1")
            versions = {live.add(Utterance("He hit me.", "caller")).assessment.ruleset for _ in range(5)}
            if len(versions) != 1 or not live.assessment().flagged:
                wrong.append(versions)

    threads = [threading.Thread(target=take_calls) for _ in range(4)]
    for thread in threads:
        thread.start()
    for number in range(10):
        holder.load(ruleset.model_copy(update={"version": f"2.0.{number}"}))
    done.set()
    for thread in threads:
        thread.join()
    assert not wrong
    assert holder.evaluator.ruleset.version == "2.0.9"
