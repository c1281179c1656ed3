"""What a tailnet key is replaced for: its server's generation, or an age nobody knows."""

import time

from fks_infra.preflight.state import StateSnapshot


def key_trigger(name: str, generation: int, has_server: bool, held: StateSnapshot) -> int | str:
    """The generation; or, for a key without a server, something that it was not yet.

    Such a key may be used up, by a server that somebody deleted, or expired, after a run that ended
    between key and server: the next server would never join. The new value stays the key's
    trigger as long as the generation does.
    """
    if not held.has_resource(name):
        return generation
    last = held.triggers[name]
    if not has_server:
        return f"{generation} at {time.time():.0f}"
    kept = isinstance(last, str) and last.startswith(f"{generation} at ")
    return last if kept else generation
