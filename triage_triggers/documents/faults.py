"""pydantic's verdict on a file, in sentences for the person who wrote it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, get_args, get_origin

from pydantic import BaseModel

from triage_triggers.documents.fields import IDENTIFIER, LANGUAGE, NAME, VERSION
from triage_triggers.errors import Fault, near

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from pydantic import ValidationError
    from pydantic_core import ErrorDetails

    from triage_triggers.documents.source import Place, SourceFile

__all__ = ["item_id", "model_faults", "quote"]

_PATTERNS: Final[Mapping[str, str]] = {
    IDENTIFIER: "must be small letters, digits, '.', '_' and '-' only, starting with a letter (at most 200)",
    NAME: "must be small letters, digits, '_' and '-' only, starting with a letter (at most 64)",
    VERSION: "must be three numbers with dots between, such as 1.0.0",
    LANGUAGE: "must be a language code such as en or en-GB",
}
_FAMILIES: Final[Mapping[str, str]] = {
    "bool": "must be true or false",
    "int": "must be a whole number",
    "float": "must be a number",
    "finite": "must be a number",
    "date": "must be a date written year-month-day, such as 2026-11-23",
}
_SENTENCES: Final[Mapping[str, str]] = {
    "string_type": "must be text, not {what}; if it is a phrase, put it in quotes",
    "string_unicode": "holds characters that are no text",
    "string_too_short": "is empty",
    "string_too_long": "is longer than {max_length:,} characters",
    "tuple_type": "must be a list, not {what}; put '- ' before each item",
    "too_short": "is empty; remove it, or write something in it",
    "too_long": "has more than {max_length:,} items",
    "greater_than": "must be more than {gt:,.9g}",
    "greater_than_equal": "must be at least {ge:,.9g}",
    "less_than_equal": "must be at most {le:,.9g}",
}


def model_faults(source: SourceFile, error: ValidationError, model: type[BaseModel], at: Place = ()) -> Iterator[Fault]:
    """Yield a fault for each of pydantic's errors about the data at ``at``, but for what is reported already."""
    for detail in error.errors(include_url=False):
        place: Place = (*at, *(step for step in detail["loc"] if step != "[key]"))
        kind = detail["type"]
        if isinstance(place[-1:] and place[-1], int) and isinstance(_at(source.data, place[:-1]), str):
            place = place[:-1]  # a text that the model takes for a list of one
        if kind == "too_short" and detail["input"]:
            continue  # pydantic counts items without faults only, and the others have been reported
        if source.is_reported(place[:-1] if kind in {"missing", "extra_forbidden"} else place):
            continue
        if kind == "missing":
            yield source.fault(place[:-1], f"'{place[-1]}' is missing", rule=item_id(source, place[:-1]))
        elif kind == "extra_forbidden":
            message = _unknown_key(str(place[-1]), _model_at(model, detail["loc"][:-1]))
            yield source.fault(place, message, rule=item_id(source, place), key=True)
        else:
            is_key = detail["loc"][-1:] == ("[key]",)
            message = f"{_subject(place, is_key=is_key)}{_sentence(detail, model)}"
            yield source.fault(place, message, rule=item_id(source, place), key=is_key)


def item_id(source: SourceFile, place: Place) -> str | None:
    """Return the id of the list item that a place is in, as far as it has one."""
    found = None
    for number, step in enumerate(place, start=1):
        item = _at(source.data, place[:number])
        if isinstance(step, int) and isinstance(item, dict) and isinstance(item.get("id"), str):
            found = quote(item["id"])
    return found


def _at(data: Any, place: Place) -> object:  # noqa: ANN401  whatever was written
    """Return what stands at a place, ``None`` if nothing does."""
    for step in place:
        try:
            data = data[step]
        except (LookupError, TypeError):
            return None
    return data


def quote(text: object, limit: int = 60) -> str:
    """Return text short enough for a message, on one line."""
    line = " ".join(str(text).split())
    return line if len(line) <= limit else f"{line[: limit - 1]}…"


def _subject(place: Place, *, is_key: bool) -> str:
    names = [step for step in place if isinstance(step, str)]
    if not names:
        return "the file " if not place else "this "
    if is_key:
        return f"the name '{quote(names[-1])}' "
    return f"an item of '{quote(names[-1])}' " if isinstance(place[-1], int) else f"'{quote(names[-1])}' "


def _sentence(detail: ErrorDetails, model: type[BaseModel]) -> str:
    kind, context = detail["type"], detail.get("ctx", {})
    if kind in {"model_type", "model_attributes_type", "dict_type"}:
        inner = None if kind == "dict_type" else _model_at(model, detail["loc"])
        keys = f": {', '.join(_keys(inner))}" if inner else ""
        return f"must be a group of keys, not {_what(detail['input'])}{keys}"
    if kind == "string_pattern_mismatch":
        return f"{_PATTERNS.get(context['pattern'], 'is not written as it must be')}; not '{quote(detail['input'])}'"
    if kind == "literal_error":
        choices = str(context["expected"]).replace(" or ", ", ").replace("'", "").split(", ")
        return f"can't be '{quote(detail['input'])}'; {near(str(detail['input']), choices)}"
    if kind == "value_error":
        message = str(context["error"])
        return message if message.startswith("must ") else f"is not right: {message}"
    if kind in _SENTENCES:
        return _SENTENCES[kind].format(what=_what(detail["input"]), **context)
    return _FAMILIES.get(kind.split("_", maxsplit=1)[0]) or f"is not right: {detail['msg']}"


def _what(value: object) -> str:
    if isinstance(value, dict):
        return "a group of keys"
    return "a list" if isinstance(value, (list, tuple)) else "text" if isinstance(value, str) else "nothing"


def _unknown_key(key: str, model: type[BaseModel] | None) -> str:
    if model is not None and key in getattr(model, "keys_of_the_main_file", ()):
        return f"'{key}' belongs in ruleset.yaml, not in a file of rules"
    if model is not None and key in getattr(model, "keys_that_went", ()):
        return str(model.keys_that_went[key].format(key=key))  # type: ignore[attr-defined]
    return f"unknown key '{quote(key)}'; {near(key, _keys(model) if model else ())}"


def _keys(model: type[BaseModel]) -> list[str]:
    return [field.alias or name for name, field in model.model_fields.items()]


def _model_at(model: type[BaseModel], location: tuple[int | str, ...]) -> type[BaseModel] | None:
    """Return the model that holds what is at a location of pydantic's, if one does."""
    here: type[BaseModel] | None = model
    is_name = False
    for step in location:
        if here is None or isinstance(step, int) or is_name:
            is_name = False
            continue
        field = next((f for name, f in here.model_fields.items() if (f.alias or name) == step), None)
        here = _model_in(field.annotation) if field else None
        is_name = field is not None and get_origin(field.annotation) is dict
    return here


def _model_in(annotation: Any) -> type[BaseModel] | None:  # noqa: ANN401  any type expression
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    return next((found for part in get_args(annotation) if (found := _model_in(part))), None)
