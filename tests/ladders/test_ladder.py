from __future__ import annotations

import pickle
from dataclasses import FrozenInstanceError
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.strategies import ladders
from triage_triggers.errors import CodeError, RulesetError, RulesetNotFoundError
from triage_triggers.ladders.ladder import Ladder, load_ladder, shipped_ladders
from triage_triggers.ladders.ladder_file import DeterminantTable, LadderFile

HEAD = """\
format: 1
id: {id}
version: 1.0.0
title: Ours
sources:
  - {{id: made-up, grade: I, title: Made up, supports: Everything}}
"""
TABLE = HEAD.format(id="our-table") + 'code_system: nhs-arp\ndeterminants: {"10-D-1": C1, "10-A-1": C3, Dx99: C2}\n'
LADDER = HEAD.format(id="ours") + "codes: [{code: P1, title: Now}, {code: P2, title: Soon}]\n"


@pytest.fixture
def arp() -> Ladder:
    return load_ladder("nhs-arp")


@pytest.fixture
def apco() -> Ladder:
    return load_ladder("apco-2012")


class TestShipped:
    @pytest.mark.parametrize("name", shipped_ladders())
    def test_everything_has_a_source(self, name: str) -> None:
        file = load_ladder(name).file
        grades = {source.id: source.grade for source in file.sources}
        assert file.id == name
        assert file.sources[0].grade in {"R", "E", "2"}  # what a code without sources of its own rests on
        assert "U" not in grades.values()
        used = {name for code in file.codes for name in code.sources}
        assert used | {file.sources[0].id} == set(grades)
        for code in file.codes:
            if code.as_urgent_as or code.may_replace:
                assert "I" in {grades[name] for name in code.sources}, f"{code.code}: say that this is our reading"
        assert not file.determinants, "no table of determinants is public"

    @pytest.mark.parametrize(
        ("name", "groups"),
        [
            ("nhs-arp", ["C1 HCP1 IFT1", "C2 HCP2 IFT2", "C3 HCP3 IFT3", "C4 C4T HCP4 HP4T IFT4", "C5"]),
            ("scotland", ["purple", "red", "amber", "yellow", "green"]),
            ("wales-2025", ["purple", "red", "orange", "yellow", "green"]),
            ("mpds-levels", ["E", "D", "C", "B", "A", "OMEGA"]),
        ],
    )
    def test_order(self, name: str, groups: list[str]) -> None:
        ladder = load_ladder(name)
        places = {code: index for index, group in enumerate(groups) for code in group.split()}
        assert set(ladder.codes) == set(places)
        for code, place in places.items():
            for other, other_place in places.items():
                assert ladder.more_urgent(code, other) == (place < other_place)

    @pytest.mark.parametrize(
        ("name", "suggestable"),
        [
            ("nhs-arp", ("C1", "C2", "C3", "C4")),
            ("mpds-levels", ("E", "D", "C", "B", "A")),
            ("apco-2012", ("DVA", "ORDERV", "DVNA")),
            ("scotland", ("purple", "red", "amber", "yellow", "green")),
        ],
    )
    def test_suggestable(self, name: str, suggestable: tuple[str, ...]) -> None:
        assert load_ladder(name).suggestable == suggestable

    def test_apco_holds_the_whole_published_list(self, apco: Ladder) -> None:
        assert len(apco.codes) == 197
        assert not apco.ordered

    @pytest.mark.parametrize("medical", ["TRAUMA", "HEMRG", "STABBING", "SHOOT", "PREG", "SEXOFFNS", "ABUSE", "WEAPON"])
    def test_a_type_that_sends_a_crew_is_never_replaced(self, apco: Ladder, medical: str) -> None:
        assert not any(apco.outranks(code, medical) for code in apco.codes)


