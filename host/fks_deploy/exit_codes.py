"""The exit codes that the programs of `bin/` have in common."""

import sys
from collections.abc import Callable

from . import disk_space
from .errors import DeployError, InputError, LockBusyError
from .terminal import print_line


def code_of(program: str, action: Callable[[], int | None]) -> int:
    """Run the action: the code that it returns, 0 without one; after an error, which is shown with
    the program's name, 2 for an invalid option, 75 for a lock that another holds, else 1."""
    try:
        return action() or 0
    except InputError as error:
        return _fail(program, error, 2)
    except LockBusyError as error:
        return _fail(program, error, 75)
    except DeployError as error:
        return _fail(program, error, 1)
    except OSError as error:
        return _fail(program, disk_space.explained(error), 1)


def _fail(program: str, error: Exception, code: int) -> int:
    print_line(f"{program}: {error}", sys.stderr)
    return code
