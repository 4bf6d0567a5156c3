from __future__ import annotations

import json

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.record.conftest import CALLS
from triage_triggers import Call, Utterance
from triage_triggers.calls.call import SPEAKERS
from triage_triggers.record.decision import call_bytes, call_from_bytes, kept, mask
from triage_triggers.record.entries import digest

_text = st.text(st.characters(codec=None))  # lone surrogates too
_times = st.none() | st.floats(allow_nan=False, allow_infinity=False) | st.integers()
_utterances = st.lists(st.builds(Utterance, _text, st.sampled_from(SPEAKERS), _times, _times), max_size=4)
_json = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | _text,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(_text, inner, max_size=3),
    max_leaves=5,
)
_calls = st.builds(
    lambda call_id, utterances, code, metadata: Call(call_id, utterances, current_code=code, metadata=metadata),
    _text,
    _utterances,
    st.none() | _text,
    st.dictionaries(_text, _json, max_size=3),
)


@settings(deadline=None)
@given(_calls)
def test_a_call_comes_back_from_its_canonical_bytes(call: Call) -> None:
    content = call_bytes(call)
    assert call_from_bytes(content) == call
    assert call_bytes(call_from_bytes(content)) == content


@settings(deadline=None)
@given(_calls, _calls)
def test_calls_differ_where_their_digests_do(one: Call, other: Call) -> None:
    assert (digest(call_bytes(one)) == digest(call_bytes(other))) == (repr(one) == repr(other)) or one == other


def test_the_order_of_metadata_makes_no_difference() -> None:
    one, other = (Call("C", (), metadata=metadata) for metadata in ({"a": 1, "b": 2}, {"b": 2, "a": 1}))
    assert call_bytes(one) == call_bytes(other)
    assert json.loads(call_bytes(one))["metadata"] == {"a": 1, "b": 2}


@settings(deadline=None)
@given(_text)
def test_a_mask_keeps_lengths_spaces_and_no_letter_or_digit(text: str) -> None:
    masked = mask(text)
    assert len(masked) == len(text)
    for was, now in zip(text, masked, strict=True):
        if was.isalnum():
            assert now in "xX0"
        assert was.isspace() == now.isspace()
    assert mask(masked) == masked


@settings(deadline=None)
@given(_calls)
def test_each_utterance_is_masked_by_itself(call: Call) -> None:
    masked = kept(call, "masked")
    assert masked is not None
    assert [part.text for part in masked.utterances] == [mask(part.text) for part in call.utterances]


def test_what_is_kept_depends_on_the_mode() -> None:
    assert kept(CALLS[0], "none") is None
    assert kept(CALLS[0], "full") is CALLS[0]
    masked = kept(CALLS[0], "masked")
    assert masked is not None
    assert masked.metadata == {}
    assert [part.speaker for part in masked.utterances] == ["call_taker", "caller"]
