"""Files that a crash can't spoil: one that only grows, to a size known to be on the disk, and one replaced whole."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from triage_triggers.errors import ResumeError

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["Journal", "put_in_place", "write_whole"]


class Journal:
    """A file that only grows, locked against a second writer.

    Args:
        path: The file.
        size: How much of it stands; what follows was written after the last checkpoint and is cut off.

    Raises:
        ResumeError: Another process is writing it, or less of it is there than should be.
    """

    def __init__(self, path: Path, size: int) -> None:
        self._path = path
        self._file = path.open("ab")
        try:
            _lock(self._file.fileno(), path)
            _check_size(path, size)
            self._file.truncate(size)
        except BaseException:
            self._file.close()
            raise

    def append(self, data: bytes) -> None:
        """Add to the file, sooner or later."""
        self._file.write(data)

    def sync(self) -> int:
        """Return the size of the file once all of it is on the disk."""
        self._file.flush()
        os.fsync(self._file.fileno())
        return self._path.stat().st_size

    def close(self) -> None:
        """Close the file."""
        self._file.close()


def write_whole(path: Path, data: bytes) -> None:
    """Write a file so that a crash leaves either what was there before or all of the new."""
    beside = path.with_name(f"{path.name}.new")
    with beside.open("wb") as file:
        file.write(data)
    put_in_place(beside, path)


def put_in_place(whole: Path, path: Path) -> None:
    """Give a finished file its name, and see that both are on the disk."""
    with whole.open("rb+") as file:
        os.fsync(file.fileno())
    whole.replace(path)
    if os.name == "posix":
        folder = os.open(path.parent, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)


def _check_size(path: Path, size: int) -> None:
    there = path.stat().st_size
    if there < size:
        raise ResumeError(f"{path}: only {there:,} of {size:,} bytes are left of what was written; begin anew")


def _lock(file: int, path: Path) -> None:
    try:
        import fcntl  # noqa: PLC0415  not on Windows
    except ModuleNotFoundError:  # pragma: no cover
        return
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        raise ResumeError(f"{path}: another process is writing these results just now") from None
