"""What a tailnet key is replaced for: its server's generation, or an age nobody knows."""

import time

from fks_infra.held import Held


def key_trigger(name: str, generation: int, has_instance: bool, held: Held) -> int | str:
    """The generation; or, for a key whose server was never made, something that it was not yet.

    Such a key is left by a run that ended between the two, and may have expired since: keys live
    for an hour, and a server that boots with an expired one never joins. The new value stays the
    key's trigger as long as the generation does.
    """
    if name not in held.triggers:
        return generation
    last = held.triggers[name]
    if not has_instance:
        return f"{generation} at {time.time():.0f}"
    kept = isinstance(last, str) and last.startswith(f"{generation} at ")
    return last if kept else generation
