from __future__ import annotations

import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from triage_triggers.documents import catalogue
from triage_triggers.documents.catalogue import find_ruleset, shipped_folder, shipped_rulesets
from triage_triggers.errors import RulesetNotFoundError


def make(folder: Path, *names: str) -> None:
    for name in names:
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("format: 1", encoding="utf-8")


@pytest.fixture
def shipped(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A package folder of its own, as in a checkout."""
    package = tmp_path / "checkout" / "triage_triggers"
    make(
        package.parent / "rulesets",
        "uk/ruleset.yaml",
        "small.yaml",
        "short.yml",
        "codes/nhs-arp.yaml",
        "x.json",
        "Y.yaml",
    )
    monkeypatch.setattr(catalogue, "_PACKAGE", package)
    return package.parent / "rulesets"


def test_in_a_checkout_they_stand_beside_the_code(shipped: Path) -> None:
    assert shipped_folder() == shipped
    assert shipped_rulesets() == ("short", "small", "uk")
    assert find_ruleset("uk") == shipped / "uk"
    assert find_ruleset("small") == shipped / "small.yaml"
    assert find_ruleset("short") == shipped / "short.yml"


def test_in_a_wheel_they_stand_inside_and_what_stands_beside_is_somebody_elses(shipped: Path) -> None:
    inside = shipped.parent / "triage_triggers" / "_rulesets"
    make(inside, "wheel/ruleset.yaml")
    assert shipped_rulesets() == ("wheel",)
    assert find_ruleset("wheel") == inside / "wheel"
    with pytest.raises(RulesetNotFoundError):
        find_ruleset("uk")


def test_without_any_there_are_none(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(catalogue, "_PACKAGE", tmp_path / "nowhere" / "triage_triggers")
    assert shipped_rulesets() == ()
    with pytest.raises(RulesetNotFoundError, match="there is no ruleset 'uk'; known: none"):
        find_ruleset("uk")


def test_search_folders_come_first_in_their_order(shipped: Path, tmp_path: Path) -> None:
    make(tmp_path, "one/uk.yaml", "two/uk/ruleset.yaml", "two/other.yaml")
    assert find_ruleset("uk", [tmp_path / "one", tmp_path / "two"]) == tmp_path / "one" / "uk.yaml"
    assert find_ruleset("uk", [str(tmp_path / "two"), tmp_path / "one"]) == tmp_path / "two" / "uk"
    assert find_ruleset("small", [tmp_path / "one", tmp_path / "gone"]) == shipped / "small.yaml"
    with pytest.raises(RulesetNotFoundError, match=r"there is no ruleset 'othr'; did you mean other\?"):
        find_ruleset("othr", [tmp_path / "two"])


def test_a_folder_where_one_stands_does_not_take_the_place_of_a_ruleset(
    shipped: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    make(tmp_path, "uk/ruleset.yaml", "mine/ruleset.yaml")
    monkeypatch.chdir(tmp_path)
    assert find_ruleset("uk") == shipped / "uk"
    assert find_ruleset("./uk") == Path("uk")
    assert find_ruleset(Path("uk")) == Path("uk")
    assert find_ruleset("mine") == Path("mine")
    assert find_ruleset("mine/ruleset.yaml") == Path("mine")


@pytest.mark.usefixtures("shipped")
@pytest.mark.parametrize("source", ["../rulesets/gone", "gone.yaml", "gone.YML", "/gone", Path("uk"), Path("gone")])
def test_a_path_is_never_an_id(source: str | Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(RulesetNotFoundError, match="there is no file or folder"):
        find_ruleset(source)


@pytest.mark.usefixtures("shipped")
@pytest.mark.parametrize("source", ["", "..gone", "UK", "ük", "x" * 300, "a" * 3000, "uk\x00", "codes"])
def test_what_is_neither_is_not_found(source: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(RulesetNotFoundError, match="there is no ruleset"):
        find_ruleset(source)


def test_everything_shipped_travels_in_the_wheel(tmp_path: Path) -> None:
    """The wheel as a service would install it: rulesets, ladders and schemas inside the package."""
    root = Path(catalogue.__file__).parents[2]
    pytest.importorskip("hatchling")
    command = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(tmp_path)]
    subprocess.run(command, cwd=root, check=True, capture_output=True)  # noqa: S603  our own build
    (wheel,) = tmp_path.glob("*.whl")
    names = zipfile.ZipFile(wheel).namelist()
    shipped = [path.relative_to(root / "rulesets") for path in (root / "rulesets").rglob("*") if path.is_file()]
    assert {f"triage_triggers/_rulesets/{path.as_posix()}" for path in shipped} <= {*names}
