"""A ruleset's own words: loaded, laid over one another, found in calls, and what can't be so."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from triage_triggers import Evaluator, load_ruleset
from triage_triggers.errors import RulesetError

if TYPE_CHECKING:
    from pathlib import Path

HEAD = "format: 1\nid: demo\nversion: 1.0.0\ntitle: Demo\nlanguage: en\nstatus: draft\ncode_system: nhs-arp\n"
STRUCK = "rules:\n  - {id: demo.struck, theme: physical_violence, event: {does: strike}}\n"
OVERLAY = "format: 1\nid: local\nversion: 1.0.0\ntitle: Local\nstatus: draft\nextends: ../demo\n"


def write(folder: Path, **files: str) -> Path:
    for name, text in files.items():
        path = folder / f"{name.replace('__', '/')}.yaml"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return folder


def faults_of(path: Path) -> list[str]:
    with pytest.raises(RulesetError) as caught:
        load_ruleset(path)
    return [str(fault).replace(f"{path}/", "") for fault in caught.value.faults]


def finds(path: Path, text: str) -> bool:
    return any(finding.counts for finding in Evaluator(load_ruleset(path)).evaluate(text).findings)


def test_words_are_added_and_taken_out_in_a_line(tmp_path: Path) -> None:
    plain = write(tmp_path / "plain", ruleset=HEAD + STRUCK)
    own = "strike-person: {add: [bonk~], remove: [tan~]}\n"
    changed = write(tmp_path / "changed", ruleset=HEAD + STRUCK, vocabulary__local=own)
    assert finds(plain, "My husband tans me.")
    assert not finds(plain, "My husband bonked me.")
    assert finds(changed, "My husband bonked me.")
    assert finds(changed, "My husband was bonkin me.")
    assert not finds(changed, "My husband tans me.")


def test_a_ruleset_file_says_the_same_under_a_key(tmp_path: Path) -> None:
    change = "strike-person: {remove: [tan~], add: [bonk~, bop~]}"
    folder = write(tmp_path / "a", ruleset=HEAD + STRUCK, vocabulary__a=change)
    single = write(
        tmp_path / "b", demo=f"{HEAD}vocabulary: {{{change.replace('bonk~, bop~', 'bop~, bonk~')}}}\n{STRUCK}"
    )
    ruleset = load_ruleset(folder)
    assert ruleset.vocabulary["strike-person"].add == ("bonk~", "bop~")
    assert ruleset.digest == load_ruleset(single / "demo.yaml").digest
    assert ruleset.digest != load_ruleset(write(tmp_path / "c", ruleset=HEAD + STRUCK)).digest
    two = write(
        tmp_path / "d",
        ruleset=HEAD + STRUCK,
        vocabulary__a="strike-person: {remove: [tan~]}",
        vocabulary__b="strike-person: {add: [bonk~, bop~]}",
    )
    assert load_ruleset(two).digest == ruleset.digest


def test_an_overlay_goes_on_from_what_it_extends(tmp_path: Path) -> None:
    write(tmp_path / "demo", ruleset=HEAD + STRUCK, vocabulary__a="strike-person: {add: [bonk~, bop~]}")
    own = "strike-person: {add: [clonk~], remove: [bonk~, tan~]}"
    local = load_ruleset(write(tmp_path / "local", ruleset=OVERLAY, vocabulary__a=own))
    assert local.vocabulary["strike-person"].model_dump() == {"add": ("bop~", "clonk~"), "remove": ("tan~",)}


def test_the_base_stays_named_in_the_assessment(tmp_path: Path) -> None:
    folder = write(tmp_path, ruleset=HEAD + STRUCK, vocabulary__a="strike-person: {add: [bonk~]}")
    plain = Evaluator(load_ruleset(write(tmp_path / "plain", ruleset=HEAD + STRUCK))).evaluate("hello").lexicon
    assert " vocabulary en/" in plain
    assert Evaluator(load_ruleset(folder)).evaluate("hello").lexicon == plain


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        ("strike_person: {add: [bonk]}", "1:1: there is no class of words 'strike_person'; did you mean strike-"),
        ("strike: {add: [qwert~]}", "1:16: no inflections of 'qwert' are known: write the forms out: hit,"),
        ("strike: {remove: [qwert~]}", "1:19: no inflections of 'qwert' are known: write the forms out: hit,"),
        ("strike: {add: ['!!']}", "1:16: '!!' has no word in it"),
        ("strike: {remove: [cuddle~]}", "1:19: 'cuddle~' is not in 'strike', so it can't be taken out; "),
        ("strike: {remove: [hitt~, punc]}", "1:26: 'punc' is not in 'strike', so it can't be taken out; did you"),
        ("strike: {ad: [bonk]}", "1:10: unknown key 'ad'; did you mean add?"),
        ("strike: {}", "1:9: 'strike' must have 'add' or 'remove'"),
        ("strike: [bonk]", "must be a group of keys, not a list"),
        ("[bonk]", "the file must be a group of keys: the classes of words to change"),
        ("strike: {add: [cuddle~]}", "1:16: 'cuddle' would be a kind verb ('kind-verb') and a verb that"),
        ("kind-verb: {add: [zap, lamp~]}", "1:24: 'lamp' would be a kind verb ('kind-verb') and a verb that harms"),
        ("strike: {add: [bonk], remove: [bonk]}", "'bonk' is also added to 'strike', at vocabulary/a.yaml:1:16"),
    ],
)  # fmt: skip
def test_what_can_not_be_so_is_said_where_it_stands(tmp_path: Path, change: str, fault: str) -> None:
    found = faults_of(write(tmp_path, ruleset=HEAD + STRUCK, vocabulary__a=change))
    assert any(fault in line for line in found), found
    assert all(line.startswith("vocabulary/a.yaml:") for line in found)


def test_a_word_may_change_sides(tmp_path: Path) -> None:
    change = "kind-verb: {remove: [cuddle~]}\nstrike: {add: [cuddle~]}"
    assert load_ruleset(write(tmp_path, ruleset=HEAD + STRUCK, vocabulary__a=change)).vocabulary


def test_the_key_of_a_ruleset_file_has_the_same_faults(tmp_path: Path) -> None:
    text = f"{HEAD}vocabulary: {{strike: {{ad: [bonk]}}, strik: {{add: [bonk]}}}}\n{STRUCK}"
    found = faults_of(write(tmp_path, ruleset=text))
    assert [line.partition(": ")[2] for line in found] == [
        "unknown key 'ad'; did you mean add?",
        "there is no class of words 'strik'; did you mean strike?",
    ]


def test_an_unknown_deed_is_a_fault_of_the_rule(tmp_path: Path) -> None:
    text = HEAD + "rules:\n  - {id: demo.a, theme: x, event: {does: [strike, throtle]}}\n"
    text += "  - {id: demo.b, theme: x, event: {does: helps}}\n"
    first, second = faults_of(write(tmp_path, ruleset=text))
    assert first.startswith(
        "ruleset.yaml:9:51: demo.a: no verb and no frame tells a deed 'throtle'; did you mean throttle or"
    )
    assert second.startswith("ruleset.yaml:10:42: demo.b: no verb and no frame tells a deed 'helps'; ")


def test_a_language_without_a_vocabulary_has_no_events(tmp_path: Path) -> None:
    polish = HEAD.replace("language: en", "language: pl")
    text = f"{polish}vocabulary: {{strike: {{add: [bije]}}}}\n{STRUCK}"
    assert faults_of(write(tmp_path, ruleset=text)) == [
        "ruleset.yaml:8:14: there is no vocabulary of 'pl' to change (vocabularies: en)",
        "ruleset.yaml:10:56: demo.struck: events can't be read in 'pl'; write 'phrases' (vocabularies: en)",
    ]


@pytest.mark.parametrize("key", ["unless: [a]", "language: pl"])
def test_what_goes_with_phrases_does_not_go_with_an_event(tmp_path: Path, key: str) -> None:
    text = f"{HEAD}rules:\n  - {{id: demo.a, theme: x, event: {{does: strike}}, {key}}}\n"
    (found,) = faults_of(write(tmp_path, ruleset=text))
    assert "'unless' and 'language' go with 'phrases', not with 'event'" in found


def test_files_further_down_are_not_overlooked(tmp_path: Path) -> None:
    (found,) = faults_of(write(tmp_path, ruleset=HEAD + STRUCK, vocabulary__deep__a="strike: {add: [bonk]}"))
    assert "files in folders below vocabulary/ are not read; move it up" in found
