from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from triage_triggers.cli.privacy import NO_PROMISE

if TYPE_CHECKING:
    from pathlib import Path

    from tests.cli.conftest import Run

HOSTILE = "\x1b[2J\u202e<script>=cmd()"


@pytest.fixture
def corpus(tmp_path: Path) -> Path:
    path = tmp_path / "corpus.jsonl"
    rows: list[dict[str, object]] = [
        {"call_id": "C-1", "text": "Ring 07700 900123 or jo@example.com.", "phone": 7700900123, HOSTILE: "ZE9 9ZZ"},
        {"call_id": f"{HOSTILE} 943 476 5919", "utterances": [{"text": f"{HOSTILE} I'm at ZE9 9ZZ"}]},
        {"call_id": "C-3", "text": "He hit me."},
    ]
    path.write_text("".join(f"{json.dumps(row)}\n" for row in rows), encoding="utf-8")
    return path


VALUES = ("07700", "900123", "jo@example", "ZE9", "943 476", "Ring", "hit")


def test_what_is_found_is_counted_and_located_and_never_shown(run: Run, corpus: Path) -> None:
    result = run("check-corpus", corpus)
    assert result.exit_code == 1
    assert not [value for value in VALUES if value in result.output]
    assert "\x1b" not in result.output
    assert "\u202e" not in result.output
    lines = result.stdout.splitlines()
    assert lines[:3] == [
        f"{corpus}: call 1 ('C-1'), utterance 0, characters 5 to 17: telephone number",
        f"{corpus}: call 1 ('C-1'), utterance 0, characters 21 to 35: email address",
        f"{corpus}: call 1 ('C-1'), metadata, characters 0 to 7: postcode",
    ]
    assert "utterance 0, characters" in lines[3]
    assert lines[5] == "3 calls: 5 sightings"
    assert lines[6:16] == [
        "         1  nhs number",
        "         1  telephone number",
        "         2  postcode",
        "         1  email address",
        "         0  date of birth",
        "         0  street address",
        "         0  name",
        "         0  vehicle registration",
        "         0  national insurance number",
        "         0  hospital number",
    ]
    assert lines[16] == "Names: only those introduced as such were looked for; for others see --names."
    assert lines[17] == NO_PROMISE


def test_json_says_the_same_for_programs(run: Run, corpus: Path) -> None:
    result = run("check-corpus", corpus, "--json")
    assert result.exit_code == 1
    assert result.stdout.isascii()
    assert not [value for value in VALUES if value in result.output]
    *sightings, summary = map(json.loads, result.stdout.splitlines())
    assert sightings[0] == {
        "file": str(corpus),
        "call": 1,
        "call_id": "C-1",
        "kind": "telephone_number",
        "field": "text",
        "utterance": 0,
        "start": 5,
        "end": 17,
    }
    assert [(found["call"], found["field"], found["kind"]) for found in sightings[2:]] == [
        (1, "metadata", "postcode"),
        (2, "text", "postcode"),
        (2, "call_id", "nhs_number"),
    ]
    assert sum(summary["found"].values()) == len(sightings)
    assert (summary["calls"], summary["name_model"], summary["note"]) == (3, None, NO_PROMISE)


def test_nothing_found_is_status_0_and_still_no_promise(run: Run, calls: Path) -> None:
    result = run("check-corpus", calls)
    assert result.exit_code == 0
    assert result.stdout.startswith("2 calls: nothing found\n")
    assert NO_PROMISE in result.stdout


def test_a_bad_line_is_named_and_the_others_are_checked(run: Run, corpus: Path) -> None:
    with corpus.open("a") as file:
        file.write("nonsense 07700 900123\n")
    result = run("check-corpus", corpus)
    assert result.exit_code == 1
    assert result.stderr.splitlines() == [f"triage-triggers: {corpus}:4: this is not valid JSON (from character 1 on)"]
    corpus.write_text("nonsense\n")
    assert run("check-corpus", corpus).exit_code == 2


def test_a_columns_name_that_holds_an_identifier_is_not_shown(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "calls.csv"
    path.write_text("text,07700 900123\nhi,2\n")
    result = run("check-corpus", path)
    assert (
        f"{path}: call 1 ('calls.csv:2'), the name of a column, characters 0 to 12: telephone number" in result.stdout
    )
    assert "07700" not in result.stdout


def test_names_need_a_pipeline_that_is_there(run: Run, corpus: Path) -> None:
    result = run("check-corpus", corpus, "--names", "no_such_pipeline")
    assert (result.exit_code, result.stdout) == (2, "")
    assert "there is no spaCy pipeline 'no_such_pipeline' here" in result.stderr
