"""All recognisers together, on a text or on a whole call."""

from __future__ import annotations

import re
from bisect import bisect_left
from itertools import chain, groupby
from typing import TYPE_CHECKING, Final, NamedTuple

from triage_triggers.privacy.addresses import find_email_addresses, find_postcodes, find_street_addresses
from triage_triggers.privacy.numbers import (
    find_extensions,
    find_hospital_numbers,
    find_insurance_numbers,
    find_nhs_numbers,
    find_registrations,
    find_telephone_numbers,
)
from triage_triggers.privacy.person import find_birth_dates, find_introduced_names

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    from triage_triggers.calls.call import Call, Utterance
    from triage_triggers.privacy.person import NameFinder

__all__ = ["KINDS", "Identifier", "Scanner", "Sighting"]

_RECOGNISERS: Final[Mapping[str, Callable[[str], Iterable[tuple[int, int]]]]] = {
    "nhs_number": find_nhs_numbers,
    "telephone_number": lambda text: chain(find_telephone_numbers(text), find_extensions(text)),
    "postcode": find_postcodes,
    "email_address": find_email_addresses,
    "date_of_birth": find_birth_dates,
    "street_address": find_street_addresses,
    "name": find_introduced_names,
    "vehicle_registration": find_registrations,
    "national_insurance_number": find_insurance_numbers,
    "hospital_number": find_hospital_numbers,
}
KINDS: Final = tuple(_RECOGNISERS)
"""What is looked for."""

_BETWEEN: Final = " "
_ASIDE: Final = " | "
"""Between what somebody else said before and a run: no number runs across it, but a question may lead to a date."""
_REACH: Final = 60
_MASKED: Final = re.compile(r"(?:[xX]|[\W_])*")
_LEAST_NUMBER: Final = 10**7
"""Smaller numbers in metadata are counts, ages and scores."""


class Identifier(NamedTuple):
    """What may identify somebody: its kind, and where it stands, as half-open code points."""

    kind: str
    start: int
    end: int


class Sighting(NamedTuple):
    """An identifier in a call: in utterance ``utterance``, or in the field or metadata that ``field`` names.

    ``field`` is ``text`` for utterances, else ``call_id``, ``current_code``, ``code_system`` or a path into the
    metadata such as ``metadata.notes[2]``; in the name of a column it ends in ``#name``.
    """

    kind: str
    field: str
    utterance: int | None
    start: int
    end: int


class Scanner:
    """Looks for identifiers with every recogniser; immutable. ``names`` finds names beside those that are introduced.

    >>> Scanner().find("I'm on 07700 900123.")
    (Identifier(kind='telephone_number', start=7, end=19),)
    """

    __slots__ = ("_names",)

    def __init__(self, names: NameFinder | None = None) -> None:
        self._names = () if names is None else (("name", names.find),)

    def find(self, text: str) -> tuple[Identifier, ...]:
        """Return the identifiers of a text in order; where two overlap, the longer one."""
        kept: list[Identifier] = []
        starts: list[int] = []
        for found in sorted(self.all(text), key=lambda found: (found.start - found.end, found.start, found.kind)):
            at = bisect_left(starts, found.start)
            clear_before = at == 0 or kept[at - 1].end <= found.start
            if clear_before and (at == len(kept) or found.end <= starts[at]):
                kept.insert(at, found)
                starts.insert(at, found.start)
        return tuple(kept)

    def all(self, text: str) -> Iterator[Identifier]:
        """Yield every identifier, overlapping ones too: what a redaction masks."""
        for kind, find in (*_RECOGNISERS.items(), *self._names):
            for start, end in find(text):
                if not _MASKED.fullmatch(text, start, end):  # what a redaction has masked is nobody's any more
                    yield Identifier(kind, start, end)

    def sightings(self, call: Call) -> Iterator[Sighting]:
        """Yield what is found in a call: its utterances, its id and codes, and its metadata with their names.

        What runs on into the same speaker's next utterances is a sighting in each.
        """
        yield from self._said(call.utterances, self.find)
        for field in ("call_id", "current_code", "code_system"):
            for found in self.find(getattr(call, field) or ""):
                yield Sighting(found.kind, field, None, found.start, found.end)
        for field, shown, value in walk("metadata", call.metadata):
            for found in self.find_value(shown, value):
                yield Sighting(found.kind, field, None, found.start, found.end)

    def find_value(self, column: str, value: str, *, overlapping: bool = False) -> tuple[Identifier, ...]:
        """Return the identifiers of a cell, for whose kind its column's name may speak: "dob", "address"."""
        before = f"{column}: "
        found = [
            Identifier(kind, max(start - len(before), 0), end - len(before))
            for kind, start, end in (self.all if overlapping else self.find)(before + value)
        ]
        return tuple(part for part in found if part.end > 0)

    def spans(self, call: Call) -> list[list[tuple[int, int]]]:
        """Return for each utterance what must be masked in it, overlapping spans too."""
        spans: list[list[tuple[int, int]]] = [[] for _ in call.utterances]
        for sighting in self._said(call.utterances, self.all):
            spans[sighting.utterance or 0].append((sighting.start, sighting.end))
        return spans

    def _said(self, utterances: Sequence[Utterance], find: Callable[[str], Iterable[Identifier]]) -> Iterator[Sighting]:
        """Look through one speaker's utterances as one text, as numbers are cut in two where recognisers cut speech."""
        before = ""
        for _, run in groupby(enumerate(utterances), key=lambda numbered: numbered[1].speaker):
            numbered = list(run)
            before = before[-_REACH:] + _ASIDE
            for found in find(before + _BETWEEN.join(utterance.text for _, utterance in numbered)):
                at = len(before)
                for number, utterance in numbered:
                    start, end = max(found.start - at, 0), min(found.end - at, len(utterance.text))
                    if start < end:
                        yield Sighting(found.kind, "text", number, start, end)
                    at += len(utterance.text) + len(_BETWEEN)
            before = numbered[-1][1].text


def walk(field: str, value: object, column: str = "") -> Iterator[tuple[str, str, str]]:
    """Yield each text and long number in a call's metadata, with its path and the name of its column; names too."""
    if isinstance(value, dict):
        for key, part in value.items():
            yield f"{field}.{key}#name", "", str(key)
            yield from walk(f"{field}.{key}", part, str(key))
    elif isinstance(value, (list, tuple)):
        for at, part in enumerate(value):
            yield from walk(f"{field}[{at}]", part, column)
    elif (text := as_text(value)) is not None:
        yield field, column, text


def as_text(value: object) -> str | None:
    """Return a text, or a number that may be somebody's as text; ``None`` for all else."""
    if isinstance(value, str):
        return value
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    if isinstance(value, int) and not isinstance(value, bool) and abs(value) >= _LEAST_NUMBER:
        return str(value)
    return None
