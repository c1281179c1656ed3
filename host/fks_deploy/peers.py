"""Where the other servers are: upstreams of nginx, which keeps its connections to them.

nginx would ask for a name once, when it starts. So the names are asked for here, at each deploy and
by the timer fks-peers; an address that changed is written and nginx reloaded. A name that has no
address yet is a refused connection, hence a 502; one that had an address keeps it while the DNS is
silent.
"""

import ipaddress
import socket
from collections.abc import Callable, Mapping

from . import mark, tree
from .paths import Paths

Resolve = Callable[[str], list[str]]
PORT = 443
KEPT = 16
TAILNET = ipaddress.ip_network("100.64.0.0/10")
# Nothing listens there, so that it is refused at once.
NOWHERE = "127.0.0.1:1"


def resolve(host: str) -> list[str]:
    """The tailnet addresses of a name, sorted; none when it has none or cannot be asked for."""
    try:
        found = socket.getaddrinfo(host, PORT, socket.AF_INET, socket.SOCK_STREAM)
    except OSError:
        return []
    addresses = {str(entry[4][0]) for entry in found}
    return sorted(one for one in addresses if ipaddress.ip_address(one) in TAILNET)


def refresh(paths: Paths, peers: Mapping[str, str], ask: Resolve = resolve) -> list[str]:
    """Let the edge read one upstream for each peer (name to host); returns what changed, which a
    mark says too until the edge has read it."""
    present = tree.read(paths.peers)
    wanted = {}
    for name, host in peers.items():
        file, addresses = f"{name}.conf", ask(host)
        known = present.get(file, b"").decode()
        keep = not addresses and _comment(host) in known
        wanted[file] = (known if keep else upstream(name, host, addresses)).encode()
    if wanted != present:
        mark.make(paths.reload_needed)
    return tree.sync(paths.peers, wanted)


def upstream(name: str, host: str, addresses: list[str]) -> str:
    """The upstream `<name>_peer`, as nginx reads it."""
    servers = [f"{address}:{PORT}" for address in addresses] or [NOWHERE]
    lines = "".join(f"    server {server};\n" for server in servers)
    return f"{_comment(host)}upstream {name}_peer {{\n{lines}    keepalive {KEPT};\n}}\n"


def _comment(host: str) -> str:
    return f"# {host}, kept by fks-peers\n"
