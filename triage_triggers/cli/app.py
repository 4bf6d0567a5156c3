"""The command line's commands, by name, and what becomes of errors in them."""

from __future__ import annotations

import inspect
import os
import sys
from dataclasses import is_dataclass
from functools import wraps
from importlib import import_module
from types import MappingProxyType
from typing import TYPE_CHECKING, Annotated, Any, Final, cast

import typer
from typer import Option
from typer.core import TyperCommand, TyperGroup

from triage_triggers.cli.say import complain
from triage_triggers.errors import RulesetError, TriageTriggersError, near
from triage_triggers.legible import counted, legible

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from types import ModuleType

    from typer._click import Context

__all__ = ["COMMANDS", "app", "examples_of"]

COMMANDS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "evaluate": "evaluate.run",
        "explain": "explain.run",
        "live": "live.run",
        "serve": "serve.run",
        "measure": "lab.measure",
        "compare": "lab.compare",
        "fit": "lab.fit",
        "suggest-phrases": "phrases.suggest",
        "try": "phrases.try_phrase",
        "test": "keeping.run_tests",
        "lint": "keeping.lint",
        "migrate": "keeping.migrate",
        "new": "keeping.new",
        "show": "show.run",
        "log": "log",
        "bundle": "bundle",
        "replay": "replay.replay",
        "report": "replay.report",
        "counterfactuals": "explain.counterfactuals",
        "check-corpus": "privacy.check_corpus",
        "redact": "privacy.redact",
    }
)
"""Each command's module and function; or a module of which ``COMMANDS`` are commands of the command."""
_CLOSED_PIPE: Final = 141
_HEADING: Final = "\n\nExamples:\n"
_SETTINGS: Final = {"help_option_names": ["-h", "--help"]}


class _Commands(TyperGroup):
    """Imports a command's module only when the command is asked for."""

    def list_commands(self, ctx: Context) -> list[str]:  # noqa: ARG002  the base class's signature
        return list(COMMANDS)

    def get_command(self, ctx: Context, cmd_name: str) -> TyperCommand | TyperGroup | None:
        if cmd_name not in COMMANDS:
            if not ctx.resilient_parsing:
                ctx.fail(f"There is no command '{cmd_name}'; {near(cmd_name, COMMANDS)}")
            return None
        functions, module = _functions(cmd_name)
        several = typer.Typer(
            name=cmd_name,
            help=module.__doc__,
            epilog=_examples(*functions.values()),
            no_args_is_help=True,
            add_completion=False,
            rich_markup_mode=None,
            context_settings=_SETTINGS,
        )
        for name, function in functions.items():
            text = inspect.getdoc(function) or ""
            several.command(name, help=text.partition(_HEADING)[0], epilog=_examples(function))(_expanded(function))
        return cast("TyperCommand | TyperGroup", typer.main.get_command(several))

    def invoke(self, ctx: Context) -> Any:  # noqa: ANN401  the base class's signature
        try:
            return super().invoke(ctx)
        except typer.BadParameter as error:
            error.message = legible(error.message)
            raise
        except RulesetError as error:
            complain(f"{error}\nThe ruleset has {counted(len(error.faults), 'fault')}.")
        except BrokenPipeError:
            # Keep Python from failing a second time when it flushes what the closed pipe never took.
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            raise typer.Exit(_CLOSED_PIPE) from None
        except (TriageTriggersError, OSError) as error:
            complain(error)
        raise typer.Exit(2)


def examples_of(command: str) -> list[str]:
    """Return the examples of a command: the end of its docstring, or of those of its own commands."""
    return _written_examples(*_functions(command)[0].values())


def _functions(command: str) -> tuple[Mapping[str, Callable[..., int | None]], ModuleType]:
    """Import what a command runs, by the names of its own commands; if it has none, by its own."""
    name, _, function = COMMANDS[command].partition(".")
    module = import_module(f"triage_triggers.cli.{name}")
    return ({command: getattr(module, function)} if function else module.COMMANDS), module


def _written_examples(*functions: Callable[..., int | None]) -> list[str]:
    texts = [(inspect.getdoc(function) or "").partition(_HEADING)[2] for function in functions]
    return [line.strip() for text in texts for line in text.splitlines()]


def _examples(*functions: Callable[..., int | None]) -> str:
    return "\n".join(["\b", "Examples:", *(f"  {example}" for example in _written_examples(*functions))])


def _expanded(command: Callable[..., int | None]) -> Callable[..., int | None]:
    """Give a command the options of each parameter that is a group in its place; what it returns is the exit status."""
    options = [option.replace(kind=inspect.Parameter.KEYWORD_ONLY) for option in _options(command)]

    @wraps(command)
    def run(**values: Any) -> None:
        if status := _called(command, values):
            raise typer.Exit(status)

    run.__signature__ = inspect.Signature(options)  # type: ignore[attr-defined]
    run.__annotations__ = {option.name: option.annotation for option in options}
    return run


def _options(taker: Callable[..., object]) -> Iterator[inspect.Parameter]:
    for parameter in inspect.signature(taker, eval_str=True).parameters.values():
        group = _group(parameter)
        if group is None:
            yield parameter
        else:
            yield from _options(group)


def _called(taker: Callable[..., Any], values: Mapping[str, object]) -> Any:  # noqa: ANN401  a group, or nothing
    given = {}
    for name, parameter in inspect.signature(taker, eval_str=True).parameters.items():
        group = _group(parameter)
        given[name] = values[name] if group is None else _called(group, values)
    return taker(**given)


def _group(parameter: inspect.Parameter) -> type | None:
    annotation = parameter.annotation
    return annotation if isinstance(annotation, type) and is_dataclass(annotation) else None


app = typer.Typer(
    name="triage-triggers",
    cls=_Commands,
    rich_markup_mode=None,  # plain help: quick to show, and kind to screen readers
    pretty_exceptions_enable=False,  # a traceback with variables would show what was said
    no_args_is_help=True,
    context_settings=_SETTINGS,
)


def _print_version(*, wanted: bool) -> None:
    if wanted:
        from triage_triggers import __version__  # noqa: PLC0415  only needed here

        typer.echo(__version__)
        raise typer.Exit


@app.callback(epilog="Every command has examples: triage-triggers evaluate --help")
def _main(
    *,
    version: Annotated[
        bool, Option("--version", help="Print the version and exit.", callback=_print_version, is_eager=True)
    ] = False,
) -> None:
    """Suggest, never make, a dispatch-code escalation from domestic-abuse trigger phrases in emergency calls.

    Everything runs on this computer; no call leaves it. Exit status: 0 done; 1 done, but a call could not be read, or
    a ruleset has faults or fails its tests; 2 wrong use or unreadable input.
    """
