"""The instance of a server in the stack's state, as `pulumi stack export` prints it."""

import json
from collections.abc import Mapping
from typing import Any

_URN = "linode:index/instance:Instance::{}-machine-instance"


def outputs(state: str, server: str) -> Mapping[str, Any]:
    """Its outputs, with "type" and "disks"; empty where the state has no such instance."""
    ending = _URN.format(server)
    for resource in (json.loads(state).get("deployment") or {}).get("resources") or ():
        if resource["urn"].endswith(ending) and not resource.get("delete"):
            return dict(resource.get("outputs") or {})
    return {}
