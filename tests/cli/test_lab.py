"""The lab's commands: measure, compare, suggest-phrases and try."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

import pytest
from markdown_it import MarkdownIt

from tests.report.hostile import HARM, hostile_calls
from triage_triggers.cli.screen import code, markdown
from triage_triggers.lab.tables import Column, Table

if TYPE_CHECKING:
    from pathlib import Path

    from tests.cli.conftest import Run

LABELLED: list[dict[str, object]] = [
    {"call_id": "C-1", "label": "yes", "trust": "north", "current_code": "C3", "text": "He's got a knife."},
    {"call_id": "C-2", "label": "yes", "trust": "south", "current_code": "C3", "text": "He had a blade, a big blade."},
    {"call_id": "C-3", "label": "yes", "trust": "south", "current_code": "C3", "text": "There was a big blade."},
    {"call_id": "C-4", "label": "no", "trust": "south", "current_code": "C4", "text": "I've got a knife block."},
    {"call_id": "C-5", "label": "no", "trust": "north", "current_code": "C4", "text": "A big bang."},
    {"call_id": "C-6", "label": "unclear", "trust": "north", "current_code": "C3", "text": "He hasn't got a knife."},
    {"call_id": "C-7", "trust": "north", "text": "I fell."},
]
OVERLAY = """\
format: 1
id: ours
version: 0.1.0
title: Ours
language: en
status: draft
code_system: nhs-arp
extends: demo.yaml
rules:
  - {id: ours.blade, theme: weapon, phrases: ["big blade"]}
