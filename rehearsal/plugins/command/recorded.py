"""Commands without servers, for runs that show what the engine and the program do by themselves.

With FKS_RECORD_COMMANDS=1 no command runs at a create or update, and nothing is copied. The step
that waits for a server's join gets what the stand-in Tailscale has; other commands print nothing.
"""

from __future__ import annotations

import json
import os
import re
import urllib.request
from urllib.parse import urljoin

from rehearsal.plugins.base import ProviderError
from rehearsal.plugins.values import Values

VARIABLE = "FKS_RECORD_COMMANDS"
HOST_KEY = "ssh-ed25519 AAAArecorded"
_JOIN = re.compile(r"fks_infra\.steps\.join wait .*--hostname (\S+)")


def records_commands() -> bool:
    """Whether commands are recorded, not run."""
    return os.environ.get(VARIABLE) == "1"


def recorded_outputs(text: str) -> Values:
    """The outputs of a command; ProviderError for a server that did not join the tailnet."""
    joining = _JOIN.search(text)
    return {"stdout": _joined(joining[1]) if joining else "", "stderr": ""}


def _joined(hostname: str) -> str:
    url = urljoin(os.environ["TAILSCALE_BASE_URL"], "/rehearsal/state")
    with urllib.request.urlopen(url, timeout=20) as response:
        devices = json.load(response)["devices"]
    for device in devices:
        if device["hostname"] == hostname:
            return json.dumps({"address": device["addresses"][0], "host_key": HOST_KEY})
    raise ProviderError(f"{hostname} did not join the tailnet")
