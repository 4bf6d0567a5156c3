"""docs/privacy.md says what is so."""

from __future__ import annotations

import re
from pathlib import Path

from triage_triggers.cli.privacy import NO_PROMISE
from triage_triggers.privacy.scanner import KINDS

PAGE = (Path(__file__).parents[2] / "docs" / "privacy.md").read_text(encoding="utf-8")


def test_every_kind_has_its_limits_and_its_figures() -> None:
    assert tuple(re.findall(r"^\| `(\w+)` \| .+ \| .+ \|$", PAGE, re.MULTILINE)) == KINDS
    measured = re.findall(r"^\| \*\*([\w ]+)\*\* \| all \| [\d.]+% ", PAGE, re.MULTILINE)
    assert tuple(kind.replace(" ", "_") for kind in measured) == KINDS


def test_the_page_promises_no_more_than_the_command() -> None:
    for text in (PAGE, NO_PROMISE):
        assert "No search by patterns makes a transcript anonymous." in " ".join(text.split())
