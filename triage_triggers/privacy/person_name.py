"""Names of people: those that are introduced as such, and, with the ``names`` extra, those a language model finds."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final, Protocol

from triage_triggers.errors import MissingExtraError, TriageTriggersError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

__all__ = ["NameModelError", "SpacyNames", "find_introduced_names"]

_CAPITALISED: Final = r"[A-Z][\w'’-]+(?:\s{1,3}[A-Z][\w'’-]+){0,2}"
_TITLED: Final = re.compile(rf"\b(?:Mr|Mrs|Ms|Miss|Dr|Mister|PC|Sgt)\.?\s{{1,3}}({_CAPITALISED})")
_RELATED: Final = re.compile(
    r"\b(?:[Hh]usband|[Ww]ife|[Pp]artner|[Bb]oyfriend|[Gg]irlfriend|[Ee]x|[Ss]on|[Dd]aughter|[Bb]rother|[Ss]ister|[Mm]um"
    rf"|[Dd]ad|called|named|known as)(?:,|\s{{1,3}}is|['’]s)?\s{{1,3}}({_CAPITALISED})"
)
_INTRODUCED: Final = re.compile(
    r"\b(?i:(?:first|last|full|sur|second|family)?\s?name(?:['’]?s|\s{1,3}is|\s{1,3}was|:))\s{1,3}(?i:is\s{1,3})?"
    r"([^\W\d_][\w'’-]*(?:\s{1,3}[A-Z][\w'’-]+){0,2})"
)
_NO_NAME_WORDS: Final = (
    "a an the my his her our your their its this that these it it's he she i i'm we they you me him them not no yes"
    " yeah on in at of for and or but so just really please sorry what who which withheld unknown redacted um uh er erm"
    " like spelt spelled being there calling going been mr mrs ms miss dr ok okay oh well"
)
_NO_NAMES: Final = frozenset(_NO_NAME_WORDS.split())
_IN_A_SENTENCE: Final = frozenset({"I", "He", "She", "It", "They", "We", "You", "The", "And", "But", "No", "Yes", "Oh"})


class NameModelError(TriageTriggersError, ValueError):
    """A name model can't be loaded, or is none."""


class NameFinder(Protocol):
    """Anything that finds names: an adapter around a recogniser of your own."""

    def find(self, text: str) -> Iterable[tuple[int, int]]:
        """Yield the spans of the names in a text, as half-open code points."""


def find_introduced_names(text: str) -> Iterator[tuple[int, int]]:
    """Yield the spans of names that are said to be names: "my name is …", "Mr …", "my husband …".

    A name in passing is missed, and in small letters a second name; for those there is :class:`SpacyNames`.

    >>> list(find_introduced_names("My name's Sam Doe and my husband Alex hit me."))
    [(33, 37), (10, 17)]
    """
    for pattern in (_TITLED, _RELATED, _INTRODUCED):
        for match in pattern.finditer(text):
            words = match[1].split()
            if words[0].lower() in _NO_NAMES or _begins_a_sentence(words[0]):
                continue
            start, end = match.span(1)
            behind = [at for at, word in enumerate(words) if at and _begins_a_sentence(word)]
            if behind:  # "my name is Sam I need help"
                end = start + len(match[1].split(words[behind[0]])[0].rstrip())
            yield start, end


def _begins_a_sentence(word: str) -> bool:
    """Tell "I've" and "He" from a name."""
    return word.replace("’", "'").split("'")[0] in _IN_A_SENTENCE


class SpacyNames:
    """Names by a spaCy pipeline: one with a named-entity recogniser, or any whose entities are labelled ``PERSON``.

    Args:
        pipeline: What ``spacy.load`` takes, such as ``"en_core_web_sm"`` or a folder; or a loaded pipeline.

    Raises:
        MissingExtraError: spaCy is not installed.
        NameModelError: There is no such pipeline, or it labels no people.
    """

    LABELS: Final = frozenset({"PERSON", "PER"})

    def __init__(self, pipeline: Any) -> None:  # noqa: ANN401  a path, a name or a spacy.Language
        self._pipeline = _load(pipeline) if isinstance(pipeline, str) else pipeline
        if not {"ner", "entity_ruler"} & set(self._pipeline.pipe_names):
            raise NameModelError("this spaCy pipeline finds no names: it has neither 'ner' nor 'entity_ruler'")

    def find(self, text: str) -> Iterator[tuple[int, int]]:
        """Yield the spans of people's names in a text; a text longer than the pipeline takes is cut at spaces."""
        at, longest = 0, min(self._pipeline.max_length, 100_000)
        while at < len(text):
            end = len(text) if len(text) - at <= longest else (text.rfind(" ", at, at + longest) + 1 or at + longest)
            for entity in self._pipeline(text[at:end]).ents:
                if entity.label_ in self.LABELS:
                    yield at + entity.start_char, at + entity.end_char
            at = end


def _load(pipeline: str) -> Any:  # noqa: ANN401  spaCy is not installed everywhere
    try:
        import spacy  # noqa: PLC0415  the extra may not be installed
    except ModuleNotFoundError:
        raise MissingExtraError("finding names with a language model", "names") from None
    try:
        return spacy.load(pipeline)
    except (OSError, ValueError):
        raise NameModelError(
            f"there is no spaCy pipeline '{pipeline}' here; install one, such as en_core_web_sm, or give its folder"
        ) from None
