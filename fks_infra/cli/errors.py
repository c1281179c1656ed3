"""Errors of a command whose exit codes have a meaning of their own."""

from collections.abc import Iterator
from contextlib import contextmanager

import typer
from rich.console import Console

from fks_infra.errors import OperatorError


@contextmanager
def exit_code(code: int) -> Iterator[None]:
    """Print an OperatorError as `fks` does, and exit with this code instead of 1."""
    try:
        yield
    except OperatorError as error:
        show(error)
        raise typer.Exit(code) from None


def show(error: OperatorError) -> None:
    """Print the error on standard error."""
    console = Console(stderr=True, highlight=False)
    console.print(str(error), style="red", markup=False, soft_wrap=True)
