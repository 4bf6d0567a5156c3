"""Whether the file beside a log that holds its newest entries, SQLite's write-ahead log, lost any to damage.

SQLite takes the first frame that does not fit for the end, and in silence drops what comes after: right after a crash,
wrong after damage, for then entries are gone that were on the disk. The difference shows: behind a crash there is no
frame that ends a transaction. Format: https://www.sqlite.org/fileformat2.html#the_write_ahead_log
"""

from __future__ import annotations

import struct
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

__all__ = ["wal_damage"]

_HEADER: Final = struct.Struct(">8I")  # magic, version, page size, checkpoint, two salts, two parts of a checksum
_FRAME: Final = struct.Struct(">6I")  # page, pages of the database at the end of a transaction or 0, salts, checksum
_LITTLE_ENDIAN: Final = 0x377F0682  # the magic number; one more where checksums are made of big-endian words
_MASK: Final = 0xFFFFFFFF


def wal_damage(log: Path) -> str | None:
    """Return what is wrong with the write-ahead log of a decision log, or ``None``: also where there is none.

    Damage to the very last frame can't be told from a crash while it was written, and is not reported.
    """
    try:
        content = log.with_name(f"{log.name}-wal").read_bytes()
    except FileNotFoundError:
        return None
    if len(content) < _HEADER.size + _FRAME.size:
        return None
    magic, _, page_size, _, *salts, first, second = _HEADER.unpack_from(content)
    if magic & ~1 != _LITTLE_ENDIAN or not _is_page_size(page_size):
        return _BEGINNING
    words = "<" if magic == _LITTLE_ENDIAN else ">"
    checksum = _checksum(content[: _HEADER.size - 8], words, (0, 0))
    if checksum != (first, second):
        return _BEGINNING
    ended = False
    for head, page in _frames(content, page_size):
        _, ends, salt1, salt2, first, second = _FRAME.unpack(head)
        is_of_this_run = [salt1, salt2] == salts
        if ended:
            if is_of_this_run and ends:
                return f"the file {log.name}-wal is damaged, so that entries at the log's end are lost"
            continue
        checksum = _checksum(page, words, _checksum(head[:8], words, checksum)) if is_of_this_run else checksum
        ended = not is_of_this_run or checksum != (first, second)
    return None


_BEGINNING: Final = (
    "the file -wal beside the log is damaged at its beginning, so that entries at the log's end are lost"
)


def _is_page_size(size: int) -> bool:
    return 512 <= size <= 65_536 and size & (size - 1) == 0  # noqa: PLR2004  SQLite's limits


def _frames(content: bytes, page_size: int) -> Iterator[tuple[bytes, bytes]]:
    size = _FRAME.size + page_size
    for start in range(_HEADER.size, len(content) - size + 1, size):
        yield content[start : start + _FRAME.size], content[start + _FRAME.size : start + size]


def _checksum(content: bytes, words: str, start: tuple[int, int]) -> tuple[int, int]:
    one, other = start
    numbers = iter(struct.unpack(f"{words}{len(content) // 4}I", content))
    for even, odd in zip(numbers, numbers, strict=True):
        one = (one + even + other) & _MASK
        other = (other + odd + one) & _MASK
    return one, other
