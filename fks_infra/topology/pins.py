"""What the operator should know of servers whose release is pinned."""

from collections.abc import Iterator, Mapping, Sequence

from fks_infra.config.settings import Pin


def pin_notices(pins: Mapping[str, Pin], servers: Sequence[str]) -> Iterator[str]:
    """A sentence for each pinned server."""
    for server in servers:
        if pin := pins.get(server):
            yield (
                f"{server} is pinned to release {pin.digest[:12]} since {pin.since}: the release "
                f"of this checkout is not deployed there. fks rollback {server} --unpin ends it."
            )
