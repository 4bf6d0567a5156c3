"""A logged decision comes out the same to the byte, or what differs is named, and why."""

from __future__ import annotations

import dataclasses
import json
import subprocess
import sys
from typing import TYPE_CHECKING, Any

import pytest

from tests.told import BLOKE, teller
from triage_triggers import Call, CallError, Evaluator, Ruleset, Utterance, __version__, load_ladder
from triage_triggers.record import DecisionLog
from triage_triggers.replay.replaying import MOST_BEGINNINGS, Replay, Replayer

if TYPE_CHECKING:
    from pathlib import Path

    from triage_triggers.record import Record
    from triage_triggers.replay.case import Case


def changed(record: Record, **fields: Any) -> Record:
    """A record whose assessment says other things."""
    assert record.assessment is not None
    return dataclasses.replace(record, assessment=json.dumps(json.loads(record.assessment) | fields))


def last(log: DecisionLog) -> Record:
    *_, record = log.records()
    return record


def test_every_decision_is_the_same_to_the_byte(log: DecisionLog) -> None:
    replays = list(map(Replayer(log).replay, log.records()))
    assert [(replay.status, replay.reasons, replay.differences) for replay in replays] == [("identical", (), ())] * 3
    assert all(replay.assessment and replay.assessment.to_json() == replay.record.assessment for replay in replays)


def test_the_current_code_of_then_is_used(log: DecisionLog, evaluator: Evaluator) -> None:
    log.attach(evaluator).evaluate(Call.from_text("He hit me."), current_code="C2")
    assert Replayer(log).replay(last(log)).status == "identical"


def test_a_changed_ruleset_is_no_matter_for_the_recorded_one_is_used(log: DecisionLog, ruleset: Ruleset) -> None:
    other = ruleset.model_copy(update={"signs": (), "then": (), "version": "2.0.0"})
    log.attach(Evaluator(other)).evaluate(Call.from_text("He hit me.", "C-9"))
    assert [replay.status for replay in map(Replayer(log).replay, log.records())] == ["identical"] * 4
    replayer = Replayer(log)
    assert replayer.evaluator_for(Call.from_text("", "C-9")).ruleset.version == "2.0.0"
    assert replayer.evaluator_for(Call.from_text("", "C-2")).ruleset.version == "1.0.0"


def test_what_differs_is_named_field_by_field(log: DecisionLog) -> None:
    record = last(log)
    assert record.assessment is not None
    findings = json.loads(record.assessment)["findings"]
    findings[0] |= {"polarity": "negated", "counts": False}
    extra = findings[1] | {"start": 0, "end": 2}
    replay = Replayer(log).replay(changed(record, suggested_code="C3", findings=[findings[0], extra]))
    assert replay.status == "differs"
    assert replay.differences == (
        'suggested_code: then "C3", now "C1"',
        "finding violence.hit in utterance 1: another polarity, counts",
        "finding weapon.knife in utterance 3: then found, now not",
        "finding weapon.knife in utterance 3: now found, then not",
    )
    assert replay.reasons[0].startswith("engine, lexicon, ladder, ruleset and call are the recorded ones")


@pytest.mark.parametrize(
    ("field", "value", "reason"),
    [
        ("engine", "0.0.1", "another engine: then 0.0.1, now "),
        ("lexicon", "en/0", "another cue lexicon: then en/0, now "),
        ("ladder", "nhs-arp/0", "another code ladder: then nhs-arp/0, now "),
    ],
)
def test_another_version_is_named_as_the_reason(log: DecisionLog, field: str, value: str, reason: str) -> None:
    given: dict[str, Any] = {field: value}
    record = dataclasses.replace(changed(last(log), **given), **given)
    replay = Replayer(log).replay(record)
    assert replay.status == "differs"
    assert len(replay.reasons) == 1
    assert replay.reasons[0].startswith(reason)
    assert replay.differences[0].startswith(f"{field}: then ")


def test_the_same_values_written_another_way_are_not_the_same(log: DecisionLog) -> None:
    record = last(log)
    assert record.assessment is not None
    replay = Replayer(log).replay(dataclasses.replace(record, assessment=record.assessment.replace('", "', '","', 1)))
    assert (replay.status, replay.differences) == ("differs", ("the same values, written another way",))


