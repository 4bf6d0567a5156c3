from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.strategies import calls
from tests.told import BLOKE, teller
from triage_triggers import Call, CallError, Evaluator, MissingExtraError, Utterance
from triage_triggers.archive.arrow import assess_batches, result_row, result_schema, row_batch
from triage_triggers.engine.engine import Engine

if TYPE_CHECKING:
    from collections.abc import Sequence

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


pa = pytest.importorskip("pyarrow", reason="the extra 'arrow' is not installed")


def assessed(evaluator: Evaluator, rows: Sequence[dict[str, Any]], **options: Any) -> list[dict[str, Any]]:
    batches = list(assess_batches(evaluator, [pa.RecordBatch.from_pylist(rows)] if rows else [], **options))
    assert all(batch.schema == result_schema(with_text=options.get("with_text", False)) for batch in batches)
    return [row for batch in batches for row in batch.to_pylist()]


@given(said=st.lists(calls, max_size=4), with_text=st.booleans())
@settings(max_examples=40, deadline=None)
def test_rows_are_what_is_said_of_each_call(evaluator: Evaluator, said: list[Call], *, with_text: bool) -> None:
    rows = [
        {"call_id": "C", "utterances": [{"text": part.text, "speaker": part.speaker} for part in call.utterances]}
        for call in said
    ]
    expected = [
        result_row(call, evaluator.evaluate(call, current_code="C3"), with_text=with_text)
        | {"call_id": "C", "error": None}
        for call in said
    ]
    assert assessed(evaluator, rows, current_code="C3", with_text=with_text) == expected


def test_batches_of_any_size_keep_their_order(evaluator: Evaluator) -> None:
    rows = [{"call_id": number, "text": "He hit me."} for number in range(1_100)]
    found = assessed(evaluator, rows)
    assert [row["call_id"] for row in found] == [str(number) for number in range(1_100)]
    assert assessed(evaluator, []) == []


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        ({}, "neither 'text' nor 'utterances'"),
        ({"text": 7}, "text must be a string"),
        ({"utterances": "He hit me."}, "utterances must be a list"),
        ({"utterances": ["He hit me."]}, "utterances[0] must be"),
        ({"text": "He hit me.", "call_id": 1.5}, "call_id must be a string"),
        ({"text": "He hit me.", "current_code": "A1"}, "A1"),
        ({"text": "He hit me.", "code_system": "scotland"}, "scotland"),
    ],
)
def test_a_bad_row_has_its_reason_and_nothing_that_was_said(
    evaluator: Evaluator, row: dict[str, Any], reason: str
) -> None:
    (found,) = assessed(evaluator, [row | {"area": float("nan")}])
    assert reason in found["error"]
    assert "hit me" not in found["error"]
    assert {name for name, value in found.items() if value is not None} <= {"call_id", "error"}


def test_a_fault_of_ours_costs_one_row(evaluator: Evaluator, monkeypatch: pytest.MonkeyPatch) -> None:
    real = Engine.assess_many

    def faulty(self: Engine, many: list[Call]) -> Any:  # noqa: ANN401
        if any(call.call_id == "2" for call in many):
            raise RecursionError("He hit me.")
        return real(self, many)

    monkeypatch.setattr(Engine, "assess_many", faulty)
    rows = assessed(evaluator, [{"call_id": number, "text": "He hit me."} for number in (1, 2, 3)])
    assert [row["error"] for row in rows] == [None, "unexpected: RecursionError", None]
    assert "hit me" not in json.dumps(rows)
