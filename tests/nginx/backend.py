"""Three applications for the tests of the edge, which answer with the request as JSON. Runs in a
container that shares the edge's network; standard library only.
"""

import base64
import hashlib
import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

PORTS = {9000: "auth", 8000: "api", 8080: "web"}
SOCKET_GUID = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11"


class Application(BaseHTTPRequestHandler):
    """Answers with the request as JSON; /broken has status 503, /wide a long header."""

    protocol_version = "HTTP/1.1"
    # One packet per answer; with two, the second waits for a delayed ACK of the first.
    wbufsize = 65536

    def answer(self) -> None:
        """Answer one request."""
        if self.headers.get("Upgrade") == "websocket":
            self.upgrade()
            return
        length = int(self.headers.get("Content-Length") or 0)
        request = {
            "application": PORTS[self.connection.getsockname()[1]],
            "status": "healthy",
            "method": self.command,
            "path": self.path,
            "headers": {name.lower(): value for name, value in self.headers.items()},
            "connection": self.client_address[1],
            "body": self.rfile.read(length).decode(),
            "filler": "x" * 4096,
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
