from __future__ import annotations

import json
from datetime import date
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.strategies import as_yaml, broken_documents, damaged_yaml, ruleset_documents, yaml_like
from triage_triggers.errors import RulesetError, RulesetNotFoundError, RulesetStatusError, TriageTriggersError
from triage_triggers.ruleset.definition import Ruleset
from triage_triggers.ruleset.loading import load_ruleset

if TYPE_CHECKING:
    from pathlib import Path

    from triage_triggers.errors import Fault

HEAD = "format: 1\nid: demo\nversion: 1.0.0\ntitle: Demo\nlanguage: en\nstatus: draft\ncode_system: nhs-arp\n"
KNIFE = "rules:\n  - id: demo.knife\n    theme: weapon\n    phrases: [got a knife]\n"
GUN = "rules:\n  - id: demo.gun\n    theme: weapon\n    phrases: [got a gun]\n"
APPROVED = HEAD.replace("draft", "approved\napproval: {by: A, role: B, on: 2026-01-01, expires: 2026-06-30}") + KNIFE
LETTERS = "small letters, digits, '.', '_' and '-' only, starting with a letter (at most 200)"
same_folder = settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


def write(folder: Path, **files: str) -> Path:
    for name, text in files.items():
        path = folder / f"{name.replace('__', '/')}.yaml"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return folder


def faults_of(path: Path, **options: Any) -> list[str]:
    with pytest.raises(RulesetError) as caught:
        load_ruleset(path, **options)
    assert str(caught.value) == "\n".join(map(str, caught.value.faults))
    return [str(fault).replace(f"{path}/", "") for fault in caught.value.faults]


def test_the_smallest_ruleset(tmp_path: Path) -> None:
    ruleset = load_ruleset(write(tmp_path, demo=HEAD + KNIFE) / "demo.yaml")
    assert (ruleset.id, ruleset.rules[0].phrases, ruleset.signs) == ("demo", ("got a knife",), ())
    assert ruleset.digest.startswith("sha256:")
    assert len(ruleset.digest) == 71


@same_folder
@given(ruleset_documents())
def test_what_was_written_is_what_is_loaded(tmp_path: Path, document: dict[str, Any]) -> None:
    ruleset = load_ruleset(write(tmp_path, demo=as_yaml(document)) / "demo.yaml")
    assert ruleset.model_dump(exclude={"digest"}) == Ruleset.model_validate(document).model_dump(exclude={"digest"})


@pytest.mark.parametrize("typed", ["no", "1.0", "12:30", "007", "1e3", "null", "Yes", "3", "2026-11-23"])
def test_phrases_without_quotes_are_the_text_that_was_typed(tmp_path: Path, typed: str) -> None:
    text = f"{HEAD}rules:\n  - {{id: demo.x, theme: x, phrases: [{typed} x], rationale: {typed}}}\n"
    rule = load_ruleset(write(tmp_path, demo=text) / "demo.yaml").rules[0]
    assert (rule.phrases, rule.rationale) == ((f"{typed} x",), typed)


@pytest.mark.parametrize(
    ("typed", "meant"), [("yes", True), ("true", True), ("on", True), ("No", False), ("FALSE", False)]
)
def test_truths_numbers_and_days_are_converted_where_they_are_meant(tmp_path: Path, typed: str, *, meant: bool) -> None:
    text = (
        f"{HEAD}review_by: 2027-01-01\n{KNIFE}    never_set_aside: {typed}\n"
        "signs:\n  - {id: p, find: weapon, near: 15, reason: r}\n"
    )
    ruleset = load_ruleset(write(tmp_path, demo=text) / "demo.yaml")
    assert ruleset.rules[0].never_set_aside is meant
    assert ruleset.review_by == date(2027, 1, 1)
    assert (ruleset.signs[0].near, ruleset.signs[0].find) == (15, ("weapon",))


