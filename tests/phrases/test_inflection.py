from __future__ import annotations

import subprocess
import sys
from time import perf_counter

import pytest

from triage_triggers.folding import fold_phrase
from triage_triggers.phrases.inflection import Inflector

ENGLISH = Inflector.for_language("en")


@pytest.mark.parametrize(
    "forms",
    [
        "strangle strangles strangled strangling",
        "hit hits hitting",
        "beat beats beating beaten",
        "throw throws threw throwing thrown",
        "stab stabs stabbed stabbing",
        "bite bites bit biting bitten",
        "run runs ran running",
        "knife knives knifes knifed knifing",
        "lamp lamps lamped lamping",
        "batter batters battered battering",
        "leather leathers leathered leathering",
        "nut nuts nutted nutting",
        "glass glasses glassed glassing",
        "headbutt headbutts headbutted headbutting",
        "text texts texted texting",
        "child children",
        "fiancee fiancees",
        "be am are is was were been being",
        "learn learns learned learnt learning",
        "burn burns burned burnt burning",
        "travel travels traveled travelled traveling travelling",
        "fuel fuels fueled fuelled fueling fuelling",
        "recognise recognises recognised recognising recognize recognizes recognized recognizing",
        "honour honours honoured honouring honor honors honored honoring",
        "paralyse paralyses paralysed paralysing paralyze paralyzes paralyzed paralyzing",
        "hard harder hardest",
    ],
)
def test_forms(forms: str) -> None:
    base, *others = forms.split()
    assert ENGLISH.forms(base) == tuple(sorted([base, *others]))


def test_spelling_is_folded() -> None:
    assert ENGLISH.forms("Fiancé") == ("fiance", "fiances")


@pytest.mark.parametrize(
    ("word", "message"),
    [
        ("strangled", "write strangle~ rather than strangled~"),
        ("went", "write go~ rather than went~"),
        ("children", "write child~ rather than children~"),
        ("found", None),
        ("lives", "write life~ or live~ rather than lives~"),
        ("strangel", "did you mean strange~ or strangle~"),
        ("xqzt", "no inflections of 'xqzt' are known: write the forms out, as in (hit|hits|hitting)"),
        ("don't", "no inflections of 'don't' are known"),
        ("er", "no inflections of 'er' are known"),
        ("", "no inflections"),
        ("+ed", "no inflections"),
        ("#", "no inflections"),
    ],
)
def test_unknown_words_are_refused_with_what_to_write(word: str, message: str | None) -> None:
    if message is None:
        assert word in ENGLISH.forms(word)
        return
    with pytest.raises(LookupError) as raised:
        ENGLISH.forms(word)
    assert message in str(raised.value)


@pytest.mark.parametrize("tag", ["en", "en-GB", "EN-us"])
def test_regions_share_a_language(tag: str) -> None:
    assert Inflector.for_language(tag).forms("hit") == ("hit", "hits", "hitting")


@pytest.mark.parametrize("tag", ["cy", "", "english"])
def test_other_languages_are_refused(tag: str) -> None:
    with pytest.raises(LookupError, match=f"language '{tag}': write the forms out"):
        Inflector.for_language(tag)


def test_every_line_of_the_dictionary_can_be_looked_up() -> None:
    lines = ENGLISH._lines[1:]
    bases = [line.partition(" ")[0] for line in lines]
    assert bases == sorted(set(bases))
    for base in bases[::50]:
        forms = ENGLISH.forms(base)
        assert base in forms
        assert len(forms) > 1
        assert all(fold_phrase(form) == form and " " not in form for form in forms)


def test_the_package_needs_no_other_dictionary() -> None:
    code = (
        "import sys; from triage_triggers.phrases.inflection import Inflector\n"
        "Inflector.for_language('en').forms('hit')\n"
        "sys.exit(bool({'lemminflect', 'numpy', 'nltk'} & set(sys.modules)))"
    )
    subprocess.run([sys.executable, "-c", code], check=True)  # noqa: S603  our own code


def test_a_cold_look_up_is_fast() -> None:
    # The budget is 15 ms; ten times that keeps a busy machine from failing the build, and still catches parsing.
    Inflector.for_language.cache_clear()
    start = perf_counter()
    Inflector.for_language("en").forms("yell")
    assert perf_counter() - start < 0.15
