"""The addresses of the other servers, as nginx upstreams with persistent connections.

nginx resolves the names in an upstream only when it loads its configuration. So each deploy and
the timer fks-peers resolve them here, write changed addresses and reload nginx. A name without an
address becomes an upstream that refuses connections, and nginx answers 502. When a lookup fails,
the last known address stays.
"""

import ipaddress
import socket
from collections.abc import Callable, Mapping

from . import file_tree, marker
from .limits import EDGE_PORT, TAILNET_RANGE
from .paths import Paths

Resolve = Callable[[str], list[str]]
KEEPALIVE_CONNECTIONS = 16
# Nothing listens on this port, so a connection is refused at once.
CLOSED_ADDRESS = "127.0.0.1:1"


def resolve(host: str) -> list[str]:
    """The tailnet addresses of a name, sorted; empty when it has none or the lookup fails."""
    try:
        found = socket.getaddrinfo(host, EDGE_PORT, socket.AF_INET, socket.SOCK_STREAM)
    except OSError:
        return []
    addresses = {str(entry[4][0]) for entry in found}
    return sorted(one for one in addresses if ipaddress.ip_address(one) in TAILNET_RANGE)


def refresh(paths: Paths, peers: Mapping[str, str], lookup: Resolve = resolve) -> list[str]:
    """Write one upstream file for each peer (upstream name -> host); returns the changed files. The
    marker `reload-needed` is created before a change and stays until nginx has reloaded."""
    present = file_tree.read(paths.peers)
    files = {}
    for name, host in peers.items():
        file, addresses = f"{name}.conf", lookup(host)
        known = present.get(file, b"").decode()
        keep = not addresses and _comment(host) in known
        files[file] = (known if keep else upstream(name, host, addresses)).encode()
    if files != present:
        marker.create(paths.reload_needed)
    return file_tree.sync(paths.peers, files)


def upstream(name: str, host: str, addresses: list[str]) -> str:
    """The nginx configuration of the upstream `<name>_peer`."""
    servers = [f"{address}:{EDGE_PORT}" for address in addresses] or [CLOSED_ADDRESS]
    lines = "".join(f"    server {server};\n" for server in servers)
    keepalive = f"    keepalive {KEEPALIVE_CONNECTIONS};\n"
    return f"{_comment(host)}upstream {name}_peer {{\n{lines}{keepalive}}}\n"


def _comment(host: str) -> str:
    """Marks the host a file was written for; `refresh` compares it with files of older versions."""
    return f"# {host}, kept by fks-peers\n"
