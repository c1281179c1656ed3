"""Waits until a new server is in the tailnet and answers SSH, or takes one out of the tailnet.

`wait` prints one line of JSON, {"address": tailnet IPv4, "host_key": "ssh-ed25519 AAAA..."}.
Credentials come from the environment. Every wait ends.
"""

import argparse
import json
import os
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

from fks_infra.clouds.http import RefusedError, UnavailableError
from fks_infra.clouds.tailscale import Credentials, Tailnet
from fks_infra.steps import host_key as hostkey

T = TypeVar("T")

_PAUSE = 2.0
_REMOVE_SECONDS = 60


@dataclass(frozen=True, kw_only=True)
class Patience:
    """Until when to ask again, and how long to rest in between."""

    until: float
    pause: float = _PAUSE

    def poll(self, ask: Callable[[], T | None], last: list[str]) -> T | None:
        """The first answer, or None when the time is over; `last` then holds the reason."""
        while True:
            try:
                answer = ask()
            except UnavailableError as error:
                answer, last[:] = None, [str(error)]
            if answer is not None:
                return answer
            left = self.until - time.monotonic()
            if left <= 0:
                return None
            time.sleep(min(self.pause, left))


@dataclass(frozen=True, kw_only=True)
class Awaited:
    """The server to wait for: its name and tags in the tailnet, and where SSH is if not there."""

    server: str
    hostname: str
    tags: frozenset[str]
    ssh_address: str | None = None


def wait(tailnet: Tailnet, awaited: Awaited, patience: Patience) -> dict[str, str]:
    """The joined server's address and host key; RefusedError says what kept it away."""
    last: list[str] = []
    targets: list[str] = []

    def answers() -> dict[str, str] | None:
        # Asked for again each time: one of the same name may have been there before it.
        device = tailnet.newest(awaited.hostname, awaited.tags)
        address = device.address if device else None
        if address is None:
            return None
        targets[:] = [awaited.ssh_address or address]
        host_key = hostkey.scan(targets[0], last)
        return {"address": address, "host_key": host_key} if host_key else None

    found = patience.poll(answers, last)
    if found is None:
        if not targets:
            raise RefusedError(never_joined(awaited.hostname, awaited.server, last))
        raise RefusedError(no_ssh(awaited.hostname, targets[0], last))
    return found


def remove(tailnet: Tailnet, hostname: str, patience: Patience) -> None:
    """Take every device of this name out of the tailnet."""
    last: list[str] = []

    def removed() -> bool:
        for device in tailnet.named(hostname):
            tailnet.remove(device)
        return True

    if not patience.poll(removed, last):
        raise RefusedError(
            f"{hostname} could not be taken out of the tailnet: {_seen(last)}. Run pulumi again, "
            f"or remove the machine in the Tailscale admin console."
        )


def never_joined(hostname: str, server: str, last: list[str]) -> str:
    """The server is not in the tailnet when the time is over."""
    return (
        f"{hostname} did not join the tailnet in time (last seen: {_seen(last)}). Its log is "
        f"/var/log/fks/join.log, to be read on the server's Lish console. If its key had expired "
        f"(after an hour) or was used, build the server anew with a fresh one: raise its "
        f"generation (pulumi config set --path fks:generation.{server} N) and run pulumi up; "
        f"while fks:protect is true, a server that holds data refuses."
    )


def no_ssh(hostname: str, address: str, last: list[str]) -> str:
    """It is in the tailnet, but from here its SSH port cannot be reached."""
    return (
        f"{hostname} is in the tailnet, but SSH at {address} cannot be reached from here (last "
        f"seen: {_seen(last)}). If the connection is refused, sshd is down: look at the Lish "
        f"console. If it times out, this machine is outside the tailnet or its policy closes port "
        f"22: check tailscale status, or go by the public address with fks:deployVia: public."
    )


def _seen(last: list[str]) -> str:
    return last[0] if last else "the API answers, without this machine"


def parser() -> argparse.ArgumentParser:
    """The step's command line."""
    top = argparse.ArgumentParser(prog="join", description=__doc__)
    verbs = top.add_subparsers(dest="verb", required=True)
    waiting = verbs.add_parser("wait", help="wait for a server")
    waiting.add_argument("--server", required=True, help="auth, api, web or single")
    waiting.add_argument("--tags", required=True, help="the tags its key gave it, by comma")
    waiting.add_argument("--timeout", type=float, required=True, help="seconds for the whole wait")
    waiting.add_argument("--ssh-address", help="where SSH is, if not at the tailnet address")
    removing = verbs.add_parser("remove", help="remove a server")
    for verb in (waiting, removing):
        verb.add_argument("--hostname", required=True, help="the name it joins under")
    return top


def main(arguments: list[str] | None = None) -> int:
    """Run the step; 0 when done, 1 with a paragraph on standard error."""
    given = parser().parse_args(arguments)
    seconds = given.timeout if given.verb == "wait" else _REMOVE_SECONDS
    patience = Patience(until=time.monotonic() + seconds)
    try:
        tailnet = Tailnet(Credentials.read(os.environ))
        if given.verb == "remove":
            remove(tailnet, given.hostname, patience)
        else:
            awaited = Awaited(
                server=given.server,
                hostname=given.hostname,
                tags=frozenset(given.tags.split(",")),
                ssh_address=given.ssh_address,
            )
            found = wait(tailnet, awaited, patience)
            print(json.dumps(found, sort_keys=True))
    except RefusedError as error:
        print(error, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
