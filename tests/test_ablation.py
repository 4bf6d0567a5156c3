"""The ablation script, on calls made here: each row lacks what its name says, and no words leave it."""

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
  - {id: violence.struck, theme: violence, event: {does: strike}}
  - {id: enquiry.there, theme: enquiry, phrases: [still here]}
signs:
  - {id: violence, find: violence, by: close, reason: Violence.}
tally:
  look_again: 1
  flag: 2
  lines:
    - {id: there, find: enquiry, points: 2, reason: Asked.}
"""
CALLS: list[dict[str, Any]] = [
    {"call_id": "A-1", "da": "yes", "text": "My husband punched me."},
    {"call_id": "A-2", "da": "yes", "text": "He is still here."},
    {"call_id": "A-3", "da": "no", "text": "My husband punched me by accident."},
    {"call_id": "A-4", "da": "no", "text": "It's not true that my husband punched me."},
    {"call_id": "A-5", "da": "unclear", "text": "My husband punched me."},
    {"call_id": "A-6", "utterances": [{"text": "I fell.", "speaker": "caller"}]},
]
FOUND = {
    "nothing": (2, 3),
    "cast (every tie unknown)": (1, 3),
    "open verbs": (2, 3),
    "answers (who is that, who did it)": (2, 3),
    "enquiries (what the call-taker asks)": (1, 3),
    "intent": (2, 2),
    "context (polarity, time, answers)": (2, 2),
    "tally (signs only)": (1, 3),
    "signs (tally only)": (1, 3),
}


@pytest.fixture
def ablation(monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    monkeypatch.syspath_prepend(str(ROOT))
    monkeypatch.delitem(sys.modules, "tools.ablation", raising=False)
    import tools.ablation as module  # noqa: PLC0415  it lies beside the package, not in it

    return module


def test_a_row_for_each_part(ablation: ModuleType, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "calls_uk.jsonl"
    path.write_text("".join(f"{json.dumps(row)}\n" for row in CALLS), encoding="utf-8")
    (tmp_path / "demo.yaml").write_text(RULESET, encoding="utf-8")
    ablation.main(["--calls", str(path), "--sets", str(tmp_path), "--ruleset", str(tmp_path / "demo.yaml")])
    printed = capsys.readouterr().out
    pooled, _, others = printed.partition("| without | calls_uk: recall, specificity |")
    rows = [line.strip("| ").split(" | ") for line in pooled.splitlines() if line.startswith("| ")][2:]
    figures = {cells[0]: (int(cells[1].partition("/")[0]), int(cells[3].partition("/")[0])) for cells in rows}
    assert figures == FOUND
    assert "| nothing | 1.00, 1.00 |" in others
    assert "husband" not in printed


def test_a_table_goes_where_the_page_has_its_place(ablation: ModuleType, tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text("# A\n<!-- one -->\nold\n<!-- /one -->\n<!-- two -->\n<!-- /two -->\n", encoding="utf-8")
    ablation.fill(page, "one", "| new |")
    assert page.read_text("utf-8") == "# A\n<!-- one -->\n| new |\n<!-- /one -->\n<!-- two -->\n<!-- /two -->\n"
    with pytest.raises(ValueError, match="no place for 'three'"):
        ablation.fill(page, "three", "")


def test_the_pages_have_their_places() -> None:
    places = {"ablation.md": ["rounds", "sets"], "measured.md": ["noise"], "first-contact.md": ["missed"]}
    for page, names in places.items():
        text = (ROOT / "docs" / page).read_text("utf-8")
        assert all(f"<!-- {name} -->" in text and f"<!-- /{name} -->" in text for name in names)
