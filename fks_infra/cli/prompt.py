"""Questions before a command changes something."""

import sys

import typer

from fks_infra.errors import OperatorError


def confirmed(question: str, *, yes: bool) -> bool:
    """Prompt, unless `yes`; without a terminal, and after Ctrl-C, the answer is no."""
    try:
        return yes or typer.confirm(question)
    except typer.Abort:
        return False


def typed(name: str, what: str, option: str) -> bool:
    """Prompt for a name, so that nobody does this to another server; whether it was typed.

    OperatorError as `require_terminal`.
    """
    require_terminal(name, what, option)
    try:
        answer: str = typer.prompt(f"Type {name} to {what}", default="", show_default=False)
    except typer.Abort:
        return False
    return answer.strip() == name


def require_terminal(name: str, what: str, option: str) -> None:
    """OperatorError where nobody can type a name: `option` is what is given instead."""
    if not sys.stdin.isatty():
        raise OperatorError(
            f"the name {name} must be typed to {what}: do it at a terminal, or add {option}. "
            f"Nothing was changed"
        )
