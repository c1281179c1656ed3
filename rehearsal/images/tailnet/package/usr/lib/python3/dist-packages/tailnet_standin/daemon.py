"""Keeps the address on the interface from boot on, and tells the control server it is alive."""

import os
import signal
import socket
import sys
import threading
from pathlib import Path

from tailnet_standin import NOTICE, VERSION, address, control, state
from tailnet_standin.cli import PID
from tailnet_standin.state import State

HEARTBEAT = 5.0
TIMEOUT = 5.0


def main() -> int:
    """Run until SIGTERM; then the address goes, as it does with the real daemon."""
    _log(f"tailscaled {VERSION}: {NOTICE}")
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    PID.write_text(f"{os.getpid()}\n", encoding="ascii")
    try:
        _restore()
        _notify_ready()
        trouble = ""
        while not stop.wait(HEARTBEAT):
            trouble = _beat(trouble)
    finally:
        PID.unlink(missing_ok=True)
        address.remove(state.load().address)
    return 0


def _restore() -> None:
    current = state.load()
    if current.backend == "Running":
        address.add(current.address)
        _log(f"{current.address} is back, {current.name}")


def _beat(before: str) -> str:
    """Tell the control server; returns what is wrong, logged when it changes."""
    current = state.load()
    if current.backend != "Running":
        return ""
    trouble = ""
    try:
        control.post(current.login_server, "heartbeat", {"node": current.node}, TIMEOUT)
    except control.RefusedError as refusal:
        trouble = f"control server: {refusal}"
        if refusal.status == 404:
            _removed(current)
    except control.UnreachableError as problem:
        trouble = f"control server not reached, carrying on: {problem}"
    if trouble != before:
        _log(trouble or "control server reached again")
    return trouble


def _removed(current: State) -> None:
    _log(f"{current.name} was removed from the tailnet: its address goes, it has to log in again")
    address.remove(current.address)
    state.save(State(login_server=current.login_server))


def _notify_ready() -> None:
    name = os.environ.get("NOTIFY_SOCKET", "")
    if not name:
        return
    target = "\0" + name[1:] if name.startswith("@") else str(Path(name))
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as channel:
        channel.sendto(b"READY=1", target)


def _log(text: str) -> None:
    sys.stderr.write(text + "\n")
    sys.stderr.flush()
