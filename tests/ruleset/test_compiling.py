from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given

from tests.strategies import ruleset_documents
from triage_triggers.errors import RulesetError
from triage_triggers.phrases.pattern import words_of
from triage_triggers.ruleset import compiling
from triage_triggers.ruleset.compiling import compile_ruleset
from triage_triggers.ruleset.definition import Ruleset
from triage_triggers.ruleset.loading import load_ruleset

if TYPE_CHECKING:
    from pathlib import Path


def ruleset_of(*phrases: str, unless: tuple[str, ...] = (), **lists: tuple[str, ...]) -> Ruleset:
    head: dict[str, Any] = {"format": 1, "id": "demo", "version": "1.0.0", "title": "Demo", "language": "en"}
    rule = {"id": "demo.x", "theme": "x", "phrases": phrases, "unless": unless}
    return Ruleset(**head, status="draft", code_system="nhs-arp", lists=lists, rules=[rule])


def faults_of(ruleset: Ruleset) -> list[str]:
    with pytest.raises(RulesetError) as caught:
        compile_ruleset(ruleset)
    return [str(fault) for fault in caught.value.faults]


def test_phrases_and_unless_come_in_the_order_of_the_rule() -> None:
    (rule,) = compile_ruleset(
        ruleset_of("got a (knife|gun)", "he ... {who}", unless=("[big] film",), who=("me", "them"))
    )
    assert rule.rule.id == "demo.x"
    assert [phrase.source for phrase in rule.phrases] == ["got a (knife|gun)", "he ... {who}"]
    assert [[words_of(part) for part in phrase.segments] for phrase in rule.phrases] == [
        [{"got", "a", "knife", "gun"}],
        [{"he"}, {"me", "them"}],
    ]
    assert rule.unless[0].source == "[big] film"


def test_faults_without_a_file_name_the_ruleset_and_the_phrase() -> None:
    ruleset = ruleset_of("fine", "got (a knife", unless=("{whom} hit",), who=("me", "(you"), loop=("{loop}",))
    assert faults_of(ruleset) == [
        "ruleset demo:1:1: list 'who' 2: this '(' is never closed: add ')'",
        "ruleset demo:1:1: list 'loop' 1: the list {loop} contains itself: loop → loop",
        "ruleset demo:1:5: demo.x: phrases 2: this '(' is never closed: add ')'",
        "ruleset demo:1:1: demo.x: unless 1: there is no list {whom}: did you mean who?",
    ]


def test_a_fault_in_a_list_is_not_repeated_for_each_phrase_that_uses_it() -> None:
    assert len(faults_of(ruleset_of("{who} a", "{whose} b", who=("(me",), whose=("{who} is",)))) == 1


def test_what_is_too_large_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    lists = {"n0": ("a", "b", "c"), **{f"n{level}": (f"{{n{level - 1}}} " * 9,) for level in range(1, 9)}}
    faults = faults_of(ruleset_of("{n2}", "{n1} " * 30, "{n8}", **lists))
    assert faults[0] == (
        "ruleset demo:1:1: list 'n3' 1: this list may run to 729 words, more than the 250 allowed: split it"
    )
    assert faults[-1] == (
        "ruleset demo:1:1: demo.x: phrases 2: this phrase may run to 270 words, more than the 250 allowed: split it"
    )
    monkeypatch.setattr(compiling, "MAX_RULESET_ELEMENTS", 70)
    path = tmp_path / "f.yaml"
    rules = "".join(
        f"  - id: r{number}\n    theme: x\n    phrases: ['{phrase}']\n"
        for number, phrase in enumerate(["{n} {n}", "{n} {n} {n}", "{n} {n}", "{n} {n}", "a"])
    )
    path.write_text(
        "format: 1\nid: demo\nversion: 1.0.0\ntitle: Demo\nlanguage: en\nstatus: draft\ncode_system: nhs-arp\n"
        f"lists: {{n: [a, b, c, d, e]}}\nrules:\n{rules}",
        encoding="utf-8",
    )
    with pytest.raises(RulesetError) as caught:
        load_ruleset(path)
    assert [str(fault).removeprefix(f"{path}:") for fault in caught.value.faults] == [
        "19:5: r3: the ruleset's phrases up to here hold more than 70 words",
    ]


@given(ruleset_documents())
def test_what_loads_compiles(document: dict[str, Any]) -> None:
    ruleset = Ruleset.model_validate(document)
    compiled = compile_ruleset(ruleset)
    assert [entry.rule for entry in compiled] == list(ruleset.rules)
    for entry in compiled:
        assert tuple(phrase.source for phrase in entry.phrases) == entry.rule.phrases
        assert all(all(phrase.segments) for phrase in (*entry.phrases, *entry.unless))