def test_a_key_of_another_version_is_a_difference(log: DecisionLog) -> None:
    replay = Replayer(log).replay(changed(last(log), novelty=None))
    assert replay.differences == ("novelty: then null, now null",)


def fresh(tmp_path: Path, evaluator: Evaluator, text: str, call: Call) -> tuple[DecisionLog, Record]:
    log = DecisionLog.open(tmp_path / f"{text}.db", text=text)  # type: ignore[arg-type]
    log.attach(evaluator).evaluate(call)
    return log, last(log)


@pytest.mark.parametrize(("text", "kept"), [("none", "no text"), ("masked", "masked text only")])
def test_without_the_text_only_a_call_kept_elsewhere_can_be_replayed(
    tmp_path: Path, evaluator: Evaluator, text: str, kept: str
) -> None:
    call = Call("C-1", [Utterance("He hit me.", "caller", 1, 2)], current_code="C4")
    log, record = fresh(tmp_path, evaluator, text, call)
    with log:
        replayer = Replayer(log)
        replay = replayer.replay(record)
        assert (replay.status, replay.assessment) == ("impossible", None)
        assert kept in replay.reasons[0]
        assert replayer.replay(record, call)[1:] == ("identical", evaluator.evaluate(call), 1, (), ())
        other = replayer.replay(record, Call("C-1", [Utterance("He hit me!", "caller", 1, 2)], current_code="C4"))
        assert other.status == "identical"
        assert other.reasons == (
            "the call is not the one that was judged, nor the beginning of one: its digest differs",
        )
        other = replayer.replay(record, Call("C-1", [Utterance("He hit her", "caller")], current_code="C4"))
        assert [difference.partition(":")[0] for difference in other.differences] == [
            "first_flag",
            "finding violence.hit in utterance 1",
            "finding violence.hit in utterance 1",
        ]


def test_where_the_log_kept_the_words_those_are_replayed(log: DecisionLog, case: Case) -> None:
    replayer = Replayer(log)
    assert [replay.reasons for replay in replayer.about(case.entries[2].call)] == [()]
    (replay,) = replayer.about(Call("C-2", [Utterance("Hello.")]))
    assert replay.status == "identical"
    assert replay.reasons == ("the words given are not those that the log kept; those in the log were replayed",)


@pytest.mark.parametrize("text", ["none", "masked", "full"])
def test_decisions_made_while_a_call_went_on_are_replayed_on_what_had_been_said(
    tmp_path: Path, evaluator: Evaluator, case: Case, text: str
) -> None:
    call = case.entries[2].call
    with DecisionLog.open(tmp_path / "live.db", text=text) as log:  # type: ignore[arg-type]
        live = log.attach(evaluator).open_call(call.call_id, current_code=call.current_code)
        for utterance in call.utterances:
            live.add(utterance)
        replays = Replayer(log).about(call)
        assert [(replay.status, replay.utterances) for replay in replays] == [
            ("identical", said) for said in (0, 1, 2, 3)
        ]
        assert [replay.reasons for replay in replays] == [()] * len(replays)


def test_of_a_very_long_call_only_the_whole_is_looked_for(tmp_path: Path, evaluator: Evaluator) -> None:
    said = [Utterance("Hm.", "caller")] * (MOST_BEGINNINGS + 1)
    log, record = fresh(tmp_path, evaluator, "none", Call("C-1", said[:-1]))
    with log:
        assert "nor the beginning" in Replayer(log).replay(record, Call("C-1", said)).reasons[0]
        assert Replayer(log).replay(record, Call("C-1", said[:-1])).utterances == MOST_BEGINNINGS
        assert Replayer(log).replay(record, Call("C-1", said[:-1])).reasons == ()


def test_an_erased_call_can_not_be_replayed(log: DecisionLog, case: Case) -> None:
    log.erase("C-2")
    replays = list(map(Replayer(log).replay, log.records()))
    assert [replay.status for replay in replays] == ["identical", "identical", "impossible"]
    assert replays[2].reasons == ("the call was erased from the log (request)",)
    assert Replayer(log).replay(replays[2].record, case.entries[2].call).status == "impossible"