def test_a_folder_reads_its_files_together(tmp_path: Path) -> None:
    write(tmp_path, ruleset=HEAD, rules__b=f"lists: {{who: [me]}}\n{KNIFE}", rules__a=f"format: 1\n{GUN}")
    (tmp_path / "rules" / "c.yml").write_text("format: 1\n", encoding="utf-8")
    (tmp_path / "rules" / "._b.yaml").write_bytes(b"\x00\x05\x16\x07")
    (tmp_path / "rules" / "notes.txt").write_text("a: [", encoding="utf-8")
    ruleset = load_ruleset(tmp_path)
    assert [rule.id for rule in ruleset.rules] == ["demo.gun", "demo.knife"]
    assert ruleset.lists == {"who": ("me",)}
    assert load_ruleset(tmp_path / "ruleset.yaml") == ruleset
    assert load_ruleset(str(tmp_path)) == ruleset


def test_faults_of_all_files_are_reported_together_in_order(tmp_path: Path) -> None:
    write(
        tmp_path,
        ruleset=f"{HEAD.replace('demo', 'Demo')}lists:\n  who: [me, '(you']\n{KNIFE}"
        "signs:\n  - {id: p, find: wepon, sauces: [C2]}\n",
        rules__a=f"{GUN}  - 'a",
        rules__b=KNIFE.replace("got a knife", "got an (axe, '{whom} hurt', '{who} hurt'"),
        rules__c=GUN.replace("theme", "them"),
        rules__d="- a",
        rules__more__e=GUN,
    )
    assert faults_of(tmp_path) == [
        f"ruleset.yaml:2:5: 'id' must be {LETTERS}; not 'Demo'",
        "ruleset.yaml:9:14: this '(' is never closed: add ')'",
        "ruleset.yaml:15:5: p: 'reason' is missing",
        "ruleset.yaml:15:19: p: there is no rule and no theme 'wepon'; did you mean weapon?",
        "ruleset.yaml:15:26: p: unknown key 'sauces'; did you mean sources?",
        "rules/a.yaml:5:5: a quotation mark is opened here and never closed",
        "rules/b.yaml:2:5: demo.knife: the rule 'demo.knife' is defined twice; the other is at ruleset.yaml:11:5",
        "rules/c.yaml:2:5: demo.gun: 'theme' is missing",
        "rules/c.yaml:3:5: demo.gun: unknown key 'them'; did you mean theme?",
        "rules/d.yaml:1:1: the file must be a group of keys, not a list: format, lists, rules",
        "rules/more/e.yaml:1:1: files in folders below rules/ are not read; move it up",
    ]


def test_what_belongs_in_the_main_file_is_sent_there(tmp_path: Path) -> None:
    write(tmp_path, ruleset=HEAD, rules__a=f"signs: []\nversion: 1.0.0\ncolour: red\n{GUN}")
    assert faults_of(tmp_path) == [
        "rules/a.yaml:1:1: 'signs' belongs in ruleset.yaml, not in a file of rules",
        "rules/a.yaml:2:1: 'version' belongs in ruleset.yaml, not in a file of rules",
        "rules/a.yaml:3:1: unknown key 'colour'; known: format, lists, rules",
    ]


def test_the_same_id_twice_names_both_places(tmp_path: Path) -> None:
    sign = "  - {id: p, find: weapon, reason: r}\n"
    write(
        tmp_path,
        ruleset=f"{HEAD}lists: {{who: [me]}}\nsigns:\n{sign}{sign}",
        rules__a=KNIFE,
        rules__b=f"lists: {{who: [me]}}\n{KNIFE}",
    )
    assert faults_of(tmp_path) == [
        "ruleset.yaml:11:5: p: the sign 'p' is defined twice; the other is at ruleset.yaml:10:5",
        "rules/b.yaml:1:14: the list 'who' is defined twice; the other is at ruleset.yaml:8:14",
        "rules/b.yaml:3:5: demo.knife: the rule 'demo.knife' is defined twice; the other is at rules/a.yaml:2:5",
    ]


def test_phrase_faults_are_found_beside_others_of_the_same_rule(tmp_path: Path) -> None:
    rule = "rules:\n  - id: demo.x\n    phrases: [(a, 5, '', {b: c}, '{whom} hurt']\n    unless: x\n"
    write(tmp_path, f=HEAD + rule)
    assert [fault.split(": ", 2)[0] for fault in faults_of(tmp_path / "f.yaml")] == [
        f"{tmp_path}/f.yaml:{place}" for place in ("9:5", "10:15", "10:22", "10:26", "10:35", "11:13")
    ]