class TestCodes:
    @pytest.mark.parametrize(
        ("name", "given", "spelled"),
        [
            ("nhs-arp", "C3", "C3"),
            ("nhs-arp", "c3", "C3"),
            ("nhs-arp", " C-3 ", "C3"),
            ("nhs-arp", "CAT 3", "C3"),
            ("nhs-arp", "category-3", "C3"),
            ("nhs-arp", "hcp4t", "HP4T"),
            ("wales-2025", "Orange Now", "orange"),
            ("mpds-levels", "\N{OHM SIGN}", "OMEGA"),
            ("mpds-levels", "delta", "D"),
            ("apco-2012", "911 opn", "911OPN"),
        ],
    )
    def test_spellings(self, name: str, given: str, spelled: str) -> None:
        ladder = load_ladder(name)
        assert ladder.check(given) == ladder.category(given) == spelled

    @pytest.mark.parametrize("method", ["check", "category", "place"])
    def test_an_unknown_code_lists_the_known(self, arp: Ladder, method: str) -> None:
        with pytest.raises(CodeError, match=r"^'C33' is no code of nhs-arp; did you mean C3\? known: C1, C2, .*IFT4$"):
            getattr(arp, method)("C33")

    def test_what_is_like_no_code_is_not_quoted(self, arp: Ladder) -> None:
        with pytest.raises(CodeError, match=r"^this is no code of nhs-arp; known: C1, C2, .*IFT4$"):
            arp.check("Jane Smith")

    @pytest.mark.parametrize("given", [3, None, ["C3"]])
    def test_a_code_is_text(self, arp: Ladder, given: object) -> None:
        with pytest.raises(CodeError, match="a code must be text, not "):
            arp.check(given)  # type: ignore[arg-type]

    def test_event_types_replace_and_do_not_outdo(self, apco: Ladder) -> None:
        assert not apco.more_urgent("DVA", "NOISE")
        assert apco.outranks("DVA", "noise")
        assert not apco.outranks("NOISE", "DVA")
        assert not apco.outranks("DVA", "DVA")

    def test_replacing_goes_on_through_what_is_replaced(self) -> None:
        head = {"format": 1, "id": "demo", "version": "1.0.0", "title": "Demo", "ordered": False}
        source = {"id": "made-up", "grade": "I", "title": "Made up", "supports": "Everything"}
        codes = [
            {"code": "A", "title": "A", "may_replace": ["B"]},
            {"code": "B", "title": "B", "may_replace": ["C"]},
            {"code": "C", "title": "C"},
        ]
        ladder = Ladder(LadderFile.model_validate({**head, "sources": [source], "codes": codes}))
        assert ladder.outranks("A", "C")


class TestValue:
    def test_frozen(self, arp: Ladder) -> None:
        with pytest.raises(FrozenInstanceError):
            arp.table = None  # type: ignore[misc]

    def test_repr(self, arp: Ladder) -> None:
        assert repr(arp) == "<Ladder nhs-arp 1.0.0>"

    def test_pickle(self, arp: Ladder) -> None:
        copy = pickle.loads(pickle.dumps(arp))  # noqa: S301  our own bytes
        assert (copy.file, copy.digest, copy.category("cat 2")) == (arp.file, arp.digest, "C2")

    def test_digest_is_of_the_content(self, arp: Ladder, tmp_path: Path) -> None:
        def digest(text: str) -> str:
            (tmp_path / "ours.yaml").write_text(text, encoding="utf-8")
            return load_ladder(tmp_path / "ours.yaml").digest

        assert digest(LADDER) == digest(f"# a comment\n{LADDER}")
        assert digest(LADDER) != digest(LADDER.replace("Soon", "Later"))
        assert len({arp.digest, digest(TABLE), digest(TABLE.replace("C3", "C4"))}) == 3

    def test_what_contradicts_itself_is_refused(self, arp: Ladder) -> None:
        with pytest.raises(RulesetError, match="nhs-arp:1:1: 'C9' is none of the codes below"):
            Ladder(arp.file.model_copy(update={"suggestable": ("C9",)}))
        table = {
            "format": 1,
            "id": "our-table",
            "version": "1.0.0",
            "title": "Ours",
            "code_system": "scotland",
            "sources": [{"id": "made-up", "grade": "I", "title": "Made up", "supports": "Everything"}],
            "determinants": {"10-D-1": "red"},
        }
        with pytest.raises(RulesetError, match="our-table:1:1: the table is for scotland, not for nhs-arp"):
            Ladder(arp.file, DeterminantTable.model_validate(table))


