from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from triage_triggers.ladders.ladder_file import DeterminantTable, LadderFile, code_key, problems

SOURCE = {"id": "made-up", "grade": "I", "title": "Made up", "supports": "Everything"}
HEAD: dict[str, Any] = {"format": 1, "id": "demo", "version": "1.0.0", "title": "Demo", "sources": [SOURCE]}


def ladder(*codes: dict[str, Any], **more: Any) -> LadderFile:
    return LadderFile.model_validate({**HEAD, "codes": [{"title": "A code", **code} for code in codes], **more})


def table(determinants: dict[str, str], code_system: str = "demo") -> DeterminantTable:
    written = {**HEAD, "id": "trust", "code_system": code_system, "determinants": determinants}
    return DeterminantTable.model_validate(written)


@pytest.mark.parametrize(
    "spelling", ["Cat 3", "CAT3", "cat-3", " cat_3 ", "cat\u20133", "\uff23at3", "cat\u00a03", "ca\u2010t3"]
)
def test_case_spaces_and_hyphens_do_not_matter(spelling: str) -> None:
    assert code_key(spelling) == "cat3"


def test_the_two_omegas_are_one() -> None:
    assert code_key("\N{OHM SIGN}") == code_key("\N{GREEK CAPITAL LETTER OMEGA}")


@given(st.lists(st.sampled_from("cC3\u03a9"), min_size=1), st.data())
def test_separators_anywhere_do_not_matter(letters: list[str], data: st.DataObject) -> None:
    spaced = "".join(f"{data.draw(st.sampled_from(('', ' ', '-')))}{letter}" for letter in letters)
    assert code_key(spaced) == code_key("".join(letters))


def test_a_sound_ladder_has_no_problems() -> None:
    sound = ladder({"code": "C1"}, {"code": "C2", "aliases": ["Cat 2"]}, {"code": "H2", "as_urgent_as": "C2"})
    assert list(problems(sound)) == []
    assert list(problems(sound, table({"10-D-1": "C1"}))) == []


@pytest.mark.parametrize(
    ("faulty", "place", "message"),
    [
        (
            ladder({"code": "C1"}, {"code": "c-1"}),
            ("codes", 1, "code"),
            "'c-1' can't be told from 'C1': case, spaces and hyphens don't matter",
        ),
        (
            ladder({"code": "C1"}, {"code": "C2", "aliases": ["Second", "C 1"]}),
            ("codes", 1, "aliases", 1),
            "'C 1' can't be told from 'C1': case, spaces and hyphens don't matter",
        ),
        (ladder({"code": "--"}), ("codes", 0, "code"), "'--' holds no letter or digit"),
        (
            ladder({"code": "C1"}, determinants={"C1": "C1"}),
            ("determinants", "C1"),
            "'C1' can't be told from 'C1': case, spaces and hyphens don't matter",
        ),
        (ladder({"code": "C1"}, determinants={"10-D-1": "C9"}), ("determinants", "10-D-1"), "'C9' is no code of demo"),
        (ladder({"code": "C1"}, suggestable=["C1", "c1"]), ("suggestable", 1), "'c1' is none of the codes below"),
        (ladder({"code": "C1", "sources": ["lost"]}), ("codes", 0, "sources", 0), "there is no source 'lost'"),
        (
            ladder({"code": "C1"}, sources=[SOURCE, SOURCE]),
            ("sources", 1, "id"),
            "a source 'made-up' stands above; ids must differ",
        ),
        (
            ladder({"code": "H1", "as_urgent_as": "C1"}, {"code": "C1"}),
            ("codes", 0, "as_urgent_as"),
            "'C1' must stand above 'H1' and have a place of its own",
        ),
        (
            ladder({"code": "C1"}, {"code": "H1", "as_urgent_as": "C1"}, {"code": "I1", "as_urgent_as": "H1"}),
            ("codes", 2, "as_urgent_as"),
            "'H1' must stand above 'I1' and have a place of its own",
        ),
        (
            ladder({"code": "C1"}, {"code": "H1", "as_urgent_as": "C9"}),
            ("codes", 1, "as_urgent_as"),
            "'C9' is none of the codes here",
        ),
        (
            ladder({"code": "C1"}, {"code": "H1", "as_urgent_as": "C1"}, ordered=False),
            ("codes", 1, "as_urgent_as"),
            "these codes have no order ('ordered: false'), so none is as urgent as another",
        ),
        (
            ladder({"code": "DVA", "may_replace": ["DVNA"]}, {"code": "DVNA"}),
            ("codes", 0, "may_replace"),
            "'may_replace' goes with 'ordered: false' only",
        ),
        (
            ladder({"code": "DVNA"}, {"code": "DVA", "may_replace": ["DVNA"]}, ordered=False),
            ("codes", 1, "may_replace", 0),
            "'DVA' may replace only what stands below it; put it above 'DVNA'",
        ),
        (
            ladder({"code": "DVA", "may_replace": ["FIGTH"]}, {"code": "FIGHT"}, ordered=False),
            ("codes", 0, "may_replace", 0),
            "'FIGTH' is none of the codes here; did you mean FIGHT?",
        ),
    ],
)
def test_a_problem_says_where_it_is(faulty: LadderFile, place: tuple[str | int, ...], message: str) -> None:
    ((found, text),) = problems(faulty)
    assert found == place
    assert text.startswith(message)


def test_every_problem_is_reported() -> None:
    faulty = ladder({"code": "C1", "sources": ["lost"]}, {"code": "c1"}, suggestable=["C7"], determinants={"X": "C8"})
    assert len(list(problems(faulty))) == 4


@pytest.mark.parametrize(
    ("written", "place", "message"),
    [
        (table({"10-D-1": "C9"}), ("determinants", "10-D-1"), "'C9' is no code of demo"),
        (table({"cat 1": "C1"}), ("determinants", "cat 1"), "'cat 1' can't be told from 'Cat 1'"),
        (table({"10-D-1": "C1", "10D1": "C1"}), ("determinants", "10D1"), "'10D1' can't be told from '10-D-1'"),
        (table({"10-D-1": "C1"}, "scotland"), ("code_system",), "the table is for scotland, not for demo"),
    ],
)
def test_a_table_must_fit_its_ladder(written: DeterminantTable, place: tuple[str | int, ...], message: str) -> None:
    ((found, text),) = problems(ladder({"code": "C1", "aliases": ["Cat 1"]}), written)
    assert found == place
    assert text.startswith(message)


@pytest.mark.parametrize("grade", ["R", "E", "2"])
def test_what_was_read_can_be_found(grade: str) -> None:
    with pytest.raises(ValidationError, match="was read somewhere: give its 'url'"):
        ladder({"code": "C1"}, sources=[{**SOURCE, "grade": grade}])


@pytest.mark.parametrize("grade", ["I", "U"])
def test_an_inference_needs_no_address(grade: str) -> None:
    assert ladder({"code": "C1"}, sources=[{**SOURCE, "grade": grade}]).sources[0].url is None


def test_an_address_is_one() -> None:
    with pytest.raises(ValidationError, match="must be a web address"):
        ladder({"code": "C1"}, sources=[{**SOURCE, "url": "nhs.uk"}])
    assert ladder({"code": "C1"}, sources=[{**SOURCE, "url": "https://nhs.uk"}]).sources[0].url == "https://nhs.uk"
