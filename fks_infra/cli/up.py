"""`fks up`: pulumi up for one server, or for one part of it."""

import os
import shlex
from collections.abc import Sequence

from fks_infra.config import stack_files
from fks_infra.config.pulumi_cli import pulumi
from fks_infra.delivery.targets import Part, targets
from fks_infra.errors import OperatorError
from fks_infra.paths import PROJECT_ROOT

# Without a prompt. The checks of all servers run again, because a release is one of their inputs.
VERIFIED = ("--target", "**fks:infra:Verify**", "--yes", "--skip-preview")


def command(server: str, part: Part | None, stack: str, options: Sequence[str]) -> list[str]:
    """The arguments of pulumi; OperatorError for an unknown server or an invalid fks:mode."""
    (mode,) = stack_files.read(stack, "mode")
    chosen = ["--stack", stack] if stack else []
    state = pulumi("stack", "export", *chosen)
    patterns = targets(server, part, mode, state)
    selected = [argument for urn in patterns for argument in ("--target", urn)]
    return ["pulumi", "up", *chosen, *selected, *options]


def run(server: str, part: Part | None, stack: str, options: Sequence[str]) -> None:
    """Replace this process by pulumi's, so that signals and exit code are pulumi's own."""
    arguments = command(server, part, stack, options)
    os.chdir(PROJECT_ROOT)
    try:
        os.execvp(arguments[0], arguments)
    except FileNotFoundError:
        shown = shlex.join(arguments)
        raise OperatorError(f"pulumi is not on the PATH, so this did not run: {shown}") from None
