"""The servers' own packet filter holds when everything around it is open."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager

from rehearsal.world.checks.closed_ports import listening
from rehearsal.world.external_host import Stranger
from rehearsal.world.names import STRANGER, container
from rehearsal.world.progress import wait_until
from rehearsal.world.report import Check
from rehearsal.world.scenario import Story
from rehearsal.world.tailnet import headscale_policy, set_policy

METADATA = "169.254.169.254"
PORT = 31338
FIREWALL = "fks-firewall.service"
CONNECT = """
import socket, sys
try:
    socket.create_connection((sys.argv[1], int(sys.argv[2])), 4).close()
    print("open")
except OSError as error:
    print(f"closed: {error}")
"""
ALLOW_ALL = {"grants": [{"src": ["*"], "dst": ["*"], "ip": ["*"]}]}


def peers(story: Story) -> Iterator[Check]:
    """Under a policy that allows everything, a peer in the tailnet reaches 22 and 443 alone."""
    row = story.operator.servers()[0]
    name, address = row["name"], row["tailnet_ip"]
    with listening(story, name, PORT), _open_policy(story):
        with _unfiltered(story, name):
            wait_until(
                "the open policy is in force", lambda: _unless_open(story, address, PORT), 30
            )
        seen = {port: _connect(story, address, port) for port in (22, 443, PORT)}
    ok = [seen[22], seen[443]] == ["open", "open"] and seen[PORT].startswith("closed")
    yield Check("peers_reach_22_and_443", ok, f"{name} under an allow-all policy: {seen}")


def metadata(story: Story) -> Iterator[Check]:
    """The metadata address answers root, and neither nginx nor any other container."""
    name = story.carriers()["api"]
    with Stranger.visit(story.world.client) as stranger:
        stranger.serve(METADATA)
        story.on_server(name, "ip", "route", "replace", METADATA, "via", STRANGER)
        try:
            connect = ["python3", "-c", CONNECT, METADATA, "80"]
            seen = {
                "root": story.on_server(name, *connect),
                "nginx": story.in_service(
                    name, "edge", "curl", "-sS", "-m", "4", f"http://{METADATA}"
                ),
                "api": story.in_service(name, "api", *connect),
            }
            with _unfiltered(story, name):
                seen["api without the filter"] = story.in_service(name, "api", *connect)
        finally:
            story.on_server(name, "ip", "route", "delete", METADATA)
    ok = (
        seen["root"].startswith("open")
        and "timed out" in seen["nginx"]
        and seen["api"].startswith("closed")
        and seen["api without the filter"].startswith("open")
    )
    told = {place: " ".join(said.split())[:60] for place, said in seen.items()}
    yield Check("metadata_only_for_root", ok, f"{name}: {told}")


@contextmanager
def _unfiltered(story: Story, name: str) -> Iterator[None]:
    """Without the server's own filter all is open, so that nothing else is what closes it."""
    story.on_server(name, "systemctl", "stop", FIREWALL)
    try:
        yield
    finally:
        story.on_server(name, "systemctl", "start", FIREWALL)


@contextmanager
def _open_policy(story: Story) -> Iterator[None]:
    control = story.world.client.containers.get(container("control"))
    owners = json.loads(headscale_policy())["tagOwners"]
    set_policy(control, json.dumps({"tagOwners": owners, **ALLOW_ALL}).encode())
    try:
        yield
    finally:
        set_policy(control, headscale_policy())


def _connect(story: Story, address: str, port: int) -> str:
    return story.operator.output(["python3", "-c", CONNECT, address, str(port)]).strip()


def _unless_open(story: Story, address: str, port: int) -> str | None:
    seen = _connect(story, address, port)
    return None if seen == "open" else seen