def test_an_unreadable_main_file_does_not_hide_faults_of_the_others(tmp_path: Path) -> None:
    write(tmp_path, ruleset="a: [", rules__a=GUN.replace("theme", "them"))
    assert [fault.split(" ")[0] for fault in faults_of(tmp_path)][-2:] == ["rules/a.yaml:2:5:", "rules/a.yaml:3:5:"]


def test_a_folder_without_its_main_file(tmp_path: Path) -> None:
    assert faults_of(tmp_path) == ["ruleset.yaml:1:1: the file can't be read: No such file or directory"]


def test_a_folder_of_rules_that_cannot_be_read_is_not_skipped(tmp_path: Path) -> None:
    write(tmp_path, ruleset=HEAD)
    (tmp_path / "rules").write_text("not a folder", encoding="utf-8")
    assert faults_of(tmp_path) == ["rules:1:1: the folder can't be read: Not a directory"]


def test_a_folder_that_is_too_large(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("triage_triggers.ruleset.draft.MAX_FOLDER_BYTES", 100)
    write(tmp_path, ruleset=HEAD, rules__a=KNIFE, rules__b=GUN, rules__c="(")
    assert faults_of(tmp_path) == [
        "rules/b.yaml:1:1: with this file the folder is larger than 100 bytes; the rest was not read"
    ]


@pytest.mark.parametrize("source", ["", "nul\x00", "x" * 5000, "../gone", "gone.yaml", "a/b"])
def test_what_is_not_there_is_not_found(source: str) -> None:
    with pytest.raises(RulesetNotFoundError):
        load_ruleset(source)


def test_a_withdrawn_ruleset_is_loaded_only_if_told_to(tmp_path: Path) -> None:
    path = write(tmp_path, f=HEAD.replace("draft", "withdrawn") + KNIFE) / "f.yaml"
    with pytest.raises(RulesetStatusError, match=r"^the ruleset demo 1\.0\.0 is withdrawn; .* allow_withdrawn=True$"):
        load_ruleset(path)
    assert load_ruleset(path, allow_withdrawn=True).status == "withdrawn"


def test_an_approval_holds_to_the_end_of_its_last_day(tmp_path: Path) -> None:
    path = write(tmp_path, f=APPROVED) / "f.yaml"
    assert load_ruleset(path, today=date(2026, 6, 30)).status == "approved"
    with pytest.raises(RulesetStatusError, match=r"the approval of the ruleset demo 1\.0\.0 expired on 2026-06-30"):
        load_ruleset(path, today=date(2026, 7, 1))
    assert load_ruleset(path, today=date(2026, 7, 1), allow_withdrawn=True).approval is not None


def test_without_a_day_today_decides(tmp_path: Path) -> None:
    write(tmp_path, old=APPROVED.replace("2026", "1999"), new=APPROVED.replace("2026-06-30", "9999-12-31"))
    assert load_ruleset(tmp_path / "new.yaml").approval is not None
    with pytest.raises(RulesetStatusError):
        load_ruleset(tmp_path / "old.yaml")


@same_folder
@given(st.one_of(broken_documents().map(as_yaml), broken_documents().map(json.dumps), damaged_yaml(), yaml_like))
def test_whatever_stands_in_a_file_it_loads_or_is_explained(tmp_path: Path, text: str) -> None:
    path = tmp_path / "f.yaml"
    path.write_bytes(text.encode("utf-8", "replace"))
    faults: tuple[Fault, ...] = ()
    try:
        digest = load_ruleset(path).digest
    except RulesetError as error:
        faults, digest = error.faults, ""
    except TriageTriggersError as error:
        digest = str(error)
    assert bool(faults) is not bool(digest)
    assert len({*faults}) == len(faults)
    for fault in faults:
        assert fault.file == str(path)
        assert fault.line >= 1
        assert fault.column >= 1
        assert fault.message
        assert "\n" not in fault.message


@same_folder
@given(st.binary(max_size=60))
def test_no_bytes_make_it_fail_otherwise(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "f.yaml"
    path.write_bytes(content)
    with pytest.raises(RulesetError):
        load_ruleset(path)
