"""Write the JSON Schemas of rulesets to ``rulesets/``; run it after the ruleset models change."""

from __future__ import annotations

import json
from pathlib import Path

from triage_triggers.ruleset.schema import rules_schema, ruleset_schema, vocabulary_schema

_FOLDER = Path(__file__).parents[1] / "rulesets"

if __name__ == "__main__":
    schemas = {"ruleset": ruleset_schema(), "rules": rules_schema(), "vocabulary": vocabulary_schema()}
    for name, schema in schemas.items():
        text = f"{json.dumps(schema, indent=2)}\n"
        (_FOLDER / f"{name}.schema.json").write_text(text, encoding="utf-8")
