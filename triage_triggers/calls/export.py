"""What the readers of JSON exports share: the document, the base of its models, and errors that name a place in it."""

from __future__ import annotations

from typing import Annotated, Any, Final, TypeVar

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError

from triage_triggers.errors import CallError

__all__ = ["Export", "Milliseconds", "Seconds", "read_export"]

_EXPECTED: Final = {
    "missing": "expected here, but it is not there",
    "string_type": "expected text",
    "list_type": "expected a list, […]",
    "model_type": "expected an object, {…}",
    "model_attributes_type": "expected an object, {…}",
    "dict_type": "expected an object, {…}",
    "greater_than_equal": "expected a time that is not before the call",
    "finite_number": "expected a finite number",
    "int_type": "expected a whole number",
    "int_parsing": "expected a whole number",
    "int_from_float": "expected a whole number",
    "float_type": "expected a number",
    "float_parsing": "expected a number",
}
_MOST_FAULTS: Final = 3


class Export(BaseModel):
    """Base of the models: exports have many keys that are none of ours."""

    model_config = ConfigDict(extra="ignore", frozen=True)


def _no_truth_value(value: object) -> object:
    if isinstance(value, bool):
        raise ValueError("expected a number")  # noqa: TRY004  Pydantic reports ValueErrors
    return value


Seconds = Annotated[float, Field(ge=0, allow_inf_nan=False), BeforeValidator(_no_truth_value)]
"""Seconds from the start of the call; AWS writes them as text."""
Milliseconds = Annotated[float, Field(ge=0, allow_inf_nan=False), BeforeValidator(_no_truth_value)]
"""Milliseconds from the start of the call."""

Model = TypeVar("Model", bound=Export)


def read_export(document: object, model: type[Model], what: str, file: str) -> Model:
    """Return the export that a JSON document is.

    Args:
        document: What the file holds.
        model: What it should be.
        what: What to call it in an error, such as "an AWS Transcribe export".
        file: What to call the file in an error.

    Raises:
        CallError: It is not; names the file, the places in it and what was expected there, and quotes no value.
    """
    try:
        return model.model_validate(document)
    except ValidationError as error:
        faults = [_described(dict(fault)) for fault in error.errors(include_url=False, include_input=False)]
        more = f" (and {len(faults) - _MOST_FAULTS:,} more)" if len(faults) > _MOST_FAULTS else ""
        raise CallError(f"{file}: this is not quite {what}: {'; '.join(faults[:_MOST_FAULTS])}{more}") from None


def _described(fault: dict[str, Any]) -> str:
    place = ""
    for part in fault["loc"]:
        place += f"[{part}]" if isinstance(part, int) else f".{part}"
    expected = _EXPECTED.get(fault["type"])
    if expected is None:  # our own messages; Pydantic's others are not known to quote nothing
        expected = str(fault["ctx"]["error"]) if fault["type"] == "value_error" else "this is not as expected"
    return f"{place.removeprefix('.') or 'the whole file'}: {expected}"
