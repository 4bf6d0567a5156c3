"""A ruleset with nothing to remark on, and a way to change it and ask what lint says."""

from __future__ import annotations

from copy import deepcopy
from datetime import date
from typing import TYPE_CHECKING, Any, Protocol

import pytest

from tests.strategies import as_yaml
from triage_triggers.lint.linting import lint_ruleset

if TYPE_CHECKING:
    from pathlib import Path

    from triage_triggers.lint.linting import LintReport

TODAY = date(2026, 11, 24)
SOURCES = ["Our own judgement"]
CLEAN: dict[str, Any] = {
    "format": "1",
    "id": "demo",
    "version": "1.0.0",
    "title": "Demo",
    "language": "en",
    "status": "draft",
    "code_system": "nhs-arp",
    "review_by": "2027-01-01",
    "lists": {"victim": ["me", "her"]},
    "rules": [
        {
            "id": "weapon.knife",
            "theme": "weapon",
            "phrases": ["got a knife", "came at {victim}"],
            "unless": ["a knife and fork"],
            "rationale": "A weapon changes what a crew must do first.",
            "sources": SOURCES,
            "examples": {
                "fire": ["He's [got a knife].", "She [came at me]."],
                "quiet": ["He's got a knife and fork.", "I fell."],
            },
        },
        {
            "id": "fear.afraid",
            "theme": "fear",
            "phrases": ["so frightened"],
            "rationale": "Fear comes before harm.",
            "sources": SOURCES,
            "examples": {"fire": ["I'm [so frightened].", "[So frightened]!"], "quiet": ["I'm ill.", "It hurts."]},
        },
    ],
    "signs": [
        {"id": "armed", "find": "weapon", "reason": "A weapon.", "sources": SOURCES},
        {"id": "afraid", "find": "fear", "reason": "Fear.", "sources": SOURCES},
    ],
}


def rule(**keys: object) -> dict[str, Any]:
    """A rule like the first of ``CLEAN``, with other keys."""
    return {key: value for key, value in (deepcopy(CLEAN["rules"][0]) | keys).items() if value is not None}


class Lint(Protocol):
    """Lints ``CLEAN`` with some keys replaced (left out, if None), and returns each issue's check, name and message."""

    def __call__(self, **keys: object) -> list[tuple[str, str | None, str]]: ...


@pytest.fixture
def report(tmp_path: Path) -> Any:  # noqa: ANN401  a function of any keys
    def run(**keys: object) -> LintReport:
        path = tmp_path / "demo.yaml"
        written = {key: value for key, value in (deepcopy(CLEAN) | keys).items() if value is not None}
        path.write_text(as_yaml(written), encoding="utf-8")
        return lint_ruleset(path, today=TODAY)

    return run


@pytest.fixture
def lint(report: Any) -> Lint:  # noqa: ANN401  see above
    def run(**keys: object) -> list[tuple[str, str | None, str]]:
        return [(issue.check, issue.name, issue.message) for issue in report(**keys).issues if not issue.excused]

    return run
