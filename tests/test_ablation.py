"""The ablation script, on calls made here: each variant gives what its name says, and no words leave it."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from types import ModuleType

ROOT = Path(__file__).parents[1]
RULESET = """
format: 1
id: demo
version: 1.0.0
title: Demo
language: en
status: draft
code_system: nhs-arp
rules:
  - {id: violence.hit, theme: violence, phrases: [hit me, been stabbed], unless: [hit me up]}
  - {id: violence.tie, theme: violence, phrases: [husband ... hit me]}
  - {id: tie.husband, theme: relationship, phrases: [my husband]}
signs:
  - {id: violence, find: violence, with: relationship, reason: Violence.}
"""
CALLS: list[dict[str, Any]] = [
    {"call_id": "A-1", "da": "yes", "text": "My husband's hit me."},
    {"call_id": "A-2", "da": "no", "text": "My husband's never hit me, I fell."},
    {"call_id": "A-3", "da": "no", "text": "Some lad's been stabbed outside the pub."},
    {"call_id": "A-4", "da": "unclear", "text": "My husband's hit me."},
    {"call_id": "A-5", "utterances": [{"text": "I fell.", "speaker": "caller"}]},
]


@pytest.fixture
def ablation(monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    monkeypatch.syspath_prepend(str(ROOT))
    monkeypatch.delitem(sys.modules, "tools.ablation", raising=False)
    import tools.ablation as module  # noqa: PLC0415  it lies beside the package, not in it

    return module


@pytest.mark.parametrize("label", ["da", "label.da"])
def test_a_row_for_each_variant(
    ablation: ModuleType, tmp_path: Path, capsys: pytest.CaptureFixture[str], label: str
) -> None:
    path = tmp_path / "calls.jsonl"
    rows = [row if label == "da" else {**row, "da": None, "label": {"da": row.get("da")}} for row in CALLS]
    path.write_text("".join(f"{json.dumps(row)}\n" for row in rows), encoding="utf-8")
    (tmp_path / "demo.yaml").write_text(RULESET, encoding="utf-8")
    ablation.main([str(path), "--label", label, "--ruleset", str(tmp_path / "demo.yaml")])
    printed = capsys.readouterr().out
    rows_printed = [line.split(" | ") for line in printed.splitlines() if line.startswith("| ")][1:]
    assert [(cells[0].removeprefix("| "), cells[1], cells[3]) for cells in rows_printed] == [
        ("full", "1.000 (1/1)", "1.000 (3/3)"),
        ("context off", "1.000 (1/1)", "0.667 (2/3)"),
        ("keywords only", "1.000 (1/1)", "0.333 (1/3)"),
    ]
    assert "husband" not in printed
