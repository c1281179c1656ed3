"""The replacement trigger of a tailnet key: its server's generation, or a new value."""

import time

from fks_infra.preflight.state import StateSnapshot


def key_trigger(name: str, generation: int, has_server: bool, state: StateSnapshot) -> int | str:
    """The generation; for a key whose server does not exist, a value the key never had.

    Such a key may be used (by a server that somebody deleted) or expired (after a run that ended
    between key and server): the next server could not join with it. The new value stays the key's
    trigger as long as the generation does not change.
    """
    if not state.has_resource(name):
        return generation
    last = state.triggers[name]
    if not has_server:
        return f"{generation} at {time.time():.0f}"
    renewed = isinstance(last, str) and last.startswith(f"{generation} at ")
    return last if renewed else generation
