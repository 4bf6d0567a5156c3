"""A local ruleset over another: what it adds, what it replaces, what it switches off."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, Literal, TypeVar

from triage_triggers.documents.faults import quote
from triage_triggers.errors import Fault, near
from triage_triggers.ruleset.draft import Draft, DraftEntry

if TYPE_CHECKING:
    from collections.abc import Mapping

    from triage_triggers.ruleset.definition import Then
    from triage_triggers.ruleset.document import WrittenLine

__all__ = ["lay_over"]

Item = TypeVar("Item")
_NOUNS: Final = {"rules": "rule", "signs": "sign", "tally": "tally line", "then": "then line"}


def lay_over(base: Draft, own: Draft, faults: list[Fault]) -> Draft:
    """Return ``own`` laid over ``base``: an id that ``base`` has is replaced in its place, a new one added at the end.

    ``disable`` removes; ``codes`` says what the codes of the lines taken over become. To switch off what ``base``
    does not have, or what ``own`` itself defines, is a fault: the author believes something that is not so. What is
    said of the ruleset itself (title, status, approval, ...) is its own; only ``language`` and ``code_system`` are
    taken over where they are left out.
    """
    head = own.head
    if head is not None and base.head is not None:
        inherited = {"language": base.head.language, "code_system": base.head.code_system}
        head = head.model_copy(update={key: value for key, value in inherited.items() if getattr(head, key) is None})
    return Draft(
        own.main,
        head,
        {**base.vocabulary, **own.vocabulary},
        {**base.lists, **own.lists},
        _merged("rules", base.rules, own.rules, own, faults),
        _merged("signs", base.signs, own.signs, own, faults),
        {**base.thresholds, **own.thresholds},
        _merged("tally", base.tally, _completed(base.tally, own.tally), own, faults),
        _merged("then", _recoded(base.then, own, faults), own.then, own, faults),
    )


def _completed(
    base: Mapping[str, DraftEntry[WrittenLine]], own: Mapping[str, DraftEntry[WrittenLine]]
) -> dict[str, DraftEntry[WrittenLine]]:
    """Return an overlay's lines of the tally; one that finds nothing itself changes what it names of the other."""
    completed = dict(own)
    for name, entry in own.items():
        before = base[name].item if name in base else None
        line = entry.item
        if line is not None and before is not None and not line.find:
            changed = {key: getattr(line, key) for key in line.model_fields_set}
            completed[name] = entry._replace(item=before.model_copy(update=changed))
    return completed


def _recoded(base: Mapping[str, DraftEntry[Then]], overlay: Draft, faults: list[Fault]) -> dict[str, DraftEntry[Then]]:
    """Return the extended ruleset's lines of ``then`` with the codes that the overlay puts in the place of theirs."""
    codes = overlay.head.codes if overlay.head is not None else None
    if codes is None:
        return dict(base)
    off = overlay.head.disable.then if overlay.head and overlay.head.disable else ()
    recoded: dict[str, DraftEntry[Then]] = {}
    missing: dict[str, list[str]] = {}
    for name, entry in base.items():
        code = entry.item.suggest if entry.item is not None else None
        if code is None or entry.item is None:
            recoded[name] = entry
        else:
            if code not in codes and name not in overlay.then and name not in off:
                missing.setdefault(code, []).append(name)
            recoded[name] = entry._replace(item=entry.item.model_copy(update={"suggest": codes.get(code, code)}))
    for code, names in sorted(missing.items()):
        message = (
            f"nothing is said of '{quote(code)}', which {' and '.join(map(quote, names))} suggest; add '{code}: ...'"
        )
        faults.append(overlay.main.fault(("codes",), message, key=True))
    return recoded


def _merged(
    section: Literal["rules", "signs", "tally", "then"],
    base: Mapping[str, DraftEntry[Item]],
    own: Mapping[str, DraftEntry[Item]],
    overlay: Draft,
    faults: list[Fault],
) -> dict[str, DraftEntry[Item]]:
    off: tuple[str, ...] = ()
    if overlay.head is not None and overlay.head.disable is not None:
        off = getattr(overlay.head.disable, section)
    noun = _NOUNS[section]
    for index, name in enumerate(off):
        message = None
        if name not in base:
            message = f"there is no {noun} '{quote(name)}' to switch off; {near(name, base)}"
        elif name in own:
            message = f"the {noun} '{quote(name)}' is switched off here and also defined in this ruleset; keep one"
        if message:
            faults.append(overlay.main.fault(("disable", section, index), message))
    merged = {name: own.get(name, entry) for name, entry in base.items() if name not in off}
    return merged | {name: entry for name, entry in own.items() if name not in merged and name not in off}
