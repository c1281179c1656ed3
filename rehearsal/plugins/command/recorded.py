"""Commands without servers, for runs that show what the engine and the program do by themselves.

With FKS_COMMAND_STDOUT no command runs at a create or update: this text is its standard output.
"""

from __future__ import annotations

import os

from rehearsal.plugins.values import Values

VARIABLE = "FKS_COMMAND_STDOUT"


def recorded_outputs() -> Values | None:
    """The outputs of every command; None where commands run."""
    stdout = os.environ.get(VARIABLE)
    return None if stdout is None else {"stdout": stdout, "stderr": ""}
