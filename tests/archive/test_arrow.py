from __future__ import annotations

import sys

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.strategies import calls
from tests.told import BLOKE, teller
from triage_triggers import Call, CallError, Evaluator, MissingExtraError, Utterance
from triage_triggers.archive.arrow import result_row, result_schema, row_batch

pytest.importorskip("pyarrow", reason="the extra 'arrow' is not installed")


@given(said=st.lists(calls, max_size=4), with_text=st.booleans())
@settings(max_examples=50, deadline=None)
def test_columns_hold_what_the_json_holds(evaluator: Evaluator, said: list[Call], *, with_text: bool) -> None:
    results = [evaluator.evaluate(call, current_code="C4") for call in said]
    schema = result_schema(with_text=with_text)
    batch = row_batch(
        [result_row(call, result, with_text=with_text) for call, result in zip(said, results, strict=True)], schema
    )
    assert batch.schema == schema
    for row, result, call in zip(batch.to_pylist(), results, said, strict=True):
        assert row.pop("error") is None
        for finding in row["findings"]:
            if finding["end_utterance"] == finding["utterance"]:
                del finding["end_utterance"]
        assert row == result.to_dict(call if with_text else None)


def test_a_call_that_was_not_evaluated_has_its_reason_and_its_id_if_it_was_read() -> None:
    error = CallError("a.jsonl:7: no call")
    rows = [
        result_row(error, error),
        result_row(Call("C-1", []), error),
        result_row(Call("C-2", []), LookupError("He hit me.")),
    ]
    known = [
        {name: value for name, value in row.items() if value is not None}
        for row in row_batch(rows, result_schema()).to_pylist()
    ]
    assert known == [
        {"error": "a.jsonl:7: no call"},
        {"call_id": "C-1", "error": "a.jsonl:7: no call"},
        {"call_id": "C-2", "error": "unexpected: LookupError"},
    ]


def test_half_a_surrogate_pair_costs_no_call(evaluator: Evaluator) -> None:
    said = [Call("C-\ud800", [Utterance("He hit me \U0001f600\ud83d.")]), Call.from_text("He hit me.")]
    row, other = row_batch([result_row(call, evaluator.evaluate(call)) for call in said], result_schema()).to_pylist()
    assert row["call_id"] == "C-\N{REPLACEMENT CHARACTER}"
    assert row["findings"] == other["findings"]


def test_without_arrow_the_error_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    with pytest.raises(MissingExtraError, match=r"triage-triggers\[arrow\]"):
        result_schema()


@pytest.mark.parametrize("with_text", [False, True])
def test_the_cast_and_who_did_what_have_columns(*, with_text: bool) -> None:
    result = teller().evaluate(BLOKE)
    schema = result_schema(with_text=with_text)
    (row,) = row_batch([result_row(BLOKE, result, with_text=with_text)], schema).to_pylist()
    expected = result.to_dict(BLOKE if with_text else None)
    assert row["cast"] == expected["cast"] != []
    assert [finding["agent"] for finding in row["findings"]] == [finding["agent"] for finding in expected["findings"]]
    assert {finding["tie"] for finding in row["findings"]} == {"partner", None}
