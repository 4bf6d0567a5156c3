"""``show --vocabulary``: which classes a word is in, and why."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from pathlib import Path

    from tests.cli.conftest import Run

HEAD = "format: 1\nid: demo\nversion: 1.0.0\ntitle: Demo\nlanguage: en\nstatus: draft\ncode_system: nhs-arp\n"
STRUCK = "rules:\n  - {id: demo.struck, theme: physical_violence, event: {does: [strike, throw_at], by: close}}\n"


@pytest.fixture
def own(tmp_path: Path) -> Path:
    (tmp_path / "demo" / "vocabulary").mkdir(parents=True)
    (tmp_path / "demo" / "ruleset.yaml").write_text(HEAD + STRUCK, encoding="utf-8")
    words = "strike-person: {add: [bonk~], remove: [tan~]}\nneed:\n  add: [fob]\n"
    (tmp_path / "demo" / "vocabulary" / "local.yaml").write_text(words, encoding="utf-8")
    return tmp_path / "demo"


def test_a_word_is_explained_by_the_entry_that_brings_it(run: Run) -> None:
    result = run("show", "strangled", "--vocabulary")
    assert result.exit_code == 0
    assert "throttle    verb  throttle  strangle~ (all its forms)  en/" in result.stdout


def test_a_word_says_which_expressions_it_is_part_of(run: Run) -> None:
    (found,) = [json.loads(line) for line in run("show", "laid", "--vocabulary", "--json").stdout.splitlines()]
    within = {reason["entry"]: reason["class"] for reason in found["reasons"] if reason["within"]}
    assert within["laid into"] == "strike-phrase"
    assert "It is part of" in run("show", "laid", "--vocabulary").stdout


def test_a_word_of_a_ruleset_names_its_file(run: Run, own: Path) -> None:
    shown = run("show", own, "bonked", "--vocabulary").stdout
    assert "strike-person  verb  strike  bonk~ (all its forms)" in shown
    assert "vocabulary/local.yaml:1:16" in "".join(shown.split())
    (taken, *_) = json.loads(run("show", own, "tanning", "--vocabulary", "--json").stdout)["reasons"]
    assert (taken["entry"], taken["removed"][-5:]) == ("tan~", ":1:16")
    assert "taken out at" in run("show", own, "tanning", "--vocabulary").stdout


def test_a_word_in_no_class_says_so(run: Run) -> None:
    result = run("show", "uk-ambulanc", "--vocabulary")
    assert result.exit_code == 0
    assert "It is in no class.\nNor is it a ruleset: did you mean uk-ambulance" in result.stdout
    assert json.loads(run("show", "uk-ambulanc", "--vocabulary", "--json").stdout)["reasons"] == []


def test_the_classes_of_a_ruleset_are_counted(run: Run, own: Path) -> None:
    found = json.loads(run("show", own, "--vocabulary", "--json").stdout)
    classes = {entry["class"]: entry for entry in found["classes"]}
    assert (classes["strike-person"]["added"], classes["strike-person"]["removed"]) == (1, 1)
    assert (classes["need"]["added"], classes["strike"]["added"]) == (1, 0)
    base = json.loads(run("show", "--vocabulary", "--json").stdout)
    before = {entry["class"]: entry for entry in base["classes"]}
    assert classes["need"]["words"] == before["need"]["words"] + 1
    assert found["base"] == base["base"]
    assert "throw_at" in found["deeds"]
    shown = run("show", own, "--vocabulary").stdout
    assert "+1, -1" in shown
    assert "Deeds that an event may ask for" in shown


def test_what_has_no_vocabulary_is_refused(run: Run, own: Path, tmp_path: Path) -> None:
    polish = tmp_path / "pl.yaml"
    rule = "rules: [{id: a, theme: b, phrases: [c]}]\n"
    polish.write_text(HEAD.replace("language: en", "language: pl") + rule, encoding="utf-8")
    assert "no vocabulary of 'pl'; known: en" in run("show", polish, "--vocabulary").stderr
    assert run("show", own / "nowhere", "--vocabulary").exit_code == 2
    assert run("show", "nowhere", "word", "--vocabulary").exit_code == 2


def test_a_rule_about_events_is_read_aloud(run: Run, own: Path) -> None:
    assert "strike, throw_at" in run("show", own).stdout
    shown = run("show", own, "demo.struck").stdout
    assert "Throw at: Something is thrown, poured or shut on somebody.\nDone by close." in shown