def test_a_call_that_the_log_does_not_know_is_named(log: DecisionLog) -> None:
    with pytest.raises(CallError, match="the log holds no decision about 'X'"):
        Replayer(log).evaluator_for(Call.from_text("", "X"))
    assert Replayer(log).about(Call.from_text("", "X")) == ()


class _Forgetful:
    """A log whose rulesets can't be built again."""

    def __init__(self, log: DecisionLog) -> None:
        self.records = log.records

    def ladder(self, _: Record) -> None:
        return None

    def ruleset(self, _: Record) -> Ruleset:
        raise CallError("it is gone")


def test_a_ruleset_that_can_not_be_used_is_a_reason(log: DecisionLog) -> None:
    replayer = Replayer(_Forgetful(log))  # type: ignore[arg-type]
    replay = replayer.replay(last(log))
    assert (replay.status, replay.reasons) == ("impossible", ("the recorded ruleset can't be used: it is gone",))
    with pytest.raises(CallError, match="it is gone"):
        replayer.evaluator_for(Call.from_text("", "C-2"))


def test_a_code_that_the_ladder_does_not_know_is_a_reason(log: DecisionLog) -> None:
    replay = Replayer(log).replay(changed(last(log), current_code="K9"))
    assert replay.status == "impossible"
    assert "nhs-arp" in replay.reasons[0]


def test_the_recorded_ladder_is_used_not_the_shipped_one(tmp_path: Path, ruleset: Ruleset) -> None:
    shipped = load_ladder("nhs-arp")
    own = type(shipped)(shipped.file.model_copy(update={"version": "9.0.0"}))
    evaluator = Evaluator(ruleset, ladder=own)
    log, record = fresh(tmp_path, evaluator, "full", Call.from_text("He hit me."))
    with log:
        assert record.ladder == "nhs-arp/9.0.0"
        assert Replayer(log).replay(record).status == "identical"


PROGRAM = """
import sys
from triage_triggers.record import DecisionLog
from triage_triggers.replay.replaying import Replayer
with DecisionLog.open(sys.argv[1], create=False, read_only=True) as log:
    print([replay.status for replay in map(Replayer(log).replay, log.records())])
"""


@pytest.mark.parametrize("seed", ["0", "1", "4711"])
def test_another_process_with_another_hash_seed_gives_the_same(log: DecisionLog, seed: str) -> None:
    command = [sys.executable, "-c", PROGRAM, str(log.path)]
    done = subprocess.run(  # noqa: S603  our own program
        command, capture_output=True, text=True, check=True, env={"PYTHONHASHSEED": seed}
    )
    assert done.stdout == "['identical', 'identical', 'identical']\n"


def test_a_replay_quotes_nothing_that_was_said(log: DecisionLog) -> None:
    replay: Replay = Replayer(log).replay(changed(last(log), findings=[], advice=["police_request"]))
    assert "knife" not in "".join((*replay.reasons, *replay.differences)).replace("weapon.knife", "")


def test_a_record_of_before_events_names_what_it_did_not_hold(tmp_path: Path) -> None:
    with DecisionLog.open(tmp_path / "told.db", text="full") as told:
        told.attach(teller()).evaluate(BLOKE)
        record = last(told)
        assert Replayer(told).replay(record).status == "identical"
        old = json.loads(str(record.assessment))
        del old["cast"]
        for finding in old["findings"]:
            for name in ("intent", "agent", "patient", "tie"):
                del finding[name]
        fewer = old | {
            "tally": {"points": 1, "level": "none", "lines": [{"kind": "by-he", "points": 1, "findings": [0]}]}
        }
        replay = Replayer(told).replay(dataclasses.replace(record, assessment=json.dumps(fewer), engine="0.1.0"))
    assert replay.reasons == (f"another engine: then 0.1.0, now {__version__}",)
    assert replay.differences == (
        "finding violence.struck in utterance 1: another agent, patient, tie",
        "finding relationship.named in utterance 3: another tie",
        "tally: then 1 (none: by-he +1), now 6 (flag: by-close +4, safe +2)",
        "cast: then none kept, now 2 people (person 2 partner of person 1)",
    )
    assert "bloke" not in str(replay.differences)
