"""Who is who: the labels that files give speakers, and the speakers they stand for."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final, Self, cast

from triage_triggers.calls.call import SPEAKERS, Speaker
from triage_triggers.errors import CallError

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

__all__ = ["SpeakerNames", "UnmappedSpeaker"]

_SPEAKER_OF: Final[Mapping[str, Speaker]] = {name.replace("_", " "): name for name in SPEAKERS}
_USUAL: Final[Mapping[str, Speaker]] = {
    **_SPEAKER_OF,
    "agent": "call_taker",
    "call handler": "call_taker",
    "calltaker": "call_taker",
    "dispatcher": "call_taker",
    "operator": "call_taker",
    "911 operator": "call_taker",
    "911 dispatcher": "call_taker",
    "999 operator": "call_taker",
    "customer": "caller",
    "background": "other",
}
_MAPPED: Final = re.compile(r"(.*?)=([^,=]*)(?:,|$)", re.DOTALL)
"""A label, in which commas may stand, and its speaker."""


class UnmappedSpeaker(str):
    """The speaker ``unknown`` that an unmapped label stands for; remembers the label while a file is read."""

    __slots__ = ("label",)
    label: str

    def __new__(cls, label: str) -> Self:  # noqa: D102  it says what the class does
        speaker = super().__new__(cls, "unknown")
        speaker.label = label
        return speaker


@dataclass(frozen=True, slots=True)
class SpeakerNames:
    """Which label stands for which speaker; labels nobody mapped stand for ``unknown``, which is always safe.

    Capitals, and whether words are joined by spaces, ``_`` or ``-``, make no difference. Known from the start, and
    open to be mapped anew: our own names, ``agent``, ``call handler``, ``dispatcher``, ``operator`` for the call-taker,
    ``customer`` for the caller, ``background`` for others. A label that is empty, mapped to two speakers or to none of
    ours is a ``CallError``.

    >>> names = SpeakerNames({"spk_0": "call_taker"})
    >>> names["SPK 0"], names["Agent"], names["spk_1"]
    ('call_taker', 'call_taker', 'unknown')
    """

    names: Mapping[str, str] = field(default_factory=dict, repr=False, compare=False)
    _known: Mapping[str, Speaker] = field(init=False)

    def __post_init__(self) -> None:
        own: dict[str, Speaker] = {}
        for label, name in self.names.items():
            speaker = _SPEAKER_OF.get(_fold(name))
            if speaker is None:
                raise CallError(f"a speaker must be mapped to one of {', '.join(SPEAKERS)}, such as 'Agent=call_taker'")
            if not _fold(label):
                raise CallError("a speaker's label is empty; write it before the '=', such as 'Agent=call_taker'")
            if own.setdefault(_fold(label), speaker) != speaker:
                raise CallError("one speaker's label is mapped to two speakers; keep one of the two")
        known = {**_USUAL, **own}
        # Most labels are written as they are here, and need no folding.
        object.__setattr__(self, "_known", known | {name: known[_fold(name)] for name in SPEAKERS})

    @classmethod
    def parse(cls, options: Iterable[str]) -> SpeakerNames:
        """Read what people type: ``LABEL=SPEAKER``, once for each label, or several with commas between them.

        >>> names = SpeakerNames.parse(["Speaker 1=caller", "Doe, Sam=other,Agent=call_taker"])
        >>> names["speaker_1"], names["Doe, Sam"], names["agent"]
        ('caller', 'other', 'call_taker')
        """
        names: dict[str, str] = {}
        for option in options:
            if _MAPPED.sub("", option).strip(", "):
                raise CallError("a speaker is mapped by LABEL=SPEAKER, such as 'Agent=call_taker'")
            for label, speaker in _MAPPED.findall(option):
                if names.setdefault(label.strip(), speaker) != speaker:
                    raise CallError("one speaker's label is mapped to two speakers; keep one of the two")
        return cls(names)

    def get(self, label: str) -> Speaker | None:
        """Return whose a label is; ``None`` where nobody knows."""
        return self._known.get(label) or self._known.get(_fold(label))

    def __contains__(self, label: str) -> bool:
        return self.get(label) is not None

    def __getitem__(self, label: str | None) -> Speaker:
        return "unknown" if label is None else self.get(label) or cast("Speaker", UnmappedSpeaker(label))


def _fold(label: str) -> str:
    return " ".join(label.casefold().replace("_", " ").replace("-", " ").split())
