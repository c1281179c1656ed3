"""Does an SSH agent listen at SSH_AUTH_SOCK?"""

import socket
from collections.abc import Iterator

from fks_infra.doctor.check_context import CheckContext
from fks_infra.doctor.findings import CheckResult, ok, problem, unknown


def ssh_agent(context: CheckContext) -> Iterator[CheckResult]:
    """The plugin that runs commands on the servers fails if the agent does not exist."""
    path = context.environ.get("SSH_AUTH_SOCK")
    if not path:
        yield ok("SSH_AUTH_SOCK is not set, and no agent is needed")
        return
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as client:
        client.settimeout(context.limits.call)
        try:
            client.connect(path)
        except (TimeoutError, BlockingIOError):
            yield unknown(f"the agent at SSH_AUTH_SOCK {path!r} is too busy to answer")
        except OSError as error:
            yield problem(
                f"SSH_AUTH_SOCK is {path!r}, and no agent listens there "
                f"({error.strerror or error})",
                "unset SSH_AUTH_SOCK",
            )
        else:
            yield ok(f"an agent listens at {path}")
