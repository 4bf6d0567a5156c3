"""JSON Schemas, so that an editor helps while a ruleset is being written.

They are made from the models and committed beside the shipped rulesets (``tools/write_schemas.py``), where the line
``# yaml-language-server: $schema=../ruleset.schema.json`` at the top of a file points to them. A schema says what can
be said of one file; what must fit between files is for :func:`~triage_triggers.ruleset.loading.load_ruleset`.
"""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final, TypeAlias

from triage_triggers.ruleset.document import RulesDocument, RulesetDocument
from triage_triggers.vocabulary.changes import WordChange

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pydantic import BaseModel

__all__ = ["rules_schema", "ruleset_schema", "vocabulary_schema"]

Schema: TypeAlias = dict[str, Any]

_DIALECT: Final = "https://json-schema.org/draft/2020-12/schema"
# Unquoted, these are numbers or truths to an editor, and the text that was typed to the loader.
_TEXT: Final = ("string", "number", "boolean")
_ASK: Final = {
    "find": "Rules and themes, any of which will do.",
    "by": "Whose deed it must be; left out: anybody's but a stranger's or an acquaintance's.",
    "time": "current, past or hypothetical; left out: current or feared.",
    "with": "Rules and themes of which one must be found near by, whoever speaks, past or not.",
    "near": "Within how many words 'with' must start; 120 where left out.",
    "at_least": "How many different rules it takes.",
}
_WHY: Final = {
    "reason": "Why, in words for a clinician.",
    "sources": "Where that is known from.",
    "lint": "Checks that are excused here, each with a reason.",
}
_DESCRIPTIONS: Final[Mapping[str, Mapping[str, str]]] = MappingProxyType(
    {
        "Ruleset": {
            "format": "The version of this format: 1.",
            "id": "The name that programs find the ruleset by: small letters, digits, '.', '_', '-'.",
            "version": "Three numbers, such as 1.0.0. Raise it with every change.",
            "title": "What people call the ruleset.",
            "language": "The language of the calls: en, or en-GB. An overlay may leave it to what it extends.",
            "status": "draft, review, approved (needs 'approval') or withdrawn (refuses to load).",
            "code_system": "The ladder of codes that are suggested from, such as nhs-arp.",
            "description": "What the ruleset is for.",
            "approval": "Who signed the ruleset; goes with 'status: approved'.",
            "review_by": "The day by which somebody should read all of it again.",
            "extends": "The id or path of the ruleset that this one adds to, or changes parts of.",
            "disable": "What to switch off in the extended ruleset, by id.",
            "codes": "What the extended ruleset's codes become: C1: red. Every code that it suggests.",
            "lint": "Checks that are excused for the whole ruleset, each with a reason.",
            "vocabulary": "Words added to and taken out of classes of the language's: strike: {add: [malky~]}.",
            "lists": "Words that several rules share; a phrase uses one as {name}.",
            "rules": "What to look for.",
            "signs": "What is enough alone to flag a call. Without signs and tally, any finding does.",
            "tally": "What is not enough alone, and adds up.",
            "then": "What to suggest and advise once a sign holds.",
        },
        "Rule": {
            "id": "Unique in the ruleset; by custom it starts with the theme: weapon.knife.",
            "theme": "What the phrases are about; signs ask for themes.",
            "language": "The language of the phrases, where it is not the ruleset's: pl.",
            "phrases": "What is said: words, (this|that), [optional], {list}, inflect~, ... for up to four words.",
            "event": "What is done, in place of phrases: {does: [strike, throw]}.",
            "unless": "Idioms that cancel a match which they overlap: 'kicking off his shoes'.",
            "speakers": "The only speakers to listen to; 'unknown' is always listened to.",
            "never_set_aside": "true: every match counts, also a denied or past one.",
            "beside": "Counts only in a call where one of these rules or themes counts too.",
            "rationale": "Why these words matter.",
            "sources": "Where that is known from.",
            "owner": "Who answers for the rule.",
            "examples": "Sentences that the rule must fire on, and others that it must not.",
            "known_miss": "Sentences that the rule should fire on and does not, yet.",
            "known_false_alarm": "Sentences that the rule fires on and should not.",
            "lint": "Checks that are excused for this rule, each with a reason.",
        },
        "EventRule": {
            "does": "Kinds of deeds: strike, throw, throttle, take, ...; 'show RULESET --vocabulary' lists them.",
            "to": "To whom: a person.",
            "by": "By whom only, by the tie between agent and patient; left out, by anybody.",
        },
        "WordChange": {
            "add": "Words and set expressions; hit~ is hit with all its inflections.",
            "remove": "Words that are in the class and should not be.",
        },
        "Examples": {
            "fire": "Must fire; square brackets mark the words that must match.",
            "quiet": "Must not fire.",
        },
        "Sign": _ASK | {"id": "Unique among the signs of the ruleset."} | _WHY,
        "TallyDocument": {
            "look_again": "From so many points on, the call deserves a second look; nothing is flagged.",
            "flag": "From so many points on, the sign 'tally' holds and the call is flagged.",
            "lines": "What adds up, at most 20 lines, each counted once.",
        },
        "WrittenLine": _ASK
        | {
            "id": "Unique among the lines of the tally.",
            "anchor": "true: the tally flags only where a line with this counts.",
            "points": "What it weighs, -9 to 9. Minus points are left out where a line about someone close counts.",
        }
        | _WHY,
        "Then": _ASK
        | {
            "id": "Unique among these lines.",
            "if": "Signs of which one must hold; any_sign, or tally for the sum. Left out: it only advises.",
            "suggest": "The code to suggest: at least this urgent.",
            "advice": "Things to consider that are no code.",
        }
        | _WHY,
        "Lint": {"allow": "The checks that are excused; 'triage-triggers lint --list' names them all."},
        "Exclusion": {
            "check": "The name of a check, such as phrase-contained.",
            "reason": "Why it does not hold here.",
        },
        "Approval": {
            "by": "Who signed.",
            "role": "In which role.",
            "on": "When: year-month-day.",
            "expires": "The last day on which it holds: year-month-day.",
        },
        "Disable": {
            "rules": "Rules of the extended ruleset.",
            "signs": "Signs of the extended ruleset.",
            "tally": "Lines of its tally.",
            "then": "Lines of its 'then'.",
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
    for key, field in part.get("properties", {}).items():
        field["description"] = _DESCRIPTIONS[name][key]


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
