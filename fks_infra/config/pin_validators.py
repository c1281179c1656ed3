"""Format of `fks:pin`: the releases that stay in service."""

import re
from datetime import datetime
from typing import Any

from fks_infra.config.plans import SERVER_NAMES
from fks_infra.config.schema import did_you_mean

_EXAMPLE = "write digest and since, as fks rollback does (since: 2026-11-27T10:00:00Z)."


def pin(value: Any) -> str | None:
    """Server to the digest of a release and the time of the pin; see settings.Pin."""
    for server, fields in value.items():
        if server not in SERVER_NAMES:
            return f"{server!r} is not a server; {did_you_mean(server, list(SERVER_NAMES))}"
        if not isinstance(fields, dict) or set(fields) != {"digest", "since"}:
            return f"{fields!r} is not a pin; {_EXAMPLE}"
        if not re.fullmatch(r"[0-9a-f]{64}", str(fields["digest"])):
            return (
                f"{fields['digest']!r} is not a release's digest; write the 64 hex digits that "
                f"fks releases --json has."
            )
        if not _is_time(str(fields["since"])):
            return f"{fields['since']!r} is not a time; write it as 2026-11-27T10:00:00Z."
    return None


def _is_time(text: str) -> bool:
    try:
        datetime.fromisoformat(text)
    except ValueError:
        return False
    return True