"""
MARKDOWN = {"h2", "h3", "p", "table", "thead", "tbody", "tr", "th", "td", "code", "sub"}


@pytest.fixture
def labelled(tmp_path: Path) -> Path:
    path = tmp_path / "labelled.jsonl"
    path.write_text("".join(f"{json.dumps(call)}\n" for call in LABELLED), encoding="utf-8")
    return path


@pytest.fixture
def overlay(ruleset: Path) -> Path:
    path = ruleset.parent / "ours.yaml"
    path.write_text(OVERLAY, encoding="utf-8")
    return path


@pytest.fixture
def hostile(tmp_path: Path) -> Path:
    path = tmp_path / "hostile.jsonl"
    rows: list[dict[str, Any]] = [
        {
            "call_id": call.call_id,
            "current_code": call.current_code,
            "utterances": [
                {"text": u.text.replace("hit me", "got a knife"), "speaker": u.speaker} for u in call.utterances
            ],
            **call.metadata,
        }
        for call in hostile_calls()
    ]
    path.write_text("".join(f"{json.dumps(row)}\n" for row in rows), encoding="utf-8")
    return path


def squeezed(text: str) -> str:
    return re.sub(" +", " ", text)


def test_measure_shows_figures_rules_and_mistakes_without_what_was_said(
    run: Run, ruleset: Path, labelled: Path
) -> None:
    result = run("measure", labelled, "-r", ruleset, "--by", "trust", "--calls-per-day", 700)
    assert (result.exit_code, result.stderr) == (0, "")
    text = squeezed(result.stdout)
    assert "Ruleset demo 1.2.3, draft: A demonstration" in text
    assert "7 calls: 5 labelled (3 positive, 2 negative), 1 looked at and not decided, 1 without a label." in text
    assert "Sensitivity: positive calls flagged 0.33 0.06–0.79 1 of 3" in text
    assert "Alerts a day, of 700 calls 200.0" in text
    assert "south 3 2 0.00 0.00–0.66 0.333 1 0.00 0.00–0.79 1.000 333" in text
    assert "strangulation demo.throat –" in text
    assert "C-4 C2 armed demo.knife" in text
    assert "blade" not in text


def test_measure_as_json_and_as_markdown(run: Run, ruleset: Path, labelled: Path) -> None:
    data = json.loads(run("measure", labelled, "-r", ruleset, "--json").stdout)
    assert data["overall"]["sensitivity"]["part"] == 1
    assert data["false_alarms"] == ["C-4"]
    text = run("measure", labelled, "-r", ruleset, "--markdown").stdout
    assert text.startswith("## Ruleset demo 1\\.2\\.3\\, draft\\: A demonstration\n")
    assert "| `Sensitivity: positive calls flagged` | 0\\.33 | 0\\.06–0\\.79 | 1 of 3 |" in text


@pytest.mark.parametrize(
    ("floor", "status", "message"),
    [
        ("sensitivity=0.3", 0, ""),
        ("sensitivity=0.5", 1, "sensitivity is 0.333 (1 of 3, 95% 0.06–0.79), lower than 0.5"),
        ("Specificity=0.5", 0, ""),
        ("npv=1", 1, "npv is 0.333"),
        ("recall=0.5", 2, "write for example sensitivity=0.85"),
        ("sensitivity=high", 2, "write for example"),
        ("sensitivity=85", 2, "from 0 to 1"),
        ("sensitivity=nan", 2, "write for example"),
    ],
)
def test_a_figure_can_be_held_to(
    run: Run, ruleset: Path, labelled: Path, *, floor: str, status: int, message: str
) -> None:
    result = run("measure", labelled, "-r", ruleset, "--fail-under", floor)
    assert result.exit_code == status
    assert message in re.sub(r"[\s│]+", " ", result.stderr)


def test_a_figure_that_is_not_known_fails(run: Run, ruleset: Path, calls: Path) -> None:
    result = run("measure", calls, "-r", ruleset, "--fail-under", "sensitivity=0")
    assert result.exit_code == 1
    assert "sensitivity is not known" in result.stderr


def test_labels_may_have_any_name_and_any_values(run: Run, ruleset: Path, labelled: Path) -> None:
    rows = [
        {"call_id": row["call_id"], "text": row["text"], "review": {"nature": nature}}
        for row, nature in zip(LABELLED, ["dv", "DV", "dv", "fall", "fit", "?", "?"], strict=True)
    ]
    labelled.write_text("".join(f"{json.dumps(row)}\n" for row in rows))
    options = ("--label", "review.nature", "--positive", "dv, domestic", "--negative", "*", "--ignored", "?")
    data = json.loads(run("measure", labelled, "-r", ruleset, *options, "--json").stdout)
    assert data["labels"] == {"positive": 3, "negative": 2, "ignored": 2, "none": 0}


def test_a_column_that_is_not_there_is_answered_with_near_ones(run: Run, ruleset: Path, labelled: Path) -> None:
    for options in (("--label", "lable"), ("--by", "lable")):
        result = run("measure", labelled, "-r", ruleset, *options)
        assert (result.exit_code, result.stdout) == (2, "")
        assert "did you mean label?" in result.stderr
    result = run("suggest-phrases", labelled, "-r", ruleset, "--label", "nature")
    assert "no call has anything in a column 'nature'" in result.stderr


def test_only_some_calls_are_measured_if_that_is_asked_for(run: Run, ruleset: Path, labelled: Path) -> None:
    where = ("--where", "trust=north", "--where", "label!=unclear")
    data = json.loads(run("measure", labelled, "-r", ruleset, *where, "--json").stdout)
    assert data["overall"]["calls"] == 3
    assert run("measure", labelled, "-r", ruleset, "--where", "north").exit_code == 2


def test_calls_that_can_not_be_read_are_named_and_the_others_measured(run: Run, ruleset: Path, labelled: Path) -> None:
    with labelled.open("a") as file:
        file.write('nonsense\n{"call_id": "C-8", "text": "", "label": "he said he would"}\n')
        file.write('{"call_id": "C-9", "text": "", "current_code": "C99"}\n')
    result = run("measure", labelled, "-r", ruleset, "--json")
    assert result.exit_code == 1
    assert json.loads(result.stdout)["overall"]["calls"] == 7
    line, label, code_ = result.stderr.splitlines()
    assert f"{labelled}:8" in line
    assert label.startswith("triage-triggers: call 'C-8': the label in 'label' is none of the known values")
    assert "he said" not in label
    assert code_.startswith("triage-triggers: call 'C-9': ")
    labelled.write_text("nonsense\n")
    result = run("measure", labelled, "-r", ruleset)
    assert (result.exit_code, result.stdout) == (2, "")


def test_a_wrong_label_column_is_told_once_and_not_for_every_call(run: Run, ruleset: Path, labelled: Path) -> None:
    nested = [{"text": "I fell.", "label": {"notes": ["x"], "da": "yes"}}] * 9
    labelled.write_text("".join(f"{json.dumps(call)}\n" for call in nested))
    result = run("measure", labelled, "-r", ruleset)
    assert result.exit_code == 2
    assert result.stderr.count("\n") == 1
    assert "name one of them, such as label.da" in result.stderr
    other = [{"text": "I fell.", "label": "fall"}] * 9
    labelled.write_text("".join(f"{json.dumps(call)}\n" for call in other))
    result = run("measure", labelled, "-r", ruleset)
    assert result.exit_code == 2
    assert len(result.stderr.splitlines()) == 6
    assert result.stderr.splitlines()[-1] == "triage-triggers: and 4 calls more with a label that is not known"


def test_compare_shows_what_changes_because_of_what(run: Run, ruleset: Path, overlay: Path, labelled: Path) -> None:
    result = run("compare", ruleset, overlay, labelled, "--calls-per-day", 700)
    assert (result.exit_code, result.stderr) == (0, "")
    text = squeezed(result.stdout)
    assert "From demo 1.2.3 to ours 0.1.0" in text
    assert "2 of 7 calls come out otherwise: 2 newly flagged, 0 no longer flagged, 2 with another category." in text
    assert "C3 → C2 2 285.7 200.0" in text
    assert "C-2 positive newly flagged none → C2 ours.blade" in text
    assert "big blade" not in text


def test_compare_as_json_and_as_markdown(run: Run, ruleset: Path, overlay: Path, labelled: Path) -> None:
    data = json.loads(run("compare", ruleset, overlay, labelled, "--json", "--calls-per-day", 700).stdout)
    assert data["mcnemar"]["sensitivity"] == {"only_first": 0, "only_second": 2, "p": 0.5}
    assert [change["call_id"] for change in data["changes"]] == ["C-2", "C-3"]
    text = run("compare", ruleset, overlay, labelled, "--markdown").stdout
    assert text.startswith("## From demo 1\\.2\\.3 to ours 0\\.1\\.0\n")
    assert "| `C-2` | `positive` | `newly flagged` | `none → C2` | `ours.blade` |" in text


def test_compare_names_calls_that_can_not_be_read(run: Run, ruleset: Path, overlay: Path, labelled: Path) -> None:
    with labelled.open("a") as file:
        file.write("nonsense\n")
    assert run("compare", ruleset, overlay, labelled, "--json").exit_code == 1


@pytest.mark.parametrize("with_text", [False, True])
def test_pages_are_written_with_what_was_said_only_if_asked_for(
    run: Run, ruleset: Path, overlay: Path, labelled: Path, *, with_text: bool
) -> None:
    option = ["--with-text"] if with_text else []
    page = labelled.parent / "page.html"
    assert run("measure", labelled, "-r", ruleset, "--html", page, *option).exit_code == 0
    assert ("He had a blade" in page.read_text("utf-8")) is with_text
    assert run("compare", ruleset, overlay, labelled, "--html", page, *option).exit_code == 0
    assert ("There was a" in page.read_text("utf-8")) is with_text
    assert run("measure", labelled, "-r", ruleset, "--html", page.parent / "no" / "page.html").exit_code == 2


def test_suggested_runs_show_their_words_only_if_asked_for(run: Run, ruleset: Path, labelled: Path) -> None:
    result = run("suggest-phrases", labelled, "-r", ruleset)
    assert result.exit_code == 0
    assert "Missed: 2 calls. Rightly left alone: 1. Word runs weighed: 3." in result.stdout
    assert "run 1 3 2 of 2 0 of 1" in squeezed(result.stdout)
    assert "blade" not in result.stdout
    assert "--with-text shows them" in result.stdout
    shown = run("suggest-phrases", labelled, "-r", ruleset, "--with-text")
    assert "a big blade 3 2 of 2 0 of 1" in squeezed(shown.stdout)
    (first, *_) = json.loads(run("suggest-phrases", labelled, "-r", ruleset, "--json").stdout)["runs"]
    assert "words" not in first
    (first, *_) = json.loads(run("suggest-phrases", labelled, "-r", ruleset, "--json", "--with-text").stdout)["runs"]
    assert first["words"] == "a big blade"


def test_runs_that_false_alarms_have(run: Run, ruleset: Path, labelled: Path) -> None:
    options = ("--from", "false-alarms", "--least-calls", 1, "--with-text", "--most", 1)
    result = run("suggest-phrases", labelled, "-r", ruleset, *options)
    assert "False alarms: 1 call. Rightly flagged: 1." in result.stdout
    assert "got a knife block" in result.stdout
    assert "What 'unless' might spare" in result.stdout


def test_no_mistakes_and_no_shared_runs_are_said_so(run: Run, ruleset: Path, labelled: Path) -> None:
    result = run("suggest-phrases", labelled, "-r", ruleset, "--said-by", "call-taker")
    assert "No run is said in enough of the calls" in result.stdout
    with labelled.open("a") as file:
        file.write("nonsense\n")
    assert run("suggest-phrases", labelled, "-r", ruleset).exit_code == 1


def test_a_speaker_that_is_none_is_refused(run: Run, ruleset: Path, labelled: Path) -> None:
    result = run("suggest-phrases", labelled, "-r", ruleset, "--said-by", "handler")
    assert result.exit_code == 2
    assert "call_taker" in result.stderr


def test_try_says_what_a_phrase_would_catch_disturb_and_set_aside(run: Run, ruleset: Path, labelled: Path) -> None:
    result = run("try", "big (blade|bang)", labelled, "-r", ruleset)
    assert result.exit_code == 0
    text = squeezed(result.stdout)
    assert "“big (blade|bang)”, as a sign of its own, on 7 calls" in text
    assert "found 3 times in 3 calls; counts in 3 of these" in text
    assert "2 of 3 positive calls newly caught" in text
    assert "1 of 2 negative calls newly disturbed" in text
    shown = run("try", "big (blade|bang)", labelled, "-r", ruleset, "--with-text").stdout
    assert "There was a [[big blade]]." in shown
    aside = run("try", "got a knife", labelled, "-r", ruleset, "--theme", "weapon", "--current-code", "C4").stdout
    assert "set aside 1 time: " in squeezed(aside)


def test_try_as_json_and_its_faults(run: Run, ruleset: Path, labelled: Path) -> None:
    options = ("--theme", "strangulation", "--said-by", "caller", "--unless", "a big blade", "--code-system", "nhs-arp")
    data = json.loads(run("try", "big blade", labelled, "-r", ruleset, *options, "--json").stdout)
    assert data["newly_flagged"]["positive"] == []
    assert data["findings"] == 2
    assert sum(data["set_aside"].values()) == 2
    result = run("try", "big (blade", labelled, "-r", ruleset)
    assert result.exit_code == 2
    assert "^" in result.stderr
    assert "known: strangulation, weapon" in run("try", "x", labelled, "-r", ruleset, "--theme", "y").stderr
    labelled.write_text("nonsense\n")
    assert run("try", "big blade", labelled, "-r", ruleset).exit_code == 2


def test_try_tells_of_codes_that_change_and_of_calls_beyond_those_shown(
    run: Run, ruleset: Path, labelled: Path
) -> None:
    many = [{"call_id": f"N-{n}", "current_code": "C4", "text": "He's got a knife. Oh my word."} for n in range(60)]
    labelled.write_text("".join(f"{json.dumps(call)}\n" for call in many))
    result = run("try", "my word", labelled, "-r", ruleset, "--theme", "strangulation", "--with-text").stdout
    assert "another one suggested in 60 calls that would be flagged anyway" in squeezed(result)
    assert "N-49 " in result
    assert "N-50 " not in result
    assert "and 10 calls more" in result


def test_a_phrase_that_runs_over_two_segments_is_shown(run: Run, ruleset: Path, labelled: Path) -> None:
    utterances = [{"text": "he had a big", "speaker": "caller"}, {"text": "blade on him", "speaker": "caller"}]
    labelled.write_text(json.dumps({"call_id": "C-1", "label": "yes", "utterances": utterances}))
    result = run("try", "big blade", labelled, "-r", ruleset, "--with-text")
    assert "he had a [[big]]" in result.stdout


@pytest.mark.parametrize("options", [(), ("--with-text",)])
def test_hostile_calls_are_harmless_on_a_terminal_and_in_markdown(
    run: Run, ruleset: Path, overlay: Path, hostile: Path, options: tuple[str, ...]
) -> None:
    outputs = [
        run("try", "got a knife", hostile, "-r", ruleset, *options).stdout,
        run("suggest-phrases", hostile, "-r", ruleset, "--least-calls", 1, *options).stdout,
    ]
    if not options:
        outputs += [
            run("measure", hostile, "-r", ruleset, "--by", "trust").stdout,
            run("compare", ruleset, overlay, hostile).stdout,
        ]
        text = run("measure", hostile, "-r", ruleset, "--by", "trust", "--markdown").stdout
        outputs.append(text)
        html = MarkdownIt("commonmark", {"html": True}).enable("table").render(text)
        assert not set(re.findall(r"<([a-z0-9]+)", html)) - MARKDOWN
        assert "<script" not in html
        assert html.count("<table>") == html.count("</table>") > 3
    for output in outputs:
        assert output
        assert not re.search("[\x00-\x08\x0b-\x1f\x7f\u200e\u202a-\u202e\u2066-\u2069\ud800-\udfff]", output)
        assert len(output) < 100_000


def test_a_table_in_markdown_keeps_its_columns_whatever_stands_in_it() -> None:
    table = Table("A | B", (Column("x|"), Column("n", is_number=True)), ((HARM, "1|"), ("`", "2"), ("", "3")), "<note>")
    html = MarkdownIt("commonmark", {"html": True}).enable("table").render(markdown("T", ["*lede* @team"], [table]))
    assert not set(re.findall(r"<([a-z0-9]+)", html)) - MARKDOWN
    assert html.count("<td") == 6
    assert "<p>*lede* @team</p>" in html
    assert "<h3>A | B</h3>" in html
    assert "&lt;note&gt;" in html
    assert "<code>`</code>" in html
    assert code("") == "` `"
