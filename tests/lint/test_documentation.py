"""docs/governance.md says what is so."""

from __future__ import annotations

import re
from pathlib import Path
from textwrap import dedent

import yaml

from triage_triggers.lint.linting import ALL_CHECKS
from triage_triggers.ruleset.definition import Rule

PAGE = (Path(__file__).parents[2] / "docs" / "governance.md").read_text(encoding="utf-8")


def test_the_table_holds_every_check_with_its_severity() -> None:
    rows = re.findall(r"^\| (`.+?`) \| (error|warning|info) \|", PAGE, flags=re.MULTILINE)
    written = {name: severity for names, severity in rows for name in re.findall(r"`([\w-]+)`", names)}
    assert written == {check.id: check.severity for check in ALL_CHECKS}


def test_the_exclusion_it_shows_is_one() -> None:
    (shown,) = re.findall(r"```yaml\n(.*?)```", PAGE, flags=re.DOTALL)
    (written,) = yaml.safe_load(dedent(shown))
    rule = Rule.model_validate(written)
    assert rule.lint.allow[0].check in {check.id for check in ALL_CHECKS}
