"""A new repository for a ruleset: rules that lint and test clean, and everything that keeps them so."""

from __future__ import annotations

import json
import os
import re
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Final, NamedTuple

from triage_triggers.documents.catalogue import find_ruleset
from triage_triggers.documents.fields import IDENTIFIER
from triage_triggers.errors import RulesetNotFoundError
from triage_triggers.ladders.ladder import load_ladder
from triage_triggers.ruleset.loading import load_ruleset
from triage_triggers.ruleset.schema import rules_schema, ruleset_schema, vocabulary_schema
from triage_triggers.version import __version__

if TYPE_CHECKING:
    from datetime import date

__all__ = ["Order", "write_repository"]

_COMMON: Final = {
    "README.md": "README.md",
    "requirements.txt": "requirements.txt",
    "gitignore": ".gitignore",
    "pre-commit-config.yaml": ".pre-commit-config.yaml",
    "github.yml": ".github/workflows/ruleset.yml",
    "gitlab.yml": ".gitlab-ci.yml",
    "vscode-settings.json": ".vscode/settings.json",
    "vscode-extensions.json": ".vscode/extensions.json",
    "calls.jsonl": "calls.jsonl",
    "words.yaml": "ruleset/vocabulary/words.yaml",
}
_STANDALONE: Final = {
    "ruleset.yaml": "ruleset/ruleset.yaml",
    "strangulation.yaml": "ruleset/rules/strangulation.yaml",
    "weapon.yaml": "ruleset/rules/weapon.yaml",
    "relationship.yaml": "ruleset/rules/relationship.yaml",
}
_OVERLAY: Final = {"overlay.yaml": "ruleset/ruleset.yaml", "local.yaml": "ruleset/rules/local.yaml"}
"""From the template's file to the repository's. Names that start with a dot are easily lost on the way in a wheel."""


class Order(NamedTuple):
    """What is wanted: the ruleset's id and title, the ladder of its codes, and what it extends, if anything.

    ``code_system`` goes with rulesets that extend none; ``extends`` is an id or a path.
    """

    id: str
    title: str
    review_by: date
    code_system: str = "nhs-arp"
    extends: str | None = None


def write_repository(folder: Path, order: Order) -> tuple[Path, ...]:
    """Write a repository into a folder that is new or empty, and return its files, relative to the folder.

    Raises:
        FileExistsError: The folder holds something already; nothing is written.
        ValueError: The id is none.
        RulesetNotFoundError: There is no such ruleset to extend, or no such ladder.
        RulesetError: The ruleset to extend has faults.

    >>> import tempfile, datetime
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     order = Order("our-service", "Our service", datetime.date(2027, 6, 1), extends="uk-ambulance")
    ...     print(*sorted(path.name for path in write_repository(Path(folder), order) if path.suffix == ".yaml"))
    .pre-commit-config.yaml local.yaml ruleset.yaml words.yaml
    """
    if not re.fullmatch(IDENTIFIER, order.id):
        raise ValueError(f"'{order.id}' can't be an id: small letters, digits, '.', '_' and '-' only, a letter first")
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise FileExistsError(f"{folder} is there already and not empty; name a new folder")
    texts = _texts(folder, order)
    for name, text in texts.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return tuple(map(Path, texts))


def _texts(folder: Path, order: Order) -> dict[str, str]:
    values = _values(folder, order)
    source = files(__package__) / "files"
    wanted = _COMMON | (_STANDALONE if order.extends is None else _OVERLAY)
    texts = {
        target: re.sub("@([A-Z_]+)@", lambda found: values[found[1]], (source / name).read_text(encoding="utf-8"))
        for name, target in sorted(wanted.items())
    }
    for name, schema in (("ruleset", ruleset_schema), ("rules", rules_schema), ("vocabulary", vocabulary_schema)):
        texts[f"schemas/{name}.schema.json"] = f"{json.dumps(schema(), indent=2)}\n"
    return texts


def _values(folder: Path, order: Order) -> dict[str, str]:
    values = {
        "ID": order.id,
        "TITLE": json.dumps(order.title, ensure_ascii=False),  # a YAML string in double quotes is one of JSON's
        "HEADING": order.title,
        "VERSION": __version__,
        "REVIEW_BY": order.review_by.isoformat(),
    }
    extends = order.extends
    if extends is None:
        codes = load_ladder(order.code_system).suggestable
        if not codes:
            raise RulesetNotFoundError(f"the ladder {order.code_system} has no code that can be suggested")
        return values | {"CODE_SYSTEM": order.code_system, "CODE": codes[:2][-1]}
    values["CODE_SYSTEM"] = load_ruleset(extends, allow_withdrawn=True).code_system
    if not re.fullmatch(IDENTIFIER, extends) or extends.endswith((".yaml", ".yml")):  # a path, so from its own folder
        relative = os.path.relpath(find_ruleset(extends).resolve(), (folder / "ruleset").resolve())
        extends = Path(relative).as_posix()
    return values | {"EXTENDS": extends, "EXTENDS_QUOTED": json.dumps(extends, ensure_ascii=False)}
