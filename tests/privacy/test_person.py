from __future__ import annotations

import sys
import warnings
from typing import TYPE_CHECKING, Any

import pytest

from triage_triggers.errors import MissingExtraError
from triage_triggers.privacy.person import NameModelError, SpacyNames
from triage_triggers.privacy.scanner import Identifier, Scanner

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture(scope="module")
def pipeline() -> Any:  # noqa: ANN401  spaCy has no types
    """A real spaCy pipeline that knows two names; a trained one can't be fetched for tests."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # spaCy's own, as it is imported
        import spacy  # noqa: PLC0415
    made = spacy.blank("en")
    ruler: Any = made.add_pipe("entity_ruler")
    ruler.add_patterns([{"label": "PERSON", "pattern": "Alex Doe"}, {"label": "GPE", "pattern": "Lerwick"}])
    return made


def test_people_are_found_and_places_are_not(pipeline: Any) -> None:  # noqa: ANN401
    text = "I saw Alex Doe in Lerwick."
    assert Scanner(SpacyNames(pipeline)).find(text) == (Identifier("name", 6, 14),)


def test_a_pipeline_is_loaded_by_name_or_folder(pipeline: Any, tmp_path: Path) -> None:  # noqa: ANN401
    pipeline.to_disk(tmp_path / "names")
    assert list(SpacyNames(str(tmp_path / "names")).find("Alex Doe")) == [(0, 8)]


def test_a_long_text_is_read_in_parts_with_offsets_of_the_whole(pipeline: Any) -> None:  # noqa: ANN401
    text = f"{'he hit me ' * 10_001}Alex Doe {'x' * 100_001} Alex Doe"
    assert [text[start:end] for start, end in SpacyNames(pipeline).find(text)] == ["Alex Doe", "Alex Doe"]


@pytest.mark.parametrize("name", ["no_such_pipeline", "", "no/such/folder"])
def test_a_pipeline_that_is_not_there_is_told(name: str) -> None:
    with pytest.raises(NameModelError, match="there is no spaCy pipeline"):
        SpacyNames(name)


def test_a_pipeline_that_finds_no_names_is_told(pipeline: Any) -> None:  # noqa: ANN401
    pipeline = type(pipeline)()
    with pytest.raises(NameModelError, match="this spaCy pipeline finds no names"):
        SpacyNames(pipeline)


def test_without_the_extra_the_command_that_installs_it_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "spacy", None)
    with pytest.raises(MissingExtraError, match=r"pip install 'triage-triggers\[names\]'"):
        SpacyNames("en_core_web_sm")
