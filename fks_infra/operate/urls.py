"""The URLs of the stack in a browser."""

import json
from collections.abc import Mapping

from fks_infra.config.pulumi_cli import pulumi
from fks_infra.errors import OperatorError

# Name to role and path.
PAGES = {
    "app": ("web", "/"),
    "api": ("api", "/"),
    "auth": ("auth", "/if/user/"),
    "admin": ("auth", "/if/admin/"),
}


def url(stack: str, page: str) -> str:
    """The URL of a page of `PAGES`; OperatorError if the stack cannot be read or has none."""
    selection = ["--stack", stack] if stack else []
    outputs: Mapping[str, Mapping[str, str]] = json.loads(
        pulumi("stack", "output", "--json", *selection) or "{}"
    )
    role, path = PAGES[page]
    if role not in outputs.get("urls", {}):
        command = " ".join(["pulumi up", *selection])
        raise OperatorError(f"nothing is deployed: the stack has no URLs\nNext: {command}")
    return outputs["urls"][role] + path
