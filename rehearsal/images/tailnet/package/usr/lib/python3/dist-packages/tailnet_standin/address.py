"""The tailnet address on this machine's network interface."""

import json
import subprocess
import sys
from typing import Any

PREFIX = 10


def interface() -> str:
    """The interface of the default route, where the other machines are."""
    routes: list[dict[str, Any]] = json.loads(_ip("-json", "route", "show", "default") or "[]")
    return str(routes[0]["dev"]) if routes else "eth0"


def add(address: str) -> None:
    """Put the address on the interface; once is as good as twice."""
    _ip("address", "replace", f"{address}/{PREFIX}", "dev", interface())


def remove(address: str) -> None:
    """Take it off; one that is not there is fine."""
    if address and address in present():
        _ip("address", "delete", f"{address}/{PREFIX}", "dev", interface())


def present() -> set[str]:
    """All IPv4 addresses of the interface."""
    rows = json.loads(_ip("-json", "-4", "address", "show", "dev", interface()) or "[]")
    return {info["local"] for row in rows for info in row.get("addr_info", [])}


def _ip(*words: str) -> str:
    result = subprocess.run(["ip", *words], capture_output=True, text=True, check=False)
    if result.returncode != 0:
        sys.stderr.write(result.stderr)
        result.check_returncode()
    return result.stdout
