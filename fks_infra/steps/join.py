"""Waits until a server is in the tailnet and answers SSH, or removes one from the tailnet.

`wait` prints one line of JSON, {"address": tailnet IPv4, "host_key": "ssh-ed25519 AAAA..."}. If it
ran before, Pulumi passes that line in PULUMI_COMMAND_STDOUT, and the host key must be the same.
Credentials come from the environment. Every wait has a deadline.
"""

import argparse
import json
import os
import sys
from collections.abc import Mapping
from dataclasses import dataclass

from fks_infra.clouds.http import CloudError, RejectedError, UnavailableError
from fks_infra.clouds.retry import RetryPolicy, retry
from fks_infra.clouds.tailscale import Tailscale
from fks_infra.clouds.tailscale_device import Device, devices_of
from fks_infra.steps import host_key

_REMOVE_SECONDS = 60.0


@dataclass(frozen=True, kw_only=True)
class ExpectedServer:
    """The server to wait for: its host name and tags in the tailnet, its address there where that
    is known, the address of its SSH port where that is another one, and its SSH host key where it
    is not a new server.
    """

    server: str
    hostname: str
    tags: frozenset[str]
    address: str | None = None
    ssh_address: str | None = None
    host_key: str | None = None


class _Attempt:
    """One attempt. `ssh_target` is the address tried last; empty if the server never joined."""

    def __init__(self, tailscale: Tailscale, expected: ExpectedServer) -> None:
        self._tailscale = tailscale
        self._expected = expected
        self.ssh_target = ""

    def __call__(self) -> dict[str, str]:
        device = self._device()
        if device is None or device.address is None:
            raise UnavailableError("the API answers, without this machine")
        if not device.authorized:
            raise UnavailableError(f"{device} waits for approval: {device.page}, Approve")
        self.ssh_target = self._expected.ssh_address or device.address
        found = host_key.scan(self.ssh_target)
        if self._expected.host_key not in (None, found):
            raise RejectedError(*host_key_message(self._expected, device))
        return {"address": device.address, "host_key": found}

    def _device(self) -> Device | None:
        # Not cached: an older device may have the same host name until the server joins.
        expected = self._expected
        found = devices_of(self._tailscale.devices(), expected.hostname, expected.tags)
        return next((d for d in found if expected.address in (None, d.address)), None)


def wait(tailscale: Tailscale, expected: ExpectedServer, policy: RetryPolicy) -> dict[str, str]:
    """The joined server's address and host key; RejectedError says why there is none."""
    attempt = _Attempt(tailscale, expected)
    try:
        return retry(attempt, policy)
    except UnavailableError as error:
        if attempt.ssh_target:
            raise RejectedError(
                ssh_message(expected.hostname, attempt.ssh_target, error.detail)
            ) from None
        raise RejectedError(
            join_message(expected.hostname, expected.server, error.detail)
        ) from None


def remove(tailscale: Tailscale, hostname: str, policy: RetryPolicy) -> None:
    """Remove every device with this host name from the tailnet."""

    def remove_devices() -> None:
        for device in tailscale.devices():
            if device.hostname == hostname:
                tailscale.delete_device(device)

    try:
        retry(remove_devices, policy)
    except UnavailableError as error:
        raise RejectedError(
            f"{hostname} could not be removed from the tailnet: {error.detail}",
            "Run pulumi again, or remove the machine in the Tailscale admin console",
        ) from None


def join_message(hostname: str, server: str, last: str) -> str:
    """The server did not join the tailnet before the deadline."""
    return (
        f"{hostname} did not join the tailnet in time (last result: {last}). Its log is "
        f"/var/log/fks/join.log; read it on the server's Lish console. If its key had expired "
        f"(after an hour) or was used, rebuild the server with a new key: raise its "
        f"generation (pulumi config set --path fks:generation.{server} N) and run pulumi up; "
        f"while fks:protect is true, pulumi does not replace a server that holds data"
    )


def ssh_message(hostname: str, address: str, last: str) -> str:
    """The server is in the tailnet, but its SSH port cannot be reached from this machine."""
    return (
        f"{hostname} is in the tailnet, but SSH at {address} cannot be reached from here (last "
        f"result: {last}). If the connection is refused, sshd is down: check it on the Lish "
        f"console. If it times out, this machine is outside the tailnet or its policy closes port "
        f"22: check tailscale status, or use the public address with fks:deployVia: public"
    )


def host_key_message(expected: ExpectedServer, device: Device) -> tuple[str, str]:
    """Another machine has the server's name in the tailnet; detail and remedy."""
    return (
        f"{device} has the name of {expected.server}, and another SSH host key",
        f"If it is not the server: {device.page}, Remove. If it is, and its host key was changed "
        f"on purpose: pulumi up --replace '**::{expected.server}-join-wait'",
    )


def known_host_key(environ: Mapping[str, str]) -> str | None:
    """The host key that the step's last run printed, or None for its first run."""
    last: dict[str, str] = json.loads(environ.get("PULUMI_COMMAND_STDOUT") or "{}")
    return last.get("host_key")


def parser() -> argparse.ArgumentParser:
    """The step's command line."""
    top = argparse.ArgumentParser(prog="join", description=__doc__)
    commands = top.add_subparsers(dest="command", required=True)
    waiting = commands.add_parser("wait", help="wait for a server")
    waiting.add_argument("--server", required=True, help="auth, api, web or single")
    waiting.add_argument("--tags", required=True, help="its key's tags, separated by commas")
    waiting.add_argument("--timeout", type=float, required=True, help="seconds for the whole wait")
    waiting.add_argument("--address", help="its address in the tailnet, if that is known")
    waiting.add_argument("--ssh-address", help="where SSH is, if not at the tailnet address")
    removing = commands.add_parser("remove", help="remove a server")
    for command in (waiting, removing):
        command.add_argument("--hostname", required=True, help="its host name in the tailnet")
    return top


def main(arguments: list[str] | None = None) -> int:
    """Run the step; 0 when done, 1 with a paragraph on standard error."""
    given = parser().parse_args(arguments)
    try:
        tailscale = Tailscale.from_environ(os.environ)
        if given.command == "remove":
            remove(tailscale, given.hostname, RetryPolicy(seconds=_REMOVE_SECONDS))
        else:
            expected = ExpectedServer(
                server=given.server,
                hostname=given.hostname,
                tags=frozenset(given.tags.split(",")),
                address=given.address,
                ssh_address=given.ssh_address,
                host_key=known_host_key(os.environ),
            )
            joined = wait(tailscale, expected, RetryPolicy(seconds=given.timeout))
            print(json.dumps(joined, sort_keys=True))
    except CloudError as error:
        print(error, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
