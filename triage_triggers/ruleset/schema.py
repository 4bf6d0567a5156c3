"""JSON Schemas, so that an editor helps while a ruleset is being written.

They are made from the models and committed beside the shipped rulesets (``tools/write_schemas.py``), where the line
``# yaml-language-server: $schema=../ruleset.schema.json`` at the top of a file points to them. A schema says what can
be said of one file; what must fit between files is for :func:`~triage_triggers.ruleset.loading.load_ruleset`.
"""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any, Final, TypeAlias

import yaml

from triage_triggers.ruleset.document import RulesDocument, RulesetDocument
from triage_triggers.vocabulary.changes import WordChange

if TYPE_CHECKING:
    from pydantic import BaseModel

__all__ = ["rules_schema", "ruleset_schema", "vocabulary_schema"]

Schema: TypeAlias = dict[str, Any]

_DIALECT: Final = "https://json-schema.org/draft/2020-12/schema"
# Unquoted, these are numbers or truths to an editor, and the text that was typed to the loader.
_TEXT: Final = ("string", "number", "boolean")


def ruleset_schema() -> Schema:
    """Return the JSON Schema of a ruleset file, or of the ``ruleset.yaml`` of a folder.

    >>> ruleset_schema()["properties"]["id"]["description"]
    "The name that programs find the ruleset by: small letters, digits, '.', '_', '-'."
    """
    schema = _schema(RulesetDocument, "A triage-triggers ruleset")
    approved = {"properties": {"status": {"const": "approved"}}}
    schema["allOf"] = [
        {"anyOf": [{"required": ["extends"]}, {"required": ["language", "code_system"]}]},
        {"if": approved, "then": {"required": ["approval"]}, "else": {"not": {"required": ["approval"]}}},
    ]
    schema["dependentRequired"] = {"disable": ["extends"], "codes": ["extends"]}
    return schema


def rules_schema() -> Schema:
    """Return the JSON Schema of the files in the ``rules`` folder of a ruleset.

    >>> sorted(rules_schema()["properties"])
    ['format', 'lists', 'rules']
    """
    return _schema(RulesDocument, "Rules and lists of a triage-triggers ruleset")


def vocabulary_schema() -> Schema:
    """Return the JSON Schema of the files in the ``vocabulary`` folder of a ruleset.

    >>> vocabulary_schema()["type"]
    'object'
    """
    change = WordChange.model_json_schema()
    _describe(change, "WordChange")
    reference = {"$ref": "#/$defs/WordChange"}
    title = "Words that a triage-triggers ruleset adds and takes out, by class"
    schema = {"$schema": _DIALECT, "title": title, "type": "object", "additionalProperties": reference}
    return schema | {"$defs": {"WordChange": _plain(change)}}


def _schema(model: type[BaseModel], title: str) -> Schema:
    written = model.model_json_schema(by_alias=True)
    parts: dict[str, Schema] = written.pop("$defs")
    for name, part in parts.items():
        _describe(part, name)
    _describe(written, "Ruleset")
    for name in ("Sign", "WrittenLine", "Then"):
        if name in parts:
            _allow_one_name(parts[name])
    return {"$schema": _DIALECT, "title": title, **_plain(written), "$defs": {key: _plain(parts[key]) for key in parts}}


def _describe(part: Schema, name: str) -> None:
    """Say what each key is for. What the class says of itself is for programmers."""
    part.pop("description", None)
    said = _said_of_keys()
    for key, field in part.get("properties", {}).items():
        field["description"] = next(said[group][key] for group in (name, "_ask", "_why") if key in said[group])


@cache
def _said_of_keys() -> dict[str, dict[str, str]]:
    written: dict[str, dict[str, str]] = yaml.safe_load((files(__package__) / "keys.yaml").read_text("utf-8"))
    return written


def _allow_one_name(ask: Schema) -> None:
    """Allow one name for a list of one, and nothing empty."""
    for key in ("find", "by", "time", "with", "if"):
        if key in ask["properties"]:
            field = ask["properties"][key]
            many = {"type": "array", "items": field.pop("items"), "minItems": 1}
            field.pop("type")
            field.pop("minItems", None)
            field["anyOf"] = [many["items"], many]


def _plain(schema: Any) -> Any:  # noqa: ANN401  any JSON
    """Return a schema as editors should read it: no nulls (nothing may stand empty), no titles, text as it is typed."""
    if isinstance(schema, list):
        return [_plain(part) for part in schema]
    if not isinstance(schema, dict):
        return schema
    plain = {
        key: {name: _plain(part) for name, part in value.items()} if key == "properties" else _plain(value)
        for key, value in schema.items()
        if key not in {"title", "default"}
    }
    if "patternProperties" in plain:
        plain["additionalProperties"] = False
    if "anyOf" in plain:
        choices = [choice for choice in plain["anyOf"] if choice != {"type": "null"}]
        if len(choices) == 1:
            del plain["anyOf"]
            plain = choices[0] | plain
        else:
            plain["anyOf"] = choices
    if plain.get("type") == "string" and not plain.keys() & {"pattern", "enum", "const", "format"}:
        plain["type"] = list(_TEXT)
    return plain
