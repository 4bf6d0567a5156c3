from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

import pytest

from triage_triggers.documents.catalogue import shipped_folder
from triage_triggers.ruleset.schema import rules_schema, ruleset_schema, vocabulary_schema

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

YAML_FILES = sorted(shipped_folder().glob("*/ruleset.yaml")) + sorted(shipped_folder().glob("*/rules/*.yaml"))


def parts(schema: object) -> Iterator[dict[str, Any]]:
    if isinstance(schema, dict):
        yield schema
    for part in schema.values() if isinstance(schema, dict) else schema if isinstance(schema, list) else ():
        yield from parts(part)


@pytest.mark.parametrize(
    ("name", "schema"), [("ruleset", ruleset_schema), ("rules", rules_schema), ("vocabulary", vocabulary_schema)]
)
def test_what_is_committed_is_what_the_models_say(name: str, schema: Callable[[], dict[str, Any]]) -> None:
    committed = (shipped_folder() / f"{name}.schema.json").read_text(encoding="utf-8")
    assert json.loads(committed) == schema(), "run tools/write_schemas.py"


@pytest.mark.parametrize("schema", [ruleset_schema(), rules_schema(), vocabulary_schema()])
def test_every_key_says_what_it_is_for_and_unknown_keys_are_refused(schema: dict[str, Any]) -> None:
    objects = [part for part in parts(schema) if "properties" in part and "type" in part]
    assert objects
    for part in objects:
        assert part["additionalProperties"] is False
        for key, field in part["properties"].items():
            assert field["description"].endswith("."), key
    targets = {part["$ref"] for part in parts(schema) if isinstance(part.get("$ref"), str)}
    assert targets == {f"#/$defs/{name}" for name in schema["$defs"]}


def test_it_says_what_the_loader_takes() -> None:
    schema = ruleset_schema()
    sign, rule = schema["$defs"]["Sign"]["properties"], schema["$defs"]["Rule"]["properties"]
    assert all(
        {choice["type"] for choice in sign[key]["anyOf"]} == {"string", "array"} for key in ("find", "by", "with")
    )
    assert rule["phrases"]["items"]["type"] == ["string", "number", "boolean"]
    assert schema["$defs"]["Sign"]["required"] == ["find", "id", "reason"]
    assert schema["$defs"]["WrittenLine"]["required"] == ["id"]
    assert schema["properties"]["format"]["const"] == 1
    assert schema["properties"]["lists"]["additionalProperties"] is False
    assert "null" not in json.dumps(schema)
    assert set(rule) >= {"id", "theme", "phrases", "unless", "examples", "never_set_aside", "known_false_alarm"}


@pytest.mark.parametrize("path", YAML_FILES, ids=lambda path: f"{path.parent.name}/{path.name}")
def test_a_shipped_file_points_its_editor_at_its_schema(path: Path) -> None:
    first = path.read_text(encoding="utf-8").partition("\n")[0]
    found = re.fullmatch(r"# yaml-language-server: \$schema=(\S+)", first)
    if found is None and path.name != "ruleset.yaml":
        pytest.skip("names no schema, and need not")
    assert found, first
    name = "ruleset" if path.name == "ruleset.yaml" else "rules"
    assert (path.parent / found[1]).resolve() == (shipped_folder() / f"{name}.schema.json").resolve()