class TestLoading:
    def write(self, folder: Path, text: str, name: str = "ours.yaml") -> Path:
        path = folder / name
        path.write_text(text, encoding="utf-8")
        return path

    def test_by_path_and_by_id(self, tmp_path: Path) -> None:
        path = self.write(tmp_path, LADDER)
        assert load_ladder(path).codes == load_ladder(str(path)).codes == ("P1", "P2")
        assert load_ladder("ours", search=iter([tmp_path])).codes == ("P1", "P2")

    def test_a_searched_folder_goes_before_the_shipped(self, tmp_path: Path) -> None:
        self.write(tmp_path, LADDER.replace("id: ours", "id: nhs-arp"), "nhs-arp.yaml")
        assert load_ladder("nhs-arp", search=[tmp_path]).codes == ("P1", "P2")

    def test_not_found(self, tmp_path: Path) -> None:
        self.write(tmp_path, LADDER)
        with pytest.raises(RulesetNotFoundError, match="there is no code ladder 'nhs-arb'; did you mean nhs-arp"):
            load_ladder("nhs-arb")
        with pytest.raises(RulesetNotFoundError, match=r"known: apco-2012, .*, ours, "):
            load_ladder("zzz", search=[tmp_path, tmp_path / "none"])
        with pytest.raises(RulesetNotFoundError, match="there is no file or folder"):
            load_ladder(tmp_path / "none.yaml")
        with pytest.raises(RulesetNotFoundError, match="there is no file or folder"):
            load_ladder("./none.yaml")

    def test_a_table_is_read_with_its_ladder(self, tmp_path: Path) -> None:
        ladder = load_ladder(self.write(tmp_path, TABLE))
        assert ladder.id == "nhs-arp"
        assert ladder.check("10d1") == "10-D-1"  # reported as the table spells it
        assert ladder.category("10D1") == "C1"  # compared by its category
        assert ladder.category("dx 99") == "C2"
        assert ladder.more_urgent("10-D-1", "C2")
        assert ladder.more_urgent("Dx99", "10-A-1")
        assert "10-D-1" not in ladder.codes

    def test_a_table_for_a_ladder_of_ones_own(self, tmp_path: Path) -> None:
        self.write(tmp_path, LADDER)
        text = TABLE.replace("nhs-arp", "ours").replace("C1", "P1").replace("C2", "P2").replace("C3", "P2")
        path = self.write(tmp_path, text, "table.yaml")
        assert load_ladder(path, search=[tmp_path]).category("10-d-1") == "P1"
        with pytest.raises(RulesetNotFoundError, match="'ours'"):
            load_ladder(path)

    def test_every_fault_at_once_each_with_its_place(self, tmp_path: Path) -> None:
        text = LADDER.replace("version: 1.0.0", "version: 1").replace("title: Soon", "titel: Soon")
        with pytest.raises(RulesetError) as caught:
            load_ladder(self.write(tmp_path, text))
        assert [(fault.line, fault.column) for fault in caught.value.faults] == [(3, 10), (7, 33), (7, 44)]

    def test_contradictions_have_a_place_too(self, tmp_path: Path) -> None:
        with pytest.raises(RulesetError, match=r"ours\.yaml:7:40: 'p-1' can't be told from 'P1'"):
            load_ladder(self.write(tmp_path, LADDER.replace("P2", "p-1")))
        with pytest.raises(RulesetError, match=r"ours\.yaml:8:\d+: 'C7' is no code of nhs-arp"):
            load_ladder(self.write(tmp_path, TABLE.replace("C3", "C7")))

    @pytest.mark.parametrize("text", ["", "- C1\n", "just words\n", "a: [\n", HEAD.format(id="x")])
    def test_what_is_no_ladder(self, tmp_path: Path, text: str) -> None:
        with pytest.raises(RulesetError, match=r"ours\.yaml:\d+:\d+: "):
            load_ladder(self.write(tmp_path, text))

    def test_a_repeated_key_is_a_fault(self, tmp_path: Path) -> None:
        with pytest.raises(RulesetError, match="stands here twice"):
            load_ladder(self.write(tmp_path, f"{LADDER}title: Again\n"))
        with pytest.raises(RulesetError, match="stands here twice"):
            load_ladder(self.write(tmp_path, f"{TABLE}title: Again\n"))

    def test_a_table_with_faults_of_its_own(self, tmp_path: Path) -> None:
        with pytest.raises(RulesetError, match="'determinants' is missing"):
            load_ladder(self.write(tmp_path, HEAD.format(id="our-table") + "code_system: nhs-arp\n"))


