"""E-mail addresses, written or spoken ("jo dot bloggs at example dot com")."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["find_email_addresses"]

_WRITTEN: Final = re.compile(r"[\w.!#$%&'*+/=?^`{|}~-]{1,64}@(?:[^\W_][\w-]{0,62}\.){1,8}[^\W\d_]{2,24}(?![\w-])")
_SPACE: Final = r"\s{1,3}"
_ENDING: Final = rf"(?:com|net|org|info|eu|(?:co|org|ac){_SPACE}dot{_SPACE}uk|nhs{_SPACE}dot{_SPACE}(?:uk|net)|uk|ie)"
_SPOKEN: Final = re.compile(
    rf"(?<!\w)\w{{1,32}}(?:{_SPACE}(?:dot|underscore|dash|hyphen){_SPACE}\w{{1,32}}){{0,4}}{_SPACE}at{_SPACE}"
    rf"\w{{1,32}}(?:{_SPACE}dot{_SPACE}\w{{1,32}}){{0,3}}?{_SPACE}dot{_SPACE}{_ENDING}(?!\w)",
    re.IGNORECASE,
)


def find_email_addresses(text: str) -> Iterator[tuple[int, int]]:
    """Yield the spans of e-mail addresses.

    >>> list(find_email_addresses("jo@example.com, that's jo at example dot com"))
    [(0, 14), (23, 44)]
    """
    for pattern, sign in ((_WRITTEN, "@"), (_SPOKEN, " dot ")):
        if sign in text or (sign == " dot " and "dot" in text.casefold()):  # most texts hold neither
            for match in pattern.finditer(text):
                yield match.span()
