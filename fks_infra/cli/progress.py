"""What `fks` shows on a terminal's standard error while it waits."""

from contextlib import AbstractContextManager

from rich.console import Console

from fks_infra.operate import deployed_stack
from fks_infra.operate.deployed_stack import DeployedStack


def waiting_for(text: str) -> AbstractContextManager[object]:
    """Show a text during the block; without a terminal nothing."""
    return Console(stderr=True, highlight=False).status(text)


def read_stack(stack: str) -> DeployedStack:
    """Read the servers of a stack; OperatorError if that is not possible."""
    with waiting_for("reading the stack"):
        return deployed_stack.read(stack)
