"""The problems of one server, before and after a command changes it."""

from fks_infra.cli.progress import waiting_for
from fks_infra.cli.servers import Servers
from fks_infra.operate import reports
from fks_infra.operate.state import State


def problems(servers: Servers, server: str) -> list[str] | None:
    """Texts of its problems, as `fks status` has them; None if it was not reached."""
    with waiting_for(f"reading {server}"):
        found = reports.read(servers.stack, servers.only(server).servers, servers.key)
    state = State.of(servers.stack, found)
    return None if state.unreached else [one.text for one in state.problems]


def text(server: str, found: list[str] | None) -> str:
    """A line for the operator."""
    if found is None:
        return f"{server} was not reached; next: fks status {server}\n"
    return f"{server} is healthy.\n" if not found else f"{server}: {'; '.join(found)}\n"
