from __future__ import annotations

import pytest

from triage_triggers.phrases.lists import Lists, read_lists
from triage_triggers.phrases.pattern import Vocabulary, words_of
from triage_triggers.phrases.syntax import MAX_DEPTH


def _read(lists: dict[str, list[str]]) -> Lists:
    return read_lists(lists, lambda _phrase: None)


def test_every_list_comes_after_those_it_uses() -> None:
    lists = _read({"who": ["my {rel}"], "rel": ["{ex} (wife|husband)"], "ex": ["ex"]})
    assert list(lists.entries) == ["ex", "rel", "who"]
    assert not lists.faults
    assert not lists.broken


def test_every_fault_of_every_list_is_found_where_it_stands() -> None:
    lists = {
        "a": ["fine", "not (fine", "{b} {nowhere}"],
        "b": ["he ... hit", "[optional]", "srangle~", "fine"],
        "c": ["{a} and {b}"],
    }
    faults = [(name, entry, error.offset, error.phrase) for name, entry, error in Vocabulary(lists).list_faults]
    assert faults == [
        ("a", 1, 4, "not (fine"),
        ("a", 2, 4, "{b} {nowhere}"),
        ("b", 0, 7, "he ... hit"),
        ("b", 1, 0, "[optional]"),
        ("b", 2, 0, "srangle~"),
    ]
    assert set(read_lists(lists, lambda _phrase: None).broken) == {"a", "b", "c"}


@pytest.mark.parametrize(
    ("lists", "path", "place"),
    [
        ({"a": ["x", "my {a}"]}, "a → a", ("a", 1, 3)),
        ({"b": ["{c}"], "c": ["x {b}"]}, "b → c → b", ("b", 0, 0)),
        ({"d": ["{c}"], "a": ["{b}"], "b": ["{c}"], "c": ["q", "x {a}"]}, "a → b → c → a", ("a", 0, 0)),
    ],
)
def test_a_circle_is_shown_once(lists: dict[str, list[str]], path: str, place: tuple[str, int, int]) -> None:
    (fault,) = _read(lists).faults
    assert f"contains itself: {path}" in fault.error.message
    assert (fault.name, fault.entry, fault.error.offset) == place
    assert set(_read(lists).broken) == set(lists)


def test_two_circles_are_both_shown() -> None:
    lists = _read({"a": ["{b}"], "b": ["{a}"], "c": ["{c}"], "fine": ["x"]})
    assert [fault.name for fault in lists.faults] == ["a", "c"]
    assert set(lists.entries) == {"fine"}


@pytest.mark.parametrize("reverse", [False, True])
def test_depth_is_limited_however_lists_are_ordered(*, reverse: bool) -> None:
    chain = {"l0": ["x"]} | {f"l{n}": [f"{{l{n - 1}}}"] for n in range(1, 1_000)}
    lists = _read(dict(reversed(chain.items())) if reverse else chain)
    assert len(lists.entries) == MAX_DEPTH
    assert (f"l{MAX_DEPTH}", 0) in {(fault.name, fault.entry) for fault in lists.faults}


def test_an_entry_may_stand_in_any_phrase() -> None:
    segments = Vocabulary({"who": ["he", "her ex"]}).segments_of("{who} ... {who}")
    assert [words_of(segment) for segment in segments] == [{"he", "her", "ex"}] * 2
