"""Which server serves which release, read from the servers themselves.

After a failed `up` the stack's outputs may say otherwise.
"""

from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from pathlib import Path

from fks_infra.doctor.background import together
from fks_infra.remote.command import output_of
from fks_infra.remote.inventory import DeployedServer

_COMMAND = "readlink /opt/fks/current"
_SHOWN = 12


def releases(servers: Sequence[DeployedServer], key: Path, seconds: float) -> dict[str, str]:
    """Server to the digest of the release in service, or to the reason why it is not known."""
    calls = {s.name: partial(output_of, s, key, _COMMAND, seconds) for s in servers}
    found = {}
    for name, future in together(calls, seconds + 1).items():
        if not future.done():
            found[name] = "not known: SSH did not end"
        elif error := future.exception():
            found[name] = f"not known: {error}"
        else:
            found[name] = future.result().strip().rpartition("/")[2]
    return found


def document(serving: Mapping[str, str], previous: Mapping[str, str]) -> str:
    """Markdown; `previous` is server to the release of the stack's outputs."""
    return "\n".join(_lines(serving, previous)) + "\n"


def _lines(serving: Mapping[str, str], previous: Mapping[str, str]) -> Iterator[str]:
    yield "| server | serves release | the stack's outputs say |"
    yield "|---|---|---|"
    for name, release in serving.items():
        shown = release if " " in release else release[:_SHOWN]
        yield f"| {name} | {shown} | {previous.get(name, '')[:_SHOWN] or 'none'} |"
