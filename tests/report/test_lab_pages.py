"""The lab's pages, read as a browser reads them."""

from __future__ import annotations

import itertools
import re
from html.parser import HTMLParser
from typing import TYPE_CHECKING

import pytest

from tests.lab.labelled import observed
from tests.report.hostile import HARM, SCRIPT, hostile_calls
from triage_triggers.lab.comparison import compare
from triage_triggers.lab.labels import LabelColumn
from triage_triggers.lab.measurement import measure
from triage_triggers.lab.observation import Observation, observe
from triage_triggers.report.lab_pages import LONGEST_SHOWN, MOST_CALLS, compare_page, measure_page

if TYPE_CHECKING:
    from triage_triggers import Evaluator, Ruleset
    from triage_triggers.lab.labels import Label

_VOID = {"meta", "link", "br", "img", "input", "hr"}
TEXTS: list[tuple[str, Label]] = [
    ("He hit me.", "positive"),
    ("She shoved me.", "positive"),
    ("He had his hands round my throat.", "positive"),
    ("Pizza with extra quillberries.", "negative"),
    ("He hit me.", "negative"),
    ("He hit me.", "ignored"),
    ("Hello.", "negative"),
]


class Page(HTMLParser):
    """Every element with its attributes, the text outside <style>, and whether all is closed in order."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""
        self._open: list[str] = []
        self.feed(html)
        self.close()
        assert self._open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))
        if tag not in _VOID:
            self._open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        assert self._open.pop() == tag

    def handle_data(self, data: str) -> None:
        if "style" not in self._open:
            self.text += data

    def all(self, tag: str) -> list[dict[str, str | None]]:
        return [attributes for name, attributes in self.elements if name == tag]


@pytest.fixture(scope="module")
def other(ruleset: Ruleset) -> Evaluator:
    """The small ruleset with a rule more and other codes."""
    from triage_triggers import Evaluator, Ruleset  # noqa: PLC0415  elsewhere only for types

    content = ruleset.model_dump(by_alias=True, exclude_defaults=True)
    rules = [rule for rule in content["rules"] if rule["id"] != "covert.pizza"]
    content["rules"] = [*rules, {"id": "violence.shove", "theme": "violence", "phrases": ["shove~ me"]}]
    for section in ("signs", "then"):
        content[section] = [part for part in content[section] if part["id"] != "covert"]
    content["then"][0]["suggest"] = "C2"
    return Evaluator(Ruleset.model_validate(content | {"version": "2.0.0"}))


def measured(evaluator: Evaluator, *, with_text: bool) -> str:
    calls = observed(evaluator, TEXTS, trust="north")
    return measure_page(measure(evaluator, calls, ["trust"]), calls_per_day=100, with_text=with_text)


def compared(evaluator: Evaluator, other: Evaluator, *, with_text: bool) -> str:
    return compare_page(
        compare(evaluator, other, observed(evaluator, TEXTS), observed(other, TEXTS)),
        calls_per_day=100,
        with_text=with_text,
    )


@pytest.fixture(params=["measure", "compare"])
def pages(request: pytest.FixtureRequest, evaluator: Evaluator, other: Evaluator) -> tuple[str, str]:
    """A page without and with what was said."""
    if request.param == "measure":
        return measured(evaluator, with_text=False), measured(evaluator, with_text=True)
    return compared(evaluator, other, with_text=False), compared(evaluator, other, with_text=True)


def test_what_was_said_is_there_only_if_asked_for(pages: tuple[str, str]) -> None:
    without, with_text = map(Page, pages)
    assert "quillberries" not in pages[0]
    assert "Confidential: without what was said" in without.text
    assert "quillberries" in with_text.text
    assert "Confidential: personal data" in with_text.text


def test_the_page_needs_no_network_and_no_script(pages: tuple[str, str]) -> None:
    for html in pages:
        page = Page(html)
        assert not {"script", "link", "img", "iframe", "object", "form"} & {tag for tag, _ in page.elements}
        assert not re.findall(r"https?://|//[a-z]", html)
        for _, attributes in page.elements:
            assert not [name for name in attributes if name.startswith("on") or name in {"style", "src"}]
            assert (attributes.get("href") or "#").startswith("#")


def test_headings_go_down_one_step_at_a_time_and_ids_are_unique(pages: tuple[str, str]) -> None:
    for html in pages:
        page = Page(html)
        levels = [int(tag[1]) for tag, _ in page.elements if re.fullmatch(r"h[1-6]", tag)]
        assert levels[0] == levels.count(1) == 1
        assert all(after <= before + 1 for before, after in itertools.pairwise(levels))
        ids = [attributes["id"] for _, attributes in page.elements if "id" in attributes]
        assert len(ids) == len(set(ids))
        targets = {attributes["href"] for attributes in page.all("a")}
        assert {f"#{name}" for name in ids} >= targets


def test_tables_name_their_rows_and_columns(pages: tuple[str, str]) -> None:
    page = Page(pages[0])
    assert len(page.all("caption")) == len(page.all("table")) > 2
    assert all(attributes["scope"] in {"row", "col"} for attributes in page.all("th"))


def test_every_rate_has_a_bar_beside_it(pages: tuple[str, str]) -> None:
    bars = Page(pages[0]).all("meter")
    assert len(bars) >= 2
    assert all(0 <= float(bar["value"] or "-") <= 1 and bar["aria-hidden"] == "true" for bar in bars)


def test_wrong_calls_are_shown_with_their_marks_and_reached_by_links(evaluator: Evaluator) -> None:
    page = Page(measured(evaluator, with_text=True))
    assert "Label: positive; not flagged. Missed." in page.text
    assert "Label: negative; flagged, C3 suggested. A false alarm." in page.text
    assert {"#call-1", "#call-2", "#call-3"} <= {attributes["href"] for attributes in page.all("a")}
    assert page.all("mark")


def test_changed_calls_say_because_of_what(evaluator: Evaluator, other: Evaluator) -> None:
    text = Page(compared(evaluator, other, with_text=True)).text
    assert "Newly flagged because of violence.shove." in text
    assert "Label: negative; flagged, no code. No longer flagged because of covert.pizza." in text
    assert "Marked: what the first ruleset finds." in text


@pytest.mark.parametrize("with_text", [False, True])
def test_hostile_calls_are_harmless(evaluator: Evaluator, other: Evaluator, *, with_text: bool) -> None:
    labels = LabelColumn()

    def calls(seen_by: Evaluator) -> list[Observation]:
        return [
            observe(seen_by, call, labels.read(call), {"trust": str(call.metadata["trust"])})
            for call in hostile_calls()
        ]

    measurement = measure(evaluator, calls(evaluator), ["trust"])
    comparison = compare(evaluator, other, calls(evaluator), calls(other))
    for html in (measure_page(measurement, with_text=with_text), compare_page(comparison, with_text=with_text)):
        page = Page(html)
        assert SCRIPT not in html
        assert not {"script", "img"} & {tag for tag, _ in page.elements}
        assert not re.search("[\x00-\x08\x0b-\x1f\x7f\u202a-\u202e\u2066-\u2069\ud800-\udfff]", html)
        assert HARM.split("\x1b", maxsplit=1)[0].strip() in page.text, "harm is shown, not lost"
        assert len(html) < 500_000
        html.encode()
        if with_text:
            assert "too long to show" in page.text


def test_a_page_is_for_people_so_it_ends_somewhere(evaluator: Evaluator) -> None:
    calls = observed(evaluator, [("Hello.", "positive")] * (MOST_CALLS + 3))
    page = Page(measure_page(measure(evaluator, calls), with_text=True))
    assert len(page.all("article")) == MOST_CALLS
    assert "3 more are not shown in full." in page.text
    long = observed(evaluator, [("x" * (LONGEST_SHOWN + 1), "positive")])
    assert (
        "50001 characters: too long to show here." in Page(measure_page(measure(evaluator, long), with_text=True)).text
    )


def test_pages_of_nothing_are_pages(evaluator: Evaluator) -> None:
    assert "0 calls" in Page(measure_page(measure(evaluator, []))).text
    assert "0 of 0 calls" in Page(compare_page(compare(evaluator, evaluator, [], []))).text


def test_the_same_figures_make_the_same_page(evaluator: Evaluator) -> None:
    assert measured(evaluator, with_text=True) == measured(evaluator, with_text=True)
