"""`--accept-data-loss`: fks:acceptDataLoss has more servers while one `pulumi up` runs."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from fks_infra.config import stack_files
from fks_infra.config.pulumi_cli import pulumi
from fks_infra.config.validators import unknown_server
from fks_infra.errors import OperatorError

_KEY = "fks:acceptDataLoss"


def check(servers: Sequence[str]) -> None:
    """OperatorError for a name that is no server's."""
    for error in filter(None, map(unknown_server, servers)):
        raise OperatorError(f"--accept-data-loss: {error} Nothing was changed.")


@contextmanager
def accepted(stack: str, servers: Sequence[str]) -> Iterator[None]:
    """With these servers in the setting of the stack; afterwards it is as it was.

    A process that is killed leaves them there, and every preview warns of them.
    """
    present = stack_files.read(stack, "acceptDataLoss")[0] if servers else []
    new = [server for server in dict.fromkeys(servers) if server not in present]
    try:
        for place, server in enumerate(new, len(present)):
            at = ("--path", f"{_KEY}[{place}]", server)
            pulumi("config", "set", "--plaintext", *at, "--stack", stack)
        yield
    finally:
        for path in _added(len(present), len(new)):
            pulumi("config", "rm", "--path", path, "--stack", stack)


def _added(present: int, new: int) -> list[str]:
    """The paths that remove what was added, in this order."""
    if not present:
        return [_KEY] if new else []
    return [f"{_KEY}[{place}]" for place in reversed(range(present, present + new))]
