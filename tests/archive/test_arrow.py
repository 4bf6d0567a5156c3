from __future__ import annotations

import sys

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.strategies import calls
from triage_triggers import Call, Evaluator, MissingExtraError, Utterance
from triage_triggers.archive.arrow import assessment_batch, assessment_row, assessment_schema

pytest.importorskip("pyarrow", reason="the extra 'arrow' is not installed")


@given(said=st.lists(calls, max_size=4), with_text=st.booleans())
@settings(max_examples=50, deadline=None)
def test_columns_hold_what_the_json_holds(evaluator: Evaluator, said: list[Call], *, with_text: bool) -> None:
    pairs = [(evaluator.evaluate(call, current_code="C4"), call if with_text else None) for call in said]
    schema = assessment_schema(with_text=with_text)
    batch = assessment_batch(pairs, schema)
    assert batch.schema == schema
    assert batch.to_pylist() == [assessment_row(assessment, call) for assessment, call in pairs]
    for row, (assessment, call) in zip(batch.to_pylist(), pairs, strict=True):
        for finding in row["findings"]:
            if finding["end_utterance"] == finding["utterance"]:
                del finding["end_utterance"]
        assert row == assessment.to_dict(call)


def test_half_a_surrogate_pair_costs_no_call(evaluator: Evaluator) -> None:
    call = Call("C-\ud800", [Utterance("He hit me \U0001f600\ud83d.")])
    row, other = assessment_batch(
        [(evaluator.evaluate(call), None), (evaluator.evaluate("He hit me."), None)], assessment_schema()
    ).to_pylist()
    assert row["call_id"] == "C-\N{REPLACEMENT CHARACTER}"
    assert row["findings"] == other["findings"]


def test_without_arrow_the_error_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    with pytest.raises(MissingExtraError, match=r"triage-triggers\[arrow\]"):
        assessment_schema()
