from __future__ import annotations

import importlib
import pkgutil
import re
import subprocess
import sys
from importlib.resources import files
from types import FunctionType

import pytest

import triage_triggers

MODULES = [
    module.name
    for module in pkgutil.walk_packages(triage_triggers.__path__, "triage_triggers.")
    if not module.name.endswith("__main__")
]
CONTRACT = {"Call", "Utterance", "Evaluator", "load_ruleset", "Assessment", "Finding", "LiveCall", "__version__"}


def order(name: str) -> tuple[int, str]:
    """Constants, then classes, then the rest: the order that ruff sorts by."""
    return (0 if name.isupper() else 1 if name[0].isupper() else 2), name


def test_the_public_names_are_all_there_and_nothing_else() -> None:
    names = triage_triggers.__all__
    assert names == sorted(names, key=order)
    assert set(names) >= CONTRACT
    assert dir(triage_triggers) == sorted(names)
    assert all(hasattr(triage_triggers, name) for name in names)


def test_what_is_not_there_is_an_attribute_error() -> None:
    with pytest.raises(AttributeError, match="module 'triage_triggers' has no attribute 'Evaluater'"):
        triage_triggers.Evaluater  # type: ignore[attr-defined]  # noqa: B018


@pytest.mark.parametrize("name", MODULES)
def test_every_module_says_what_it_offers(name: str) -> None:
    module = importlib.import_module(name)
    assert module.__doc__
    if hasattr(module, "__path__"):
        return  # a package has names of its own only where it says so
    names = module.__all__
    assert names == sorted(names, key=order)
    assert len(set(names)) == len(names)
    assert all(hasattr(module, public) for public in names)


@pytest.mark.parametrize("name", MODULES)
def test_what_a_module_offers_is_documented(name: str) -> None:
    module = importlib.import_module(name)
    offered = [getattr(module, public) for public in getattr(module, "__all__", ())]
    assert all(item.__doc__ for item in offered if isinstance(item, (type, FunctionType)))


def test_importing_does_nothing_but_import() -> None:
    program = """
import sys, threading
before = set(sys.modules)
import triage_triggers
loaded = {name.partition(".")[0] for name in set(sys.modules) - before}
assert not loaded & {"typer", "rich", "click", "hypothesis", "pytest", "lemminflect", "spacy", "pandas"}, loaded
assert threading.active_count() == 1
assert not {"pydantic", "yaml"} & set(sys.modules)  # only who reads rulesets waits for them
from triage_triggers.engine.context.lexicon import load_lexicon
assert load_lexicon.cache_info().currsize == 0
"""
    run = [sys.executable, "-I", "-X", "importtime", "-c", program]
    done = subprocess.run(run, capture_output=True, text=True, check=False)  # noqa: S603  our own program
    assert done.returncode == 0, done.stderr[-2000:]
    assert done.stdout == ""
    assert all(line.startswith("import time:") for line in done.stderr.splitlines())


def test_types_travel_with_the_package() -> None:
    assert (files("triage_triggers") / "py.typed").is_file()


def test_the_version_is_a_version() -> None:
    assert re.fullmatch(r"\d+\.\d+\.\d+([a-z0-9.+-]+)?", triage_triggers.__version__)
