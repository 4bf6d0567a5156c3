"""Where rulesets live, and how they are found by id."""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import TYPE_CHECKING, Final

from triage_triggers.documents.fields import IDENTIFIER
from triage_triggers.errors import RulesetNotFoundError, near

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

__all__ = ["find_ruleset", "shipped_folder", "shipped_rulesets"]

_PACKAGE: Final = Path(__file__).parents[1]
_MAIN_FILE: Final = "ruleset.yaml"
_ENDINGS: Final = (".yaml", ".yml")


def shipped_folder() -> Path:
    """Return the folder of the rulesets that come with the package: inside a wheel, or beside the code in a checkout.

    >>> (shipped_folder() / "codes").is_dir()
    True
    """
    installed = _PACKAGE / "_rulesets"
    return installed if installed.is_dir() else _PACKAGE.parent / "rulesets"


def shipped_rulesets() -> tuple[str, ...]:
    """Return the ids of the rulesets that come with the package, sorted.

    >>> "codes" in shipped_rulesets()  # ladders, not rulesets
    False
    """
    return tuple(sorted(_ids(shipped_folder())))


def find_ruleset(source: str | Path, search: Iterable[str | Path] = (), *, beside: Path | None = None) -> Path:
    """Return the file or folder of a ruleset.

    A plain word is an id first, looked for in the folders of ``search`` and then among the shipped ones, so that a
    folder which happens to have that name where you stand can't take a ruleset's place unnoticed. Anything with a
    path separator or a YAML ending, and every ``Path``, is a path, relative to ``beside`` if that is given.

    Raises:
        RulesetNotFoundError: There is none; the message suggests near ids.
    """
    text = os.fspath(source)
    is_path = isinstance(source, Path) or "/" in text or os.sep in text or text.lower().endswith(_ENDINGS)
    folders = [Path(folder) for folder in search] + [shipped_folder()]
    if not is_path and re.match(IDENTIFIER, text):
        for folder in folders:
            for candidate in (folder / text / _MAIN_FILE, *(folder / f"{text}{ending}" for ending in _ENDINGS)):
                if os.path.isfile(candidate):  # noqa: PTH113  Path.is_file raises where a name is too long
                    return candidate.parent if candidate.name == _MAIN_FILE else candidate
    path = (beside / text) if beside else Path(text)
    if text and os.path.exists(path):  # noqa: PTH110  Path.exists raises where a name is too long
        return path.parent if path.name == _MAIN_FILE and not path.is_dir() else path
    if is_path:
        raise RulesetNotFoundError(f"there is no file or folder {text!r}")
    known = {name for folder in folders for name in _ids(folder)}
    raise RulesetNotFoundError(f"there is no ruleset {text!r}; {near(text, known)}")


def _ids(folder: Path) -> Iterator[str]:
    """Yield the ids that a folder of rulesets offers; a folder that can't be read offers none."""
    try:
        entries = list(folder.iterdir())
    except OSError:
        return
    for entry in entries:
        name = entry.stem if entry.suffix in _ENDINGS else entry.name
        main = entry / _MAIN_FILE if entry.is_dir() else entry
        if re.match(IDENTIFIER, name) and main.suffix in _ENDINGS and os.path.isfile(main):  # noqa: PTH113  see above
            yield name
