"""A socket server that serves in a thread while a block runs."""

from collections.abc import Iterator
from contextlib import contextmanager
from socketserver import BaseServer
from threading import Thread

# How long the end of a block waits for the server's loop, in seconds.
_POLL_SECONDS = 0.01


@contextmanager
def running(server: BaseServer) -> Iterator[None]:
    """Serve until the block ends, then close the server's socket."""
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": _POLL_SECONDS})
    thread.start()
    try:
        yield
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
