"""How does this machine reach the servers through the tailnet?"""

import json
import re
import subprocess
from collections.abc import Collection, Iterator, Mapping
from functools import partial
from typing import Any

from fks_infra.config.schema import declared_keys
from fks_infra.doctor.background import together
from fks_infra.doctor.check_context import CheckContext
from fks_infra.doctor.findings import (
    CheckResult,
    InconclusiveError,
    ok,
    problem,
    unknown,
    warning,
)
from fks_infra.doctor.stack_info import StackInfo
from fks_infra.remote.inventory import DeployedServer
from fks_infra.topology.names import host_name

_PONG = re.compile(r"^pong from .* via (\S+) in ", re.MULTILINE)
_RELAYS = ("DERP", "peer-relay")


def tailnet_path(context: CheckContext) -> Iterator[CheckResult]:
    """Read the status of Tailscale's client; a ping wakes an idle connection."""
    stack = context.stack
    done = _tailscale(["status", "--json"], context)
    status = json.loads(done.stdout) if done.returncode == 0 else {}
    if status.get("BackendState") != "Running":
        errors = done.stderr.strip().splitlines() or ["it failed"]
        state = status.get("BackendState") or errors[-1]
        yield problem(f"this machine is outside the tailnet: {state}", _up(stack))
        return
    if stack.undeployed:
        yield unknown(f"this machine is in the tailnet; {stack.undeployed}")
        return
    calls = {s.name: partial(_server, context, s, status) for s in stack.inventory.servers}
    for name, future in together(calls, context.limits.check / 2).items():
        yield future.result() if future.done() else unknown(f"{name}: tailscale ping did not end")


def _server(
    context: CheckContext, server: DeployedServer, status: Mapping[str, Any]
) -> CheckResult:
    peers = (status.get("Peer") or {}).values()
    peer = next((p for p in peers if server.address in (p.get("TailscaleIPs") or ())), None)
    is_online = peer is not None and peer.get("Online", True)
    if not is_online and (moved := _other_address(server, peers)):
        return problem(
            f"{server.name}: {server.address} is not online, and its host name is at {moved}",
            "See tailnet-devices",
        )
    if peer is None:
        return problem(
            f"{server.name}: this machine's tailnet does not show it {server.address}",
            f"{_up(context.stack)} into the servers' tailnet, as a user that fks:tailnetOperators "
            f"names, or merge what this prints: fks tailnet policy --stack {context.stack.stack}",
        )
    if not is_online:
        return problem(
            f"{server.name}: {server.address} is not online in the tailnet",
            f"https://cloud.linode.com/linodes/{server.instance_id}: Power On, or Launch LISH "
            f"Console and run systemctl status tailscaled",
        )
    return path_result(server, peer.get("CurAddr") or _ping(context, server))


def _other_address(server: DeployedServer, peers: Collection[Mapping[str, Any]]) -> str:
    """Another address at which the server's host name is online; empty without one."""
    hostname = host_name(server.name, server.instance_id)
    online = [p for p in peers if p.get("HostName") == hostname and p.get("Online")]
    return str(online[0]["TailscaleIPs"][0]) if online else ""


def path_result(server: DeployedServer, path: str) -> CheckResult:
    """`path` is an address or a relay as `tailscale ping` prints it; empty without an answer."""
    if not path:
        return unknown(
            f"{server.name}: no answer from {server.address}", f"tailscale ping {server.address}"
        )
    if path.startswith(_RELAYS):
        return warning(
            f"{server.name}: relayed by {path}, which is slower than a direct connection",
            "Allow outbound UDP 41641 in this machine's network",
        )
    return ok(f"{server.name}: direct, by {path}")


def _ping(context: CheckContext, server: DeployedServer) -> str:
    arguments = ["ping", "--c", "3", "--timeout", "2s", server.address]
    try:
        paths = _PONG.findall(_tailscale(arguments, context).stdout)
    except InconclusiveError:
        paths = []
    return str(paths[-1]) if paths else ""


def _tailscale(arguments: list[str], context: CheckContext) -> "subprocess.CompletedProcess[str]":
    command = ["tailscale", *arguments]
    try:
        return subprocess.run(
            command,
            capture_output=True,
            text=True,
            check=False,
            timeout=context.limits.call,
            env=dict(context.environ),
        )
    except FileNotFoundError:
        raise InconclusiveError(
            "tailscale is not installed here, or not on the PATH",
            "https://tailscale.com/download, then tailscale up",
        ) from None
    except (OSError, subprocess.TimeoutExpired) as error:
        raise InconclusiveError(f"{' '.join(command)}: {type(error).__name__}") from None


def _up(stack: StackInfo) -> str:
    default = declared_keys()["loginServer"].default
    own = "" if stack.login_server == default else f" --login-server {stack.login_server}"
    return f"tailscale up{own}"
