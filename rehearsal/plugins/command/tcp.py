"""TCP connections, with the error texts of Go's `net` package."""

from __future__ import annotations

import errno
import os
import re
import socket
from pathlib import Path

RESOLVERS = Path("/etc/resolv.conf")


def endpoint(host: str, port: int) -> str:
    """Host and port as one string, an IPv6 address in brackets."""
    return f"[{host}]:{port}" if ":" in host else f"{host}:{port}"


def connect(host: str, port: int, seconds: float) -> socket.socket:
    """A connected socket without a time limit; `seconds` bounds the connect, 0 means no bound."""
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except socket.gaierror as error:
        raise OSError(f"dial tcp: lookup {host} on {_resolver()}: no such host") from error
    failure = OSError(f"dial tcp: lookup {host}: no such host")
    for number, (family, kind, protocol, _, address) in enumerate(found):
        made = socket.socket(family, kind, protocol)
        made.settimeout(seconds or None)
        try:
            made.connect(address)
        except OSError as error:
            made.close()
            if number == 0:
                failure = OSError(f"dial tcp {endpoint(str(address[0]), port)}: {_reason(error)}")
            continue
        made.settimeout(None)
        return made
    raise failure


def _reason(error: OSError) -> str:
    if isinstance(error, TimeoutError) and error.errno != errno.ETIMEDOUT:
        return "i/o timeout"
    return f"connect: {os.strerror(error.errno or 0).lower()}"


def _resolver() -> str:
    servers = re.findall(r"^nameserver\s+(\S+)", RESOLVERS.read_text(), re.M)
    return endpoint(servers[0], 53) if servers else "127.0.0.1:53"
