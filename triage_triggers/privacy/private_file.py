"""Files that may hold what was said: their owner alone may read them, and they appear when they are complete."""

from __future__ import annotations

import os
import tempfile
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["create_private", "naming", "unfinished_file", "write_private"]

PRIVATE: int = 0o600


def create_private(path: Path) -> bool:
    """Create an empty file that its owner alone may read and write; return whether there was none.

    No link is followed, so that nobody can plant one and have the file elsewhere.

    >>> with tempfile.TemporaryDirectory() as folder:
    ...     new = Path(folder, "new")
    ...     create_private(new), oct(new.stat().st_mode & 0o777), create_private(new)
    (True, '0o600', False)
    """
    try:
        os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, PRIVATE))
    except FileExistsError:
        return False
    return True


@contextmanager
def naming(path: Path) -> Iterator[None]:
    """Have an error of the operating system name the file wanted: of a full disk it names none by itself."""
    try:
        yield
    except OSError as error:
        if type(error).__module__ != "builtins" or error.errno is None:
            raise
        raise OSError(error.errno, error.strerror, str(path)) from error


@contextmanager
def unfinished_file(path: Path) -> Iterator[Path]:
    """Give an empty private file beside the one wanted, which takes its place when all went well, or else goes.

    An existing file is replaced, with what its owner allowed others; a link is, too, and what it points to is not
    touched.

    >>> with tempfile.TemporaryDirectory() as folder:
    ...     with unfinished_file(Path(folder, "new.txt")) as unfinished:
    ...         _ = unfinished.write_text("He hit me.")
    ...     [(file.name, oct(file.stat().st_mode & 0o777)) for file in Path(folder).iterdir()]
    [('new.txt', '0o600')]
    """
    with naming(path):
        handle, name = tempfile.mkstemp(prefix=f".{path.name[:80]}.", suffix=".unfinished", dir=path.parent)
        os.close(handle)
        unfinished = Path(name)
        try:
            yield unfinished
            if path.is_file() and not path.is_symlink():
                unfinished.chmod(path.stat().st_mode & 0o777)
            unfinished.replace(path)
        finally:
            unfinished.unlink(missing_ok=True)


def write_private(path: Path, text: str) -> None:
    """Write a text file all at once; a new one can be read by its owner alone."""
    with unfinished_file(path) as unfinished:
        unfinished.write_text(text, encoding="utf-8", newline="\n")
