"""Rules in several languages: each is expanded and read in its own."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tests.strategies import as_yaml
from triage_triggers import Call, Evaluator, Utterance, load_ruleset
from triage_triggers.errors import RulesetError, RulesetNotFoundError
from triage_triggers.ruleset.compiling import compile_ruleset

if TYPE_CHECKING:
    from pathlib import Path

    from triage_triggers.calls.call import Speaker

HEAD = {"format": "1", "id": "demo", "version": "1.0.0", "title": "D", "status": "draft", "code_system": "nhs-arp"}


def write(folder: Path, *rules: dict[str, Any], language: str = "en", **keys: object) -> Path:
    path = folder / "demo.yaml"
    named = [{"id": f"r{number}", "theme": "weapon", **rule} for number, rule in enumerate(rules)]
    path.write_text(as_yaml({**HEAD, "language": language, "rules": named, **keys}), encoding="utf-8")
    return path


def messages(path: Path) -> list[str]:
    with pytest.raises(RulesetError) as caught:
        load_ruleset(path)
    return [f"{fault.line}: {fault.rule}: {fault.message}" for fault in caught.value.faults]


def test_forms_are_those_of_the_rule_s_language(tmp_path: Path) -> None:
    english, polish = {"phrases": ["strangle~ me"]}, {"phrases": ["dusił mnie"], "language": "pl"}
    ruleset = load_ruleset(write(tmp_path, english, polish))
    firsts = [sorted(entry.phrases[0].segments[0][0].words) for entry in compile_ruleset(ruleset)]
    assert firsts == [["strangle", "strangled", "strangles", "stranglin", "strangling"], ["dusil"]]
    (found,) = messages(write(tmp_path, english, polish | {"phrases": ["dusić~ mnie"]}))
    assert "r1: '~' knows no words of the language 'pl': write the forms out" in found


def test_a_list_is_read_in_the_language_of_the_rules_that_use_it(tmp_path: Path) -> None:
    lists = {"en_hit": ["hit~"], "pl_hit": ["bije"], "spare": ["kick~"], "outer": ["{en_hit} me"]}
    rules = ({"phrases": ["{outer}"]}, {"phrases": ["{pl_hit} mnie"], "language": "pl"})
    assert len(compile_ruleset(load_ruleset(write(tmp_path, *rules, lists=lists)))) == 2
    wrong = (rules[0], {"phrases": ["{en_hit} mnie"], "language": "pl"})
    (found,) = messages(write(tmp_path, *wrong, lists=lists))
    assert "'~' knows no words of the language 'pl'" in found
    (found,) = messages(write(tmp_path, *rules, lists=lists | {"spare": ["qwert~"]}))
    assert "no inflections of 'qwert'" in found


def test_a_fault_in_a_rule_hides_nothing_about_its_language(tmp_path: Path) -> None:
    found = messages(write(tmp_path, {"phrases": ["a"]}, {"phrases": ["bić~"], "language": "pl", "colour": "red"}))
    assert any("unknown key 'colour'" in message for message in found)
    assert any("language 'pl'" in message for message in found)
    found = messages(write(tmp_path, {"phrases": ["a (b"], "language": "pl"}, {"phrases": ["{what}"]}))
    assert len(found) == 2


def test_a_language_without_cue_words_is_refused(tmp_path: Path) -> None:
    ruleset = load_ruleset(write(tmp_path, {"phrases": ["cyllell"], "language": "cy"}))
    with pytest.raises(RulesetNotFoundError, match="no cue lexicon for the language 'cy'"):
        Evaluator(ruleset)


@pytest.mark.parametrize("main", ["en", "pl"])
def test_each_rule_is_read_with_its_own_cue_words(tmp_path: Path, main: str) -> None:
    english, polish = (
        {"phrases": ["got a knife"], "language": "en"},
        {"phrases": ["ma nóż", "ma noża"], "language": "pl"},
    )
    evaluator = Evaluator(load_ruleset(write(tmp_path, english, polish, language=main)))

    def counts(*turns: tuple[Speaker, str]) -> list[bool]:
        call = Call("-", [Utterance(text, speaker) for speaker, text in turns])
        return [finding.counts for finding in evaluator.evaluate(call).findings]

    assert counts(("caller", "He's got a knife.")) == counts(("caller", "On ma nóż.")) == [True]
    assert counts(("caller", "He hasn't got a knife.")) == counts(("caller", "On nie ma noża.")) == [False]
    assert counts(("call_taker", "Has he got a knife?"), ("caller", "Tak.")) == [True]
    assert counts(("call_taker", "Has he got a knife?"), ("caller", "Nie.")) == [False]
    assert counts(("call_taker", "Czy on ma nóż?"), ("caller", "Yes.")) == [True]
    call = Call.from_text("He's got a knife, on ma nóż.")
    again = evaluator.reassess(call, evaluator.evaluate(call).findings)
    assert again == evaluator.evaluate(call)
    live = evaluator.open_call("-")
    live.add(Utterance("On nie ma noża.", "caller"))
    assert [finding.counts for finding in live.assessment().findings] == [False]
