"""Two applications for the tests of the edge, which answer with the request as JSON. Runs in a
container that shares the edge's network; standard library only.

/api/redirect/SCHEME redirects to /api/redirect/ on the same host, /api/events/NAME sends an event,
and a second one after a request for /api/continue/NAME.
"""

import base64
import hashlib
import json
import threading
from collections import defaultdict
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

PORTS = {9000: "auth", 9001: "auth-worker", 8000: "api", 8001: "api"}
CONTINUED: dict[str, threading.Event] = defaultdict(threading.Event)
SOCKET_GUID = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11"


class Application(BaseHTTPRequestHandler):
    """Answers with the request as JSON; /broken has status 503, /wide a long header,
    and what is below /large has a body of a megabyte."""

    protocol_version = "HTTP/1.1"
    # One packet per answer; with two, the second waits for a delayed ACK of the first.
    wbufsize = 65536

    def answer(self) -> None:
        """Answer one request."""
        if self.headers.get("Upgrade") == "websocket":
            self.upgrade()
            return
        if self.path.startswith("/api/redirect/"):
            self.redirect(self.path.rpartition("/")[2])
            return
        if self.path.startswith("/api/events/"):
            self.send_events(self.path.rpartition("/")[2])
            return
        if self.path.startswith("/api/continue/"):
            CONTINUED[self.path.rpartition("/")[2]].set()
        length = int(self.headers.get("Content-Length") or 0)
        request = {
            "application": PORTS[self.connection.getsockname()[1]],
            "status": "healthy",
            "method": self.command,
            "path": self.path,
            "headers": {name.lower(): value for name, value in self.headers.items()},
            "connection": self.client_address[1],
            "body": self.rfile.read(length).decode(),
            "filler": "x" * (1_000_000 if "/large/" in self.path else 4096),
        }
        body = json.dumps(request).encode()
        self.send_response(503 if self.path.endswith("/broken") else 200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.send_header("Cache-Control", "max-age=60")
        self.send_header("X-Frame-Options", "ALLOWALL")
        if self.path.endswith("/wide"):
            self.send_header("X-Wide", "w" * 20_000)
        self.end_headers()
        self.wfile.write(body)

    do_GET = do_POST = answer  # noqa: N815 (the base class's names)

    def redirect(self, scheme: str) -> None:
        """Redirect to the same host with this scheme; "away" to another host."""
        own = f"{scheme}://{self.headers['Host']}/api/redirect/"
        self.send_response(307)
        self.send_header("Location", "https://auth.fks.test/x" if scheme == "away" else own)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def send_events(self, name: str) -> None:
        """Send two server-sent events; ends the connection."""
        self.send_response(200)
        self.send_header("Content-Type", "text/event-stream")
        self.send_header("X-Accel-Buffering", "no")
        self.send_header("Connection", "close")
        self.end_headers()
        self.wfile.write(b"data: first\n\n")
        self.wfile.flush()
        if CONTINUED[name].wait(timeout=10):
            self.wfile.write(b"data: second\n\n")
        self.close_connection = True

    def upgrade(self) -> None:
        """Accept a WebSocket, send one byte and close."""
        key = str(self.headers["Sec-WebSocket-Key"]) + SOCKET_GUID
        accept = base64.b64encode(hashlib.sha1(key.encode()).digest()).decode()
        self.send_response(101)
        self.send_header("Upgrade", "websocket")
        self.send_header("Connection", "Upgrade")
        self.send_header("Sec-WebSocket-Accept", accept)
        self.end_headers()
        self.wfile.write(b"!")
        self.close_connection = True

    def log_message(self, *_: object) -> None:
        """No log."""


def main() -> None:
    """Serve until killed."""
    servers = [ThreadingHTTPServer(("127.0.0.1", port), Application) for port in PORTS]
    threads = [threading.Thread(target=server.serve_forever) for server in servers]
    for thread in threads:
        thread.start()


if __name__ == "__main__":
    main()
