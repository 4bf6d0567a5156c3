"""The command line's commands, by name, and what becomes of errors in them."""

from __future__ import annotations

import os
import sys
from importlib import import_module
from types import MappingProxyType
from typing import TYPE_CHECKING, Annotated, Any, Final

import typer
from typer.core import TyperCommand, TyperGroup

from triage_triggers.cli.say import say
from triage_triggers.errors import RulesetError, TriageTriggersError, near
from triage_triggers.legible import legible

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from types import ModuleType

    from typer._click import Context

__all__ = ["COMMANDS", "app", "examples_of", "module_of"]

COMMANDS: Final[Mapping[str, tuple[str, str]]] = MappingProxyType(
    {
        "evaluate": ("evaluate", "run"),
        "explain": ("explain", "run"),
        "live": ("live", "run"),
        "serve": ("serve", "run"),
        "measure": ("measure", "run_measure"),
        "compare": ("measure", "run_compare"),
        "fit": ("fit", "run"),
        "suggest-phrases": ("phrases", "run_suggest_phrases"),
        "try": ("phrases", "run_try_phrase"),
        "test": ("keeping", "run_test"),
        "lint": ("keeping", "run_lint"),
        "migrate": ("migrate", "run"),
        "new": ("keeping", "run_new"),
        "show": ("show", "run"),
        "log": ("log", ""),
        "bundle": ("bundle", ""),
        "replay": ("replay", "run"),
        "report": ("report", "run_report"),
        "counterfactuals": ("report", "run_counterfactuals"),
        "check-corpus": ("privacy", "run_check_corpus"),
        "redact": ("privacy", "run_redact"),
    }
)
"""Each command's module and function in it; its examples stand beside it. ``log`` has commands of its own."""
_CLOSED_PIPE: Final = 141


class _Commands(TyperGroup):
    """Imports a command's module only when the command is asked for; its ``run`` is the command."""

    def list_commands(self, ctx: Context) -> list[str]:  # noqa: ARG002  the base class's signature
        return list(COMMANDS)

    def get_command(self, ctx: Context, cmd_name: str) -> TyperCommand | TyperGroup | None:
        if cmd_name not in COMMANDS:
            if not ctx.resilient_parsing:
                ctx.fail(f"There is no command '{cmd_name}'; {near(cmd_name, COMMANDS)}")
            return None
        module, function = module_of(cmd_name), COMMANDS[cmd_name][1]
        if not function:
            return _group(cmd_name, module)
        single = typer.Typer(add_completion=False, rich_markup_mode=None, context_settings=_SETTINGS)
        single.command(cmd_name, epilog=_examples(examples_of(cmd_name)))(getattr(module, function))
        command = typer.main.get_command(single)
        assert isinstance(command, TyperCommand)  # noqa: S101  one command and no callback make no group
        return command

    def invoke(self, ctx: Context) -> Any:  # noqa: ANN401  the base class's signature
        try:
            return super().invoke(ctx)
        except typer.BadParameter as error:
            error.message = legible(error.message)
            raise
        except RulesetError as error:
            count = len(error.faults)
            _say(f"{error}\nThe ruleset has {count} fault{'s' * (count != 1)}.")
        except TriageTriggersError as error:
            _say(str(error))
        except BrokenPipeError:
            _let_go_of_stdout()
            raise typer.Exit(_CLOSED_PIPE) from None
        except OSError as error:
            _say(str(error))
        raise typer.Exit(2)


def module_of(command: str) -> ModuleType:
    """Import and return the module of a command."""
    return import_module(f"triage_triggers.cli.{COMMANDS[command][0]}")


def examples_of(command: str) -> tuple[str, ...]:
    """Return the examples of a command."""
    function = COMMANDS[command][1]
    named = "EXAMPLES" if function in {"", "run"} else f"{function.removeprefix('run_').upper()}_EXAMPLES"
    examples: tuple[str, ...] = getattr(module_of(command), named)
    return examples


def _group(name: str, module: ModuleType) -> TyperGroup:
    """Make a command that has commands of its own: those of the module's ``COMMANDS``, each with its examples."""
    several = typer.Typer(
        name=name,
        help=module.__doc__,
        epilog=_examples(module.EXAMPLES),
        no_args_is_help=True,
        add_completion=False,
        rich_markup_mode=None,
        context_settings=_SETTINGS,
    )
    for command, run in module.COMMANDS.items():
        examples = [example for example in module.EXAMPLES if example.startswith(f"triage-triggers {name} {command} ")]
        several.command(command, epilog=_examples(examples))(run)
    group = typer.main.get_command(several)
    assert isinstance(group, TyperGroup)  # noqa: S101  several commands always make a group
    return group


def _examples(examples: Iterable[str]) -> str:
    return "\b\nExamples:\n" + "\n".join(f"  {example}" for example in examples)


_SETTINGS: Final = {"help_option_names": ["-h", "--help"]}

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
        bool, typer.Option("--version", help="Print the version and exit.", callback=_print_version, is_eager=True)
    ] = False,
) -> None:
    """Suggest, never make, a dispatch-code escalation from domestic-abuse trigger phrases in emergency calls.

    Everything runs on this computer; no call leaves it. Exit status: 0 done; 1 done, but a call could not be read, or
    a ruleset has faults or fails its tests; 2 wrong use or unreadable input.
    """


def _say(message: str) -> None:
    say(f"triage-triggers: {message}", err=True)


def _let_go_of_stdout() -> None:
    """Keep Python from failing a second time when it flushes what the closed pipe never took."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
