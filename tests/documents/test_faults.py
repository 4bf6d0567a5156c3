# ruff: noqa: E501, ISC004, RUF001  the messages are tables, a line each
"""Every way in which a ruleset's file can differ from the model, in the words its author reads."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from triage_triggers.documents.faults import item_id, quote
from triage_triggers.documents.source import parse_yaml
from triage_triggers.errors import RulesetError
from triage_triggers.ruleset.loading import load_ruleset

if TYPE_CHECKING:
    from pathlib import Path

    from triage_triggers.documents.source import Place

HEAD = "format: 1\nid: demo\nversion: 1.0.0\ntitle: Demo\nlanguage: en\nstatus: draft\ncode_system: nhs-arp\n"
RULE = "rules:\n  - id: demo.knife\n    theme: weapon\n    phrases: [got a knife]\n"
SIGN = "signs:\n  - id: armed\n    reason: A weapon is at hand.\n"


def faults_of(tmp_path: Path, text: str) -> list[str]:
    path = tmp_path / "f.yaml"
    path.write_text(text, encoding="utf-8")
    try:
        load_ruleset(path)
    except RulesetError as error:
        return [str(fault).removeprefix(f"{path}:") for fault in error.faults]
    return []


def test_the_smallest_ruleset_has_none(tmp_path: Path) -> None:
    assert faults_of(tmp_path, HEAD + RULE) == []


@pytest.mark.parametrize(
    ("old", "new", "faults"),
    [
        ("format: 1", "format: 2", ["1:9: 'format' can't be '2'; known: 1"]),
        ("format: 1", "formt: 1", ["1:1: 'format' is missing", "1:1: unknown key 'formt'; did you mean format?"]),
        ("id: demo\n", "id: Demo!\n", [
            "2:5: 'id' must be small letters, digits, '.', '_' and '-' only, starting with a letter (at most 200); "
            "not 'Demo!'"]),
        ("1.0.0", "1.0", ["3:10: 'version' must be three numbers with dots between, such as 1.0.0; not '1.0'"]),
        ("1.0.0", "1.０.0", ["3:10: 'version' must be three numbers with dots between, such as 1.0.0; not '1.０.0'"]),
        ("title: Demo\n", "", ["1:1: 'title' is missing"]),
        ("title: Demo", "title: ''", ["4:8: 'title' is empty"]),
        ("title: Demo", "title: [Demo]", ["4:8: 'title' must be text, not a list; if it is a phrase, put it in quotes"]),
        ("title: Demo", f"title: {'x' * 2001}", ["4:8: 'title' is longer than 2,000 characters"]),
        ("language: en", "language: English", [
            "5:11: 'language' must be a language code such as en or en-GB; not 'English'"]),
        ("language: en\n", "", ["1:1: 'language' is missing"]),
        ("status: draft", "status: drafty", ["6:9: 'status' can't be 'drafty'; did you mean draft?"]),
        ("status: draft", "status: [draft]", ["6:9: 'status' can't be '['draft']'; did you mean draft?"]),
        ("status: draft", "status: approved", [
            "6:1: 'status: approved' needs an 'approval' with the keys by, role, on, expires"]),
        ("status: draft", "status: draft\napproval: {by: A, role: B, on: 2026-01-01, expires: 2026-01-02}", [
            "7:1: 'approval' goes with 'status: approved', and only with it; the status is draft"]),
        ("status: draft", "status: approved\napproval: yes", [
            "7:11: 'approval' must be a group of keys, not text: by, role, on, expires"]),
        ("status: draft", "status: approved\napproval: {by: A, role: B, on: 2026-02-01, expires: 2026-01-02}", [
            "7:11: 'approval' is not right: the approval expires before it was given: 'expires' is earlier than 'on'"]),
        ("status: draft", "status: approved\napproval: {by: A, role: B, on: 20260201, expires: 2026-02-30}", [
            "7:32: 'on' must be a date written year-month-day, such as 2026-11-23",
            "7:51: 'expires' must be a date written year-month-day, such as 2026-11-23"]),
        ("status: draft", "status: approved\napproval: {by: A, role: B, on: 2026-02-01T00:00:00}", [
            "7:11: 'expires' is missing", "7:32: 'on' must be a date written year-month-day, such as 2026-11-23"]),
        ("status: draft", "status: draft\ndisable: {rules: [x]}", [
            "7:1: 'disable' goes with 'extends', and only with it"]),
        ("code_system: nhs-arp", "code_system: NHS", [
            "7:14: 'code_system' must be small letters, digits, '_' and '-' only, starting with a letter (at most 64); "
            "not 'NHS'"]),
        ("rules:", "lists: [a]\nrules:", ["8:8: 'lists' must be a group of keys, not a list"]),
        ("rules:", "lists: {Gang: [a]}\nrules:", [
            "8:9: the name 'Gang' must be small letters, digits, '_' and '-' only, starting with a letter (at most 64); "
            "not 'Gang'"]),
        ("rules:", "lists: {gang: []}\nrules:", ["8:15: 'gang' is empty; remove it, or write something in it"]),
        ("rules:", "lists: {gang: [a, {b: c}]}\nrules:", [
            "8:19: an item of 'gang' must be text, not a group of keys; if it is a phrase, put it in quotes"]),
        ("  - id: demo.knife\n    theme", "  - theme", ["9:5: 'id' is missing"]),
        ("theme: weapon", "theme: Weapon", [
            "10:12: demo.knife: 'theme' must be small letters, digits, '_' and '-' only, starting with a letter "
            "(at most 64); not 'Weapon'"]),
        ("phrases:", "phrase:", ["11:5: demo.knife: unknown key 'phrase'; did you mean phrases?"]),
        ("[got a knife]", "got a knife", ["11:14: demo.knife: 'phrases' must be a list, not text; put '- ' before each item"]),
        ("[got a knife]", "{got: knife}", [
            "11:14: demo.knife: 'phrases' must be a list, not a group of keys; put '- ' before each item"]),
        ("[got a knife]", "[]", [
            "9:5: demo.knife: an item of 'rules' is not right: a rule has either 'phrases' or 'event'"]),
        ("[got a knife]", "", ["11:5: demo.knife: 'phrases' has nothing after it; remove the line, or write something"]),
        ("[got a knife]", "[got, '']", ["11:20: demo.knife: an item of 'phrases' is empty"]),
        ("[got a knife]", "[got, {victim}]", ["11:20: demo.knife: text that starts with '{' must stand in quotes"]),
        ("  - id: demo.knife", "  - {knife}\n  - id: demo.knife", ["9:5: text that starts with '{' must stand in quotes"]),
        ("[got a knife]", "[a]\n    colour:", [
            "12:5: demo.knife: 'colour' has nothing after it; remove the line, or write something",
            "12:5: demo.knife: unknown key 'colour'; known: beside, event, examples, id, known_false_alarm, known_miss, language, lint, never_set_aside, "
            "owner, phrases, rationale, sources, speakers, theme, unless"]),
        ("[got a knife]", "[got, [just]]", [
            "11:20: demo.knife: an item of 'phrases' must be text, not a list; if it is a phrase, put it in quotes"]),
        ("[got a knife]", f"[{'x' * 501}]", ["11:15: demo.knife: an item of 'phrases' is longer than 500 characters"]),
        ("[got a knife]", f"[{'x, ' * 2001}]", ["11:14: demo.knife: 'phrases' has more than 2,000 items"]),
        ("[got a knife]", "[a]\n    never_set_aside: sometimes", [
            "12:22: demo.knife: 'never_set_aside' must be true or false"]),
        ("[got a knife]", "[a]\n    speakers: [calller]", [
            "12:16: demo.knife: an item of 'speakers' can't be 'calller'; did you mean caller or call_taker?"]),
        ("[got a knife]", "[a]\n    examples: {fires: [b]}", [
            "12:16: demo.knife: unknown key 'fires'; did you mean fire?"]),
        ("[got a knife]", "[a]\n    examples: [b]", [
            "12:15: demo.knife: 'examples' must be a group of keys, not a list: fire, quiet"]),
        ("[got a knife]", "[a]\n  - a", [
            "12:5: an item of 'rules' must be a group of keys, not text: id, theme, language, phrases, event, unless, speakers, "
            "never_set_aside, beside, rationale, sources, owner, examples, known_miss, known_false_alarm, lint"]),
        ("[got a knife]", "[a]\n    phrases: [b]", ["12:5: demo.knife: 'phrases' stands here twice; it is already on line 11"]),
    ],
)  # fmt: skip
def test_each_fault_of_a_ruleset(tmp_path: Path, old: str, new: str, faults: list[str]) -> None:
    assert old in HEAD + RULE
    assert faults_of(tmp_path, (HEAD + RULE).replace(old, new, 1)) == faults


@pytest.mark.parametrize(
    ("keys", "faults"),
    [
        ("", ["13:5: armed: 'find' is missing"]),
        ("find: []", ["15:11: armed: 'find' is empty; remove it, or write something in it"]),
        ("find: {theme: weapon}", ["15:11: armed: 'find' must be a list, not a group of keys; put '- ' before each item"]),
        ("find: Weapon", [
            "15:11: armed: 'find' must be small letters, digits, '.', '_' and '-' only, starting with a letter (at most 200); not 'Weapon'"]),
        ("find: weapon\n    time: then", ["16:11: armed: 'time' can't be 'then'; known: current, hypothetical, past"]),
        ("find: weapon\n    by: husband", [
            "16:9: armed: 'by' can't be 'husband'; known: acquaintance, anyone, caller, carer, close, ex_partner, he_or_she, household, "
            "partner, patient, relative, stranger, they, unknown"]),
        ("find: weapon\n    at_least: two", ["16:15: armed: 'at_least' must be a whole number"]),
        ("find: weapon\n    at_least: 0", ["16:15: armed: 'at_least' must be at least 1"]),
        ("find: weapon\n    near: 10001", ["16:11: armed: 'near' must be at most 10,000"]),
        (f"find: weapon\n    near: {'9' * 5000}", ["16:11: armed: 'near' must be a whole number"]),
        ("find: weapon\n    near: .nan", ["16:11: armed: 'near' must be a whole number"]),
        ("find: weapon\n    wiht: fear", ["16:5: armed: unknown key 'wiht'; did you mean with?"]),
    ],
)  # fmt: skip
def test_each_fault_of_a_sign(tmp_path: Path, keys: str, faults: list[str]) -> None:
    found = faults_of(tmp_path, f"{HEAD}{RULE}{SIGN}    {keys}\n")
    assert [fault.replace(" or points", "") for fault in found] == faults


def test_the_id_of_an_item_is_the_innermost_there_is() -> None:
    source = parse_yaml("rules:\n  - id: a\n    parts: [{id: b}, {id: [c]}, d]", "f", [])
    assert source is not None
    places: list[tuple[Place, str | None]] = [
        (("rules", 0, "id"), "a"),
        (("rules", 0, "parts", 0, "x", "y"), "b"),
        (("rules", 0, "parts", 1), "a"),
        (("rules", 0, "parts", 2, 7), "a"),
        (("rules", 9, "id"), None),
        ((), None),
    ]
    assert [item_id(source, place) for place, _ in places] == [expected for _, expected in places]


def test_a_long_text_is_quoted_in_part_and_on_one_line() -> None:
    assert quote("a\n b") == "a b"
    assert quote("x" * 61) == "x" * 59 + "…"


def test_a_file_that_is_a_list_or_a_text(tmp_path: Path) -> None:
    keys = (
        "format, id, version, title, status, language, code_system, description, approval, review_by, extends, disable, "
        "codes, lint, vocabulary, lists, rules, signs, tally, then"
    )
    assert faults_of(tmp_path, "- a") == [f"1:1: the file must be a group of keys, not a list: {keys}"]
    assert faults_of(tmp_path, "a") == [f"1:1: the file must be a group of keys, not text: {keys}"]


@pytest.mark.parametrize("section", ["signs", "then"])
def test_an_empty_section_is_refused(tmp_path: Path, section: str) -> None:
    assert faults_of(tmp_path, f"{HEAD}{RULE}{section}: []") == [
        f"12:{len(section) + 3}: '{section}' is empty; remove it, or write something in it"
    ]


@pytest.mark.parametrize("section", ["conditions: {a: {theme: b}}", "gates: []", "policy: [{id: a}, {id: a}]"])
def test_what_is_no_part_of_a_ruleset_any_more_is_one_fault(tmp_path: Path, section: str) -> None:
    (fault,) = faults_of(tmp_path, f"{HEAD}{RULE}{section}\n")
    assert fault.startswith(f"12:1: '{section.partition(':')[0]}' is no part of a ruleset any more: ")
    assert "'triage-triggers migrate FILE'" in fault
