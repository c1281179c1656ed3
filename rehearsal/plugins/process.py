"""The start and end of a plugin's process: it prints its port, and ends with the engine."""

from __future__ import annotations

import os
import signal
import socket
import sys
import threading
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import grpc  # type: ignore[import-untyped]

POLL_SECONDS = 0.5
# A command may run for minutes, and the engine sets no limit on commands at a time. Threads start
# only when needed.
WORKERS = 512

# The handler of one RPC: request, gRPC context -> response.
Handler = Callable[[Any, Any], Any]
# The RPCs of a service: name -> request type, handler.
Handlers = Mapping[str, tuple[Any, Handler]]


def make_server(service: str, handlers: Handlers) -> grpc.Server:
    """A gRPC server of one service, without the default limit of 4 MiB on a message."""
    methods = {
        name: grpc.unary_unary_rpc_method_handler(
            handler,
            request_deserializer=request.FromString,
            response_serializer=lambda response: response.SerializeToString(),
        )
        for name, (request, handler) in handlers.items()
    }
    unlimited = [("grpc.max_receive_message_length", -1), ("grpc.max_send_message_length", -1)]
    server = grpc.server(ThreadPoolExecutor(max_workers=WORKERS), options=unlimited)
    server.add_generic_rpc_handlers((grpc.method_handlers_generic_handler(service, methods),))
    return server


def engine_address() -> str:
    """The engine's host:port: the one argument without a dash."""
    return next((argument for argument in sys.argv[1:] if not argument.startswith("-")), "")


def announce_and_wait(
    server: grpc.Server, engine: str, finish: Callable[[], None] = lambda: None
) -> None:
    """Serve on a free loopback port until SIGINT, SIGTERM, or the end of the engine.

    Then calls `finish`, and ends the children. Does not return: threads that wait for a remote host
    would keep the process alive.
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
    finish()
    _end_children()
    os._exit(0)


def _end_children() -> None:
    """End the process group: the engine gives each plugin its own."""
    if os.getpgrp() == os.getpid():
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
        os.killpg(0, signal.SIGTERM)


def _reachable(engine: str) -> bool:
    """Whether the engine still listens: it may have ended before this process started."""
    host, _, port = engine.rpartition(":")
    try:
        with socket.create_connection((host, int(port)), timeout=5):
            return True
    except OSError:
        return False
