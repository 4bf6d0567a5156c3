"""All forms of a word: what ``strangle~`` stands for."""

from __future__ import annotations

from bisect import bisect_left
from difflib import get_close_matches
from functools import cache
from importlib.resources import files
from typing import Final

from triage_triggers.folding import fold_phrase

__all__ = ["Inflector"]

_FILES: Final = {"en": "inflections-en.txt"}


class Inflector:
    """The inflections of one language, looked up in a dictionary that travels with the package.

    A line of the dictionary is a base word and its other forms, "+ed" for a form that only adds letters. Lines are in
    order, so that a word is found by halving them: a table of all would cost more than all look-ups of a ruleset.

    >>> Inflector.for_language("en-GB").forms("strangle")
    ('strangle', 'strangled', 'strangles', 'strangling')
    """

    def __init__(self, dictionary: str) -> None:
        self._lines = dictionary.splitlines()

    @staticmethod
    @cache
    def for_language(language: str) -> Inflector:
        """Return the inflector of a language by its tag; regions make no difference.

        Raises:
            LookupError: There is none.
        """
        name = _FILES.get(language.partition("-")[0].lower())
        if name is None:
            message = f"'~' knows no words of the language '{language}': write the forms out, as in (hit|hits|hitting)"
            raise LookupError(message)
        return Inflector(files(__package__).joinpath("data", name).read_text(encoding="ascii"))

    def forms(self, word: str) -> tuple[str, ...]:
        """Return all forms of a base word, itself included: folded and sorted.

        A word that is noun and verb has the forms of both.

        Raises:
            LookupError: The dictionary does not have the word; the message says what to write instead.

        >>> Inflector.for_language("en").forms("knife")
        ('knife', 'knifed', 'knifes', 'knifing', 'knives')
        """
        base = fold_phrase(word)
        at = bisect_left(self._lines, f"{base} ")
        line = self._lines[at] if at < len(self._lines) else ""
        if not base or " " in base or not line.startswith(f"{base} "):
            raise LookupError(self._unknown(word, base))
        return tuple(sorted(set(_forms_in(line))))

    def all_forms(self) -> frozenset[str]:
        """Return every word of the dictionary in all its forms.

        >>> {"walked", "knives"} <= Inflector.for_language("en").all_forms()
        True
        """
        return frozenset(form for line in self._lines for form in _forms_in(line))

    def _unknown(self, word: str, base: str) -> str:
        known, bases = [], []
        for line in self._lines:
            # A rule book full of mistakes must not take minutes, so lines that can't help are not taken apart.
            if line[0] == base[:1] or f" {base}" in line:
                lemma, *others = _forms_in(line)
                known.append(lemma)
                if base in others:
                    bases.append(f"{lemma}~")
        if bases:
            return f"'~' follows the base word: write {' or '.join(bases)} rather than {word}~"
        close = " or ".join(f"{lemma}~" for lemma in get_close_matches(base, known, n=3, cutoff=0.8))
        hint = f"did you mean {close}? If not, " if close else ""
        return f"no inflections of '{word}' are known: {hint}write the forms out, as in (hit|hits|hitting)"


def _forms_in(line: str) -> list[str]:
    base, *others = line.split()
    return [base, *(base + form[1:] if form[0] == "+" else form for form in others)]
