"""However a policy team cuts its phrases - a word, a verb with its victim, a whole clause - harm beside fear counts."""

from __future__ import annotations

from itertools import product

import pytest

from triage_triggers import Call, Evaluator, Ruleset, Utterance
from triage_triggers.calls.call import SPEAKERS, Speaker

SHAPES = {
    "words": ["hit", "strangled", "stabbed", "a knife", "knife"],
    "verbs with a victim": ["(hit|strangled|stabbed) (me|her)", "got a knife"],
    "clauses": [
        "(he|she) [just] (hit|strangled|stabbed) (me|her)",
        "(my husband|my ex|dad|her boyfriend|husbands) (hit|strangled|stabbed) (me|her)",
        "(hes|shes) got a knife",
    ],
}
BESIDE = (
    "I can't breathe",
    "I cannot see",
    "I'm not safe",
    "he's not himself",
    "it wasn't me",
    "I didn't do anything",
    "I never did nothing",
    "without any reason",
    "don't send the police",
    "nobody believes me",
    "no",
    "no no",
    "I don't know if she's alive",
    "can you not hear me",
    "why aren't you coming",
    "isn't anyone coming",
)
JOINTS = (" ", ", ", ". ", " and ", "... ")
HARM = ("he hit me", "he just strangled me", "my husband hit me", "my ex stabbed me", "dad hit her", "he's got a knife")
DENIED = ("he hasn't {}", "he never {}", "nobody {}", "I don't think he {}", "he hasn't ever {}")


def evaluator(phrases: list[str]) -> Evaluator:
    head = {"format": 1, "id": "shapes", "version": "1.0.0", "title": "Shapes", "language": "en", "status": "draft"}
    rules = [{"id": "shapes.harm", "theme": "physical_violence", "phrases": phrases}]
    return Evaluator(Ruleset.model_validate({**head, "code_system": "nhs-arp", "rules": rules}))


@pytest.mark.parametrize("shape", SHAPES)
def test_harm_beside_fear_and_refusal_counts(shape: str) -> None:
    evaluate = evaluator(SHAPES[shape]).evaluate
    said = [f"{beside}{joint}{harm}" for beside, joint, harm in product(BESIDE, JOINTS, HARM)]
    assert [text for text in said if not evaluate(text).flagged] == []


@pytest.mark.parametrize("shape", ["words", "verbs with a victim"])
def test_plain_denials_do_not(shape: str) -> None:
    evaluate = evaluator(SHAPES[shape]).evaluate
    said = [denied.format(harm) for denied, harm in product(DENIED, ("hit me", "strangled me", "stabbed her"))]
    assert [text for text in said if evaluate(text).flagged] == []


@pytest.mark.parametrize("speaker", SPEAKERS)
def test_whoever_the_recogniser_thinks_speaks(speaker: Speaker) -> None:
    evaluate = evaluator(SHAPES["verbs with a victim"]).evaluate
    said = [f"{beside}{joint}he strangled me" for beside, joint in product(BESIDE, JOINTS)]
    assert [text for text in said if not evaluate(Call("-", [Utterance(text, speaker)])).flagged] == []
