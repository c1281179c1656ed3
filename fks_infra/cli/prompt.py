"""Questions before a command changes something."""

import typer


def confirmed(question: str, *, yes: bool) -> bool:
    """Prompt, unless `yes`; without a terminal, and after Ctrl-C, the answer is no."""
    try:
        return yes or typer.confirm(question)
    except typer.Abort:
        return False
