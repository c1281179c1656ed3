"""Serves several applications in one process and one event loop."""

import asyncio
import contextlib
import os
import signal
import socket
import sys
from collections.abc import Callable, Iterator
from typing import Any

import uvicorn

POLL_PARENT = 1.0


class _Server(uvicorn.Server):
    """Does not handle signals: `run` does, for all servers of the process."""

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


def listen(host: str, port: int) -> socket.socket:
    """A listening TCP socket; port 0 selects a free one."""
    opened = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    opened.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    opened.bind((host, port))
    opened.listen(128)
    return opened


async def run(
    served: list[tuple[Any, socket.socket]],
    *,
    tls: tuple[str, str] | None = None,
    follow_parent: bool = False,
    ready: Callable[[], None] = lambda: None,
) -> None:
    """Serve each application on its socket until SIGTERM or SIGINT.

    `tls` is (certificate, key). With `follow_parent` it also ends with the parent process.
    """
    servers = [_Server(_config(app, tls)) for app, _ in served]

    def stop() -> None:
        for server in servers:
            server.should_exit = True

    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop)
    tasks = [
        asyncio.create_task(server.serve(sockets=[opened]))
        for server, (_, opened) in zip(servers, served, strict=True)
    ]
    watcher = asyncio.create_task(_watch_parent(stop)) if follow_parent else None
    while not all(server.started for server in servers) and not any(t.done() for t in tasks):
        await asyncio.sleep(0.01)
    ready()
    await asyncio.gather(*tasks)
    if watcher:
        watcher.cancel()


def _config(app: Any, tls: tuple[str, str] | None) -> uvicorn.Config:
    cert, key = tls or (None, None)
    return uvicorn.Config(
        app,
        log_level="warning",
        access_log=False,
        lifespan="off",
        ssl_certfile=cert,
        ssl_keyfile=key,
        server_header=False,
        timeout_graceful_shutdown=3,
    )


async def _watch_parent(stop: Callable[[], None]) -> None:
    parent = os.getppid()
    while os.getppid() == parent:
        await asyncio.sleep(POLL_PARENT)
    # Before the message: standard error may be closed already.
    stop()
    sys.stderr.write("The process that started the clouds is gone: the clouds end too\n")
