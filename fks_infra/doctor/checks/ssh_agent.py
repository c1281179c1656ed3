"""Is there an SSH agent behind SSH_AUTH_SOCK?"""

import socket
from collections.abc import Iterator

from fks_infra.doctor.check_context import Case
from fks_infra.doctor.findings import Seen, ok, problem, unknown


def ssh_agent(case: Case) -> Iterator[Seen]:
    """The plugin that runs commands on the servers fails on an agent that is gone."""
    path = case.environ.get("SSH_AUTH_SOCK")
    if not path:
        yield ok("SSH_AUTH_SOCK is not set, and no agent is needed")
        return
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as client:
        client.settimeout(case.limits.call)
        try:
            client.connect(path)
        except (TimeoutError, BlockingIOError):
            yield unknown(f"the agent at SSH_AUTH_SOCK {path!r} is too busy to answer")
        except OSError as error:
            yield problem(
                f"SSH_AUTH_SOCK is {path!r}, and nobody listens there ({error.strerror or error})",
                "unset SSH_AUTH_SOCK",
            )
        else:
            yield ok(f"an agent listens at {path}")
