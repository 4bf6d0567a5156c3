"""A small ruleset, a few calls and a way to run commands on them."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Protocol

import pytest
from typer.testing import CliRunner

from triage_triggers.cli.app import app

if TYPE_CHECKING:
    from pathlib import Path

    from typer.testing import Result

RULESET = """\
format: 1
id: demo
version: 1.2.3
title: A demonstration
language: en
status: draft
code_system: nhs-arp
lists: {victim: [me, her]}
rules:
  - id: demo.knife
    theme: weapon
    phrases: ["got a knife", "came at {victim} ... [kitchen] knife"]
    unless: ["got a knife and fork"]
    rationale: A weapon changes what a crew needs to know.
    sources: [Our own judgement]
    owner: The policy team
    speakers: [caller, call_taker]
    examples: {fire: ["He's [got a knife]."], quiet: ["He's got a knife and fork."]}
    known_miss: ["He has a blade."]
    known_false_alarm: ["He's got a knife block."]
  - id: demo.throat
    theme: strangulation
    phrases: ["hands round my throat"]
    never_set_aside: true
signs:
  - id: armed
    find: weapon
    reason: A weapon is at hand.
  - id: strangled
    find: strangulation
    reason: Strangulation is an emergency.
then:
  - id: armed
    if: armed
    suggest: C2
    advice: [scene_safety]
    reason: A weapon is at hand.
  - id: strangled
    if: strangled
    suggest: C1
    reason: Strangulation is an emergency.
"""
CALLS: list[dict[str, object]] = [
    {
        "call_id": "C-1",
        "current_code": "C3",
        "utterances": [
            {"text": "Has he got a knife?", "speaker": "call_taker", "start": 1.0, "end": 2.0},
            {"text": "No.", "speaker": "caller", "start": 2.5, "end": 3.0},
            {"text": "No wait, he's got a", "speaker": "caller", "start": 3661.5, "end": 3662.0},
            {"text": "knife now.", "speaker": "caller"},
        ],
    },
    {"call_id": "C-2", "text": "I fell on the stairs."},
]


class Run(Protocol):
    """Runs a command line and returns its result."""

    def __call__(self, *args: object, stdin: str | bytes | None = None) -> Result: ...


@pytest.fixture
def run() -> Run:
    def invoke(*args: object, stdin: str | bytes | None = None) -> Result:
        return CliRunner().invoke(app, [str(arg) for arg in args], input=stdin, prog_name="triage-triggers")

    return invoke


@pytest.fixture
def ruleset(tmp_path: Path) -> Path:
    path = tmp_path / "demo.yaml"
    path.write_text(RULESET, encoding="utf-8")
    return path


@pytest.fixture
def calls(tmp_path: Path) -> Path:
    path = tmp_path / "calls.jsonl"
    path.write_text("".join(f"{json.dumps(call)}\n" for call in CALLS), encoding="utf-8")
    return path
