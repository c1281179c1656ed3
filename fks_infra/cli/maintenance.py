"""`fks maintenance`: the servers answer 503 with a page, or serve again."""

import os
import sys
from collections.abc import Sequence

from fks_infra.cli.servers import code_of, connected, show_unreached
from fks_infra.operate import person
from fks_infra.operate.unreachable import Unreachable

KEYS = ("maintenance", "before", "time")


def run(stack: str, names: Sequence[str], message: str | None) -> int:
    """Switch it on with this message ("" for the usual one), off with None.

    Returns 0, 1 if a server was not reached, 2 if none was.
    """
    words = ["off"] if message is None else ["on", "--message", message]
    with connected(stack, names) as servers:
        found = servers.run(KEYS, "maintenance", *words, "--who", person.name(os.environ))
    for name, one in found.items():
        if not isinstance(one, Unreachable):
            sys.stdout.write(f"{name}: {_text(one['maintenance'], one['before'])}\n")
    show_unreached(found)
    return code_of(found)


def _text(mode: dict[str, str] | None, before: dict[str, str] | None) -> str:
    if mode:
        return f"maintenance is on since {mode['since']}: {mode['message']}"
    if before:
        return f"maintenance is off; it was on since {before['since']}, by {before['who']}"
    return "maintenance was off already"
