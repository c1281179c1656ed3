"""The name servers of this server, for nginx, which does not read resolv.conf(5) itself."""

import ipaddress
from pathlib import Path

from .errors import DeployError


def read(file: Path) -> list[str]:
    """The addresses of the name servers as nginx's `resolver` takes them. Addresses with a zone, as
    fe80::1%eth0, are left out, because nginx accepts none. Error: DeployError for none."""
    text = file.read_text() if file.exists() else ""
    words = (line.split() for line in text.splitlines())
    found = [_address(line[1]) for line in words if len(line) > 1 and line[0] == "nameserver"]
    addresses = [address for address in found if address]
    if not addresses:
        raise DeployError(f"{file} names no name server: write a line as 'nameserver 192.0.2.1'")
    return addresses


def _address(text: str) -> str | None:
    if "%" in text:
        return None
    try:
        address = ipaddress.ip_address(text)
    except ValueError:
        return None
    return f"[{address}]" if address.version == 6 else str(address)
