"""The worker: applies blueprints at start and after changes, and answers health requests."""

import os
import signal
import socket
import sys
import threading
from collections.abc import Mapping
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import psycopg  # type: ignore[import-not-found]

from . import store, users
from .blueprint import Entry, read
from .settings import VERSION, http_address, setting

FOLDER = Path("/blueprints")
BOOTSTRAP = ("BOOTSTRAP_PASSWORD", "BOOTSTRAP_PASSWORD_HASH", "BOOTSTRAP_TOKEN")
stopped = threading.Event()


def log(message: str) -> None:
    """Write a line to the container's log."""
    print(message, file=sys.stderr, flush=True)  # noqa: T201 - a container's log is its output


def bootstrap(environ: Mapping[str, str]) -> None:
    """Create the administrator. Without a bootstrap variable the set-up stays incomplete, and the
    server redirects every page to it: https://github.com/goauthentik/authentik/pull/21753"""
    given = {name: environ.get(f"AUTHENTIK_{name}", "") for name in BOOTSTRAP}
    encoded, password = given["BOOTSTRAP_PASSWORD_HASH"], given["BOOTSTRAP_PASSWORD"]
    if encoded and (password or len(encoded.split("$")) != 4):
        raise SystemExit("AUTHENTIK_BOOTSTRAP_PASSWORD_HASH is malformed, or beside a password")
    email = environ.get("AUTHENTIK_BOOTSTRAP_EMAIL", "root@example.com")
    created = users.by_name(users.ADMINISTRATOR) is None
    users.create(users.ADMINISTRATOR, {"email": email, "name": "Administrator"}, encoded or "!")
    if created and password:
        users.set_password(users.ADMINISTRATOR, password)
    if any(given.values()):
        store.put_document("setup", {"complete": True})


def apply(entries: list[Entry]) -> None:
    """Apply a blueprint: users and tokens to their tables, other objects as they are."""
    for entry in (entry for entry in entries if all(map(holds, entry.conditions))):
        if entry.model == "authentik_core.user":
            users.set_password(entry.identity["username"], entry.attrs["password"])
        elif entry.model == "authentik_core.token":
            user = entry.attrs["user"]["username"]
            users.put_token(entry.identity["identifier"], user, entry.attrs["key"])
        else:
            store.put_entries([entry[:3]])


def holds(condition: object) -> bool:
    """Whether a !Find finds a user with all fields; another condition is its own value."""
    if not isinstance(condition, dict) or "find" not in condition:
        return bool(condition)
    fields = {name: value for name, value in condition.items() if name != "find"}
    user = users.by_name(fields["username"]) or {}
    return fields.items() <= user.items()


class Health(BaseHTTPRequestHandler):
    """/-/health/live/ answers 200, /-/health/ready/ only with a database."""

    def do_GET(self) -> None:
        """Answer without a body."""
        try:
            if "ready" in self.path:
                store.check()
            self.send_response(200)
        except Exception:  # noqa: BLE001 - any error means not ready
            self.send_response(503)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_: object) -> None:
        """No log."""


def changed(known: dict[Path, float]) -> list[Path]:
    """Return the blueprint files that are new or changed; update ``known``."""
    found = {path: path.stat().st_mtime for path in FOLDER.rglob("*.yaml")}
    fresh = [path for path, at in found.items() if known.get(path) != at]
    known.clear()
    known.update(found)
    return fresh


def main() -> None:
    """Run until SIGTERM."""
    signal.signal(signal.SIGTERM, lambda *_: stopped.set())
    signal.signal(signal.SIGINT, lambda *_: stopped.set())
    setting("SECRET_KEY")
    store.prepare()
    bootstrap(os.environ)
    server = ThreadingHTTPServer(http_address(), Health)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    known: dict[Path, float] = {}
    while not stopped.wait(5 if known else 0):
        try:
            work(known)
        except psycopg.OperationalError as error:
            known.clear()
            log(f"no database, next try in 5 s: {error}")


def work(known: dict[Path, float]) -> None:
    """Apply new blueprints, and give a sign of life."""
    for path in changed(known):
        entries = read(path)
        apply(entries)
        log(f"applied {path.name}: {len(entries)} entries")
    store.put_worker(socket.gethostname(), VERSION)


if __name__ == "__main__":
    main()
