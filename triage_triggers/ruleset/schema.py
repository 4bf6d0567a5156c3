"""JSON Schemas, so that an editor helps while a ruleset is being written.

They are made from the models and committed beside the shipped rulesets (``tools/write_schemas.py``), where the line
``# yaml-language-server: $schema=../ruleset.schema.json`` at the top of a file points to them. A schema says what can
be said of one file; what must fit between files is for :func:`~triage_triggers.ruleset.loading.load_ruleset`.
"""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final, TypeAlias

from triage_triggers.ruleset.document import RulesDocument, RulesetDocument

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pydantic import BaseModel

__all__ = ["rules_schema", "ruleset_schema"]

Schema: TypeAlias = dict[str, Any]

_DIALECT: Final = "https://json-schema.org/draft/2020-12/schema"
_CONDITION_KINDS: Final = ("theme", "rule", "is", "all", "any", "not")
# Unquoted, these are numbers or truths to an editor, and the text that was typed to the loader.
_TEXT: Final = ("string", "number", "boolean")
_DESCRIPTIONS: Final[Mapping[str, Mapping[str, str]]] = MappingProxyType(
    {
        "Ruleset": {
            "format": "The version of this format: 1.",
            "id": "The name that programs find the ruleset by: small letters, digits, '.', '_', '-'.",
            "version": "Three numbers, such as 1.0.0. Raise it with every change.",
            "title": "What people call the ruleset.",
            "language": "The language of the calls: en, or en-GB. An overlay may leave it to what it extends.",
            "status": "draft, review, approved (needs 'approval') or withdrawn (refuses to load).",
            "code_system": "The ladder of codes that policies suggest from, such as nhs-arp.",
            "description": "What the ruleset is for.",
            "approval": "Who signed the ruleset; goes with 'status: approved'.",
            "review_by": "The day by which somebody should read all of it again.",
            "extends": "The id or path of the ruleset that this one adds to, or changes parts of.",
            "disable": "What to switch off in the extended ruleset, by id.",
            "codes": "What the extended ruleset's codes become: C1: red. Every code that its policies suggest.",
            "lint": "Checks that are excused for the whole ruleset, each with a reason.",
            "lists": "Words that several rules share; a phrase uses one as {name}.",
            "rules": "What to look for.",
            "conditions": "Conditions that gates and policies share; one uses another as {is: name}.",
            "gates": "What counts only where something else was found too.",
            "policy": "What to suggest and advise. Without it, any finding that counts flags the call.",
        },
        "Rule": {
            "id": "Unique in the ruleset; by custom it starts with the theme: weapon.knife.",
            "theme": "What the phrases are about; policies ask for themes.",
            "language": "The language of the phrases, where it is not the ruleset's: pl.",
            "phrases": "What is said: words, (this|that), [optional], {list}, inflect~, ... for up to four words.",
            "unless": "Idioms that cancel a match which they overlap: 'kicking off his shoes'.",
            "speakers": "The only speakers to listen to; 'unknown' is always listened to.",
            "never_set_aside": "true: every match counts, also a denied or past one.",
            "rationale": "Why these words matter.",
            "sources": "Where that is known from.",
            "owner": "Who answers for the rule.",
            "examples": "Sentences that the rule must fire on, and others that it must not.",
            "known_miss": "Sentences that the rule should fire on and does not, yet.",
            "known_false_alarm": "Sentences that the rule fires on and should not.",
            "lint": "Checks that are excused for this rule, each with a reason.",
        },
        "Examples": {
            "fire": "Must fire; square brackets mark the words that must match.",
            "quiet": "Must not fire.",
        },
        "Gate": {
            "id": "Unique among the gates of the ruleset.",
            "themes": "The themes whose findings it holds back. Without themes and rules: every finding.",
            "rules": "The rules whose findings it holds back.",
            "except_rules": "Rules that need no gate, as they say enough alone.",
            "when": "The condition under which it opens, over all that was found. Left out: it never opens.",
            "reason": "What to say of a finding that it holds back.",
            "sources": "Where that is known from.",
        },
        "PolicyRule": {
            "id": "Unique among the policies of the ruleset.",
            "when": "The condition, over the findings that count.",
            "suggest": "The code to suggest: at least this urgent.",
            "advise": "Things to consider that are no code.",
            "reason": "Why, in words for a clinician.",
            "sources": "Where that is known from.",
            "lint": "Checks that are excused for this policy, each with a reason.",
        },
        "Lint": {"allow": "The checks that are excused; 'triage-triggers lint --list' names them all."},
        "Exclusion": {
            "check": "The name of a check, such as phrase-contained.",
            "reason": "Why it does not hold here.",
        },
        "Condition": {
            "theme": "Findings of this theme, or of any of these.",
            "rule": "Findings of this rule, or of any of these.",
            "is": "The condition of this name holds.",
            "all": "Every one of these conditions holds.",
            "any": "One of these conditions holds, or as many as 'at_least' says.",
            "not": "This condition does not hold.",
            "temporality": "current, past or hypothetical; left out: current or feared.",
            "at_least": "How many different rules (or conditions, beside 'any') it takes.",
            "within": "How near to each other the findings must be.",
        },
        "Within": {"seconds": "At most this many seconds apart.", "turns": "At most this many turns apart."},
        "Approval": {
            "by": "Who signed.",
            "role": "In which role.",
            "on": "When: year-month-day.",
            "expires": "The last day on which it holds: year-month-day.",
        },
        "Disable": {
            "rules": "Rules of the extended ruleset.",
            "gates": "Gates of the extended ruleset.",
            "policy": "Policies of the extended ruleset.",
        },
    }
)


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


def _schema(model: type[BaseModel], title: str) -> Schema:
    written = model.model_json_schema(by_alias=True)
    parts: dict[str, Schema] = written.pop("$defs")
    for name, part in parts.items():
        _describe(part, name)
    _describe(written, "Ruleset")
    if "Condition" in parts:
        _adjust_condition(parts["Condition"])
        parts["Condition"]["oneOf"] = [{"required": [kind]} for kind in _CONDITION_KINDS]
        parts["Within"]["oneOf"] = [{"required": [unit]} for unit in ("seconds", "turns")]
    return {"$schema": _DIALECT, "title": title, **_plain(written), "$defs": {key: _plain(parts[key]) for key in parts}}


def _describe(part: Schema, name: str) -> None:
    """Say what each key is for. What the class says of itself is for programmers."""
    part.pop("description", None)
    for key, field in part.get("properties", {}).items():
        field["description"] = _DESCRIPTIONS[name][key]


def _adjust_condition(condition: Schema) -> None:
    """Allow one name for a list of one, and nothing empty."""
    for key in ("theme", "rule", "temporality"):
        field = condition["properties"][key]
        many = next(choice for choice in field["anyOf"] if choice["type"] == "array") | {"minItems": 1}
        field["anyOf"] = [many["items"], many]
    for key in ("all", "any"):
        condition["properties"][key]["minItems"] = 1


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
