"""How a plugin's process begins and ends: it prints its port, and does not outlive the engine."""

from __future__ import annotations

import os
import signal
import socket
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import grpc

POLL_SECONDS = 0.5
# A command may run for minutes and the engine starts as many as it likes; threads are made only when needed.
WORKERS = 512


def make_server() -> grpc.Server:
    """A gRPC server without the default limit of 4 MiB on a message."""
    unlimited = [("grpc.max_receive_message_length", -1), ("grpc.max_send_message_length", -1)]
    return grpc.server(ThreadPoolExecutor(max_workers=WORKERS), options=unlimited)


def announce_and_wait(server: grpc.Server, engine: str, close: Callable[[], None]) -> None:
    """Serve on a free loopback port until SIGINT, SIGTERM, or the end of the engine at `engine` (host:port).

    Does not return: threads that still wait for a remote host must not keep the process.
    """
    over = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: over.set())
    parent = os.getppid()
    port = server.add_insecure_port("127.0.0.1:0")
    server.start()
    os.write(1, f"{port}\n".encode())
    if not engine or _reachable(engine):
        while not over.wait(POLL_SECONDS) and os.getppid() == parent:
            pass
    close()
    os._exit(0)


def _reachable(engine: str) -> bool:
    """Whether the engine still listens: it may have died before this process looked for its parent."""
    host, _, port = engine.rpartition(":")
    try:
        with socket.create_connection((host, int(port)), timeout=5):
            return True
    except OSError:
        return False
