"""Write the dictionary behind ``strangle~``: triage_triggers/phrases/data/inflections-en.txt.

Run by hand, seldom, in an environment that has lemminflect 0.2.3 (its dictionary, not its neural network, is used)::

    python tools/inflections.py

The package itself never needs lemminflect. Whose data these are is told in the NOTICE beside the file.
"""

from __future__ import annotations

import csv
import gzip
import re
from collections import defaultdict
from pathlib import Path
from typing import TYPE_CHECKING, Final

from lemminflect import config

from triage_triggers.folding import fold_phrase

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

__all__: list[str] = []

_HERE: Final = Path(__file__).parent
_TARGET: Final = _HERE.parent / "triage_triggers" / "phrases" / "data" / "inflections-en.txt"
_HEADER: Final = "# Written by tools/inflections.py from lemminflect 0.2.3 and a supplement; see NOTICE. Don't edit.\n"
_WORD: Final = re.compile(r"[a-z]+")
# A transcript's spelling is the recogniser's, not the caller's: "recognise~" finds "recognized" as well.
_BRITISH_AMERICAN: Final = (("ise", "ize"), ("yse", "yze"), ("our", "or"))
_NO_PAIR: Final = frozenset({"prise", "tour"})

_Forms = dict[str, set[str]]


def _lemminflect() -> Iterator[tuple[str, str, set[str]]]:
    """Yield base word, part of speech and other forms of each verb, noun and adjective in lemminflect's dictionary."""
    with gzip.open(config.inflection_lu_fn, "rt", encoding="utf-8", newline="") as file:
        for base, part_of_speech, *forms in csv.reader(file):
            if _WORD.fullmatch(base) and part_of_speech != "adv":
                folded = {fold_phrase(form) for cell in forms for form in cell.split("/")}
                yield base, part_of_speech, {form for form in folded if _WORD.fullmatch(form)}


def _supplement() -> Iterator[tuple[str, set[str]]]:
    for line in (_HERE / "inflections_supplement.txt").read_text(encoding="ascii").splitlines():
        if not line.startswith("#"):
            base, *forms = line.split()
            yield base, set(forms)


def _collect() -> _Forms:
    forms: _Forms = defaultdict(set)
    verbs = set()
    for base, part_of_speech, others in _lemminflect():
        forms[base] |= others
        if part_of_speech == "verb":
            verbs.add(base)
    for base in verbs:
        forms[base] |= _doubled(base, forms[base])
    for british_ending, american_ending in _BRITISH_AMERICAN:
        for british in [word for word in forms if word.endswith(british_ending) and word not in _NO_PAIR]:
            american = british.removesuffix(british_ending) + american_ending
            if american in forms:
                forms[british] = forms[american] = forms[british] | forms[american] | {british, american}
    for base, others in _supplement():
        forms[base] |= others
    return forms


def _doubled(verb: str, forms: set[str]) -> set[str]:
    """Return "fuelled" beside "fueled", and the other way round, where a verb ends in one vowel and "l"."""
    if not re.search(r"[^aeiou][aeiou]l$", verb):
        return set()
    return {f"{verb}l{ending}" for ending in ("ed", "ing") if verb + ending in forms}


def _lines(forms: Mapping[str, set[str]]) -> Iterator[str]:
    for base in sorted(forms):
        others = sorted(forms[base] - {base})
        if others:
            yield " ".join([base, *(f"+{form[len(base) :]}" if form.startswith(base) else form for form in others)])


def main() -> None:
    """Write the dictionary."""
    _TARGET.write_text(_HEADER + "\n".join(_lines(_collect())) + "\n", encoding="ascii")


if __name__ == "__main__":
    main()
