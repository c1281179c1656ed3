"""The commands of the stand-in client; texts and exit codes follow the real one's."""

import json
import os
import socket
import sys
import time
from argparse import Namespace
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from tailnet_standin import NOTICE, VERSION, address, control, options, state
from tailnet_standin.state import State

PID = Path("/run/tailscale/tailscaled.pid")
TRY_TIMEOUT = 10.0
PAUSE = 1.0


def main(words: Sequence[str]) -> int:
    """Run one command; returns the exit code."""
    asked = options.parser().parse_args(words)
    commands: dict[str, Callable[[Namespace], int]] = {
        "up": up,
        "down": down,
        "logout": logout,
        "ip": show_ip,
        "status": status,
        "wait": wait,
        "version": version,
    }
    if asked.command in ("up", "down", "logout"):
        problem = _not_allowed()
        if problem:
            return _fail(problem)
    return commands[asked.command](asked)


def up(asked: Namespace) -> int:
    """Register with the control server, then put the address on the interface."""
    current = state.load()
    server = asked.login_server or current.login_server or options.LOGIN_SERVER
    known = current.node and server == current.login_server and not asked.force_reauth
    body = {
        "key": asked.auth_key,
        "node": current.node if known else "",
        "hostname": asked.hostname or current.hostname or socket.gethostname(),
        "tags": [tag for tag in asked.advertise_tags.split(",") if tag],
        "version": VERSION,
    }
    try:
        answer = _register(server, body, asked.timeout)
    except control.RefusedError as refusal:
        return _fail(f"backend error: {refusal}")
    except control.UnreachableError as problem:
        return _fail(f"timeout waiting for Tailscale to be Running: {problem}")
    address.remove(current.address)
    joined = State(
        login_server=server,
        node=answer["node"],
        id=answer["nodeId"],
        name=answer["name"],
        hostname=answer["hostname"],
        addresses=answer["addresses"],
        tags=answer["tags"],
    )
    state.save(joined)
    address.add(joined.address)
    return 0


def _register(server: str, body: dict[str, Any], timeout: float) -> dict[str, Any]:
    """Ask again until the control server answers; with `timeout` 0 for ever."""
    deadline = time.monotonic() + timeout
    while True:
        try:
            return control.post(server, "register", body, TRY_TIMEOUT)
        except control.UnreachableError:
            if timeout and time.monotonic() >= deadline:
                raise
            time.sleep(PAUSE)


def down(_asked: Namespace) -> int:
    """Take the address off; the registration stays."""
    current = state.load()
    address.remove(current.address)
    current.wanted = False
    state.save(current)
    return 0


def logout(_asked: Namespace) -> int:
    """Leave the tailnet for good."""
    current = state.load()
    if current.node:
        try:
            control.post(current.login_server, "logout", {"node": current.node}, TRY_TIMEOUT)
        except control.RefusedError as refusal:
            # Removed already is what was wanted.
            if refusal.status != 404:
                return _fail(str(refusal))
        except control.UnreachableError as problem:
            return _fail(str(problem))
    address.remove(current.address)
    state.save(State(login_server=current.login_server))
    return 0


def show_ip(asked: Namespace) -> int:
    """Print the addresses, one a line."""
    current = state.load()
    if current.backend != "Running":
        return _fail(f"no current Tailscale IPs; state: {current.backend}")
    both = asked.four == asked.six
    wanted = [a for a in current.addresses if both or (":" in a) == asked.six]
    for text in wanted[:1] if asked.one else wanted:
        sys.stdout.write(text + "\n")
    return 0


def status(asked: Namespace) -> int:
    """Print the state for a person or, with --json, for a program."""
    current = state.load()
    if asked.json:
        sys.stdout.write(json.dumps(_status(current), indent=2) + "\n")
        return 0
    if current.backend != "Running":
        sys.stdout.write(f"{'Logged out.' if not current.node else 'Tailscale is stopped.'}\n")
        return 1
    sys.stdout.write(f"{current.address}  {current.hostname}  linux  ({NOTICE})\n")
    return 0


def _status(current: State) -> dict[str, object]:
    own = {
        "ID": current.id,
        "HostName": current.hostname,
        "DNSName": f"{current.name}." if current.name else "",
        "OS": "linux",
        "TailscaleIPs": current.addresses,
        "Tags": current.tags,
        "Online": current.backend == "Running",
    }
    return {
        "Version": f"{VERSION}-standin",
        "TUN": False,
        "BackendState": current.backend,
        "HaveNodeKey": bool(current.node),
        "AuthURL": "",
        "TailscaleIPs": current.addresses,
        "Self": own,
        "Health": [NOTICE],
        "Peer": {},
    }


def wait(asked: Namespace) -> int:
    """Wait until this machine is in the tailnet and has its address."""
    deadline = time.monotonic() + asked.timeout if asked.timeout else None
    while True:
        current = state.load()
        if current.backend == "Running" and current.address in address.present():
            return 0
        if deadline and time.monotonic() >= deadline:
            return _fail(f"not ready; state: {current.backend}")
        time.sleep(PAUSE)


def version(_asked: Namespace) -> int:
    """Print the version and that this is not the real client."""
    sys.stdout.write(f"{VERSION}\n  {NOTICE}\n")
    return 0


def _not_allowed() -> str:
    if os.geteuid() != 0:
        return "Access denied: this command needs root, use sudo"
    if not PID.exists():
        return (
            "failed to connect to local tailscaled; it doesn't appear to be running "
            "(sudo systemctl start tailscaled ?)"
        )
    return ""


def _fail(text: str) -> int:
    sys.stderr.write(text + "\n")
    return 1