class TestOrder:
    @given(ladders(), st.data())
    def test_a_strict_weak_order(self, ladder: Ladder, data: st.DataObject) -> None:
        some = st.sampled_from(ladder.codes)
        one, two, three = data.draw(some), data.draw(some), data.draw(some)
        for above in (ladder.more_urgent, ladder.outranks):
            assert not above(one, one)
            assert not (above(one, two) and above(two, one))
            assert not (above(one, two) and above(two, three)) or above(one, three)
        if ladder.ordered:
            assert ladder.outranks(one, two) == ladder.more_urgent(one, two)
            assert (
                ladder.more_urgent(one, two) or ladder.more_urgent(two, one) or ladder.place(one) == ladder.place(two)
            )
        else:
            assert not ladder.more_urgent(one, two)

    @given(ladders(), st.data())
    def test_nothing_outranks_the_most_urgent(self, ladder: Ladder, data: st.DataObject) -> None:
        codes = data.draw(st.lists(st.sampled_from(ladder.codes), min_size=1))
        best = min(codes, key=ladder.place)
        assert not any(ladder.outranks(code, best) for code in codes)

    @given(ladders(), st.data())
    def test_spellings_change_nothing(self, ladder: Ladder, data: st.DataObject) -> None:
        code = data.draw(st.sampled_from(ladder.codes))
        assert ladder.check(f" {code[0].lower()}-{code[1:]} ") == code


class TestDocumented:
    """The examples in docs/codes.md load, and do what it says of them."""

    def blocks(self) -> list[str]:
        page = (Path(__file__).parents[2] / "docs" / "codes.md").read_text(encoding="utf-8")
        return [block.split("```")[0] for block in page.split("```yaml\n")[1:]]

    def test_the_ladder(self, tmp_path: Path) -> None:
        (tmp_path / "our-trust.yaml").write_text(self.blocks()[0], encoding="utf-8")
        ladder = load_ladder("our-trust", search=[tmp_path])
        assert ladder.check("priority-1") == "P1"
        assert ladder.more_urgent("T1", "P2")
        assert ladder.suggestable == ("P1", "P2")

    def test_the_table(self, tmp_path: Path) -> None:
        (tmp_path / "table.yaml").write_text(self.blocks()[1], encoding="utf-8")
        ladder = load_ladder(tmp_path / "table.yaml")
        assert (ladder.id, ladder.check("x1example"), ladder.category("x1example")) == ("nhs-arp", "X-1-EXAMPLE", "C2")

    @pytest.mark.parametrize("name", shipped_ladders())
    def test_the_list_of_ladders(self, name: str) -> None:
        page = (Path(__file__).parents[2] / "docs" / "codes.md").read_text(encoding="utf-8")
        assert f"| `{name}` |" in page
