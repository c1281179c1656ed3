"""How does this machine reach the servers through the tailnet?"""

import json
import re
import subprocess
from collections.abc import Iterator, Mapping
from functools import partial
from typing import Any

from fks_infra.config.schema import declared_keys
from fks_infra.doctor.background import together
from fks_infra.doctor.check_context import Case
from fks_infra.doctor.findings import CannotTellError, Seen, ok, problem, unknown
from fks_infra.doctor.inventory import Placed
from fks_infra.doctor.stack_info import Subject

_PONG = re.compile(r"^pong from .* via (\S+) in ", re.MULTILINE)
_RELAYS = ("DERP", "peer-relay")
_OPEN = "to be direct, open UDP 41641 outbound where this machine is"


def path(case: Case) -> Iterator[Seen]:
    """What the tailnet's own client says; a connection at rest is woken by a ping."""
    done = _tailscale(["status", "--json"], case)
    status = json.loads(done.stdout) if done.returncode == 0 else {}
    if status.get("BackendState") != "Running":
        said = status.get("BackendState") or (done.stderr.strip().splitlines() or ["it failed"])[-1]
        yield problem(f"this machine is outside the tailnet: {said}", _up(case.subject))
        return
    if case.subject.undeployed:
        yield unknown(f"this machine is in the tailnet; {case.subject.undeployed}")
        return
    looks = {s.name: partial(_look, case, s, status) for s in case.subject.inventory.servers}
    for name, look in together(looks, case.limits.check / 2).items():
        yield look.result() if look.done() else unknown(f"{name}: tailscale ping did not end")


def _look(case: Case, server: Placed, status: Mapping[str, Any]) -> Seen:
    peers = (status.get("Peer") or {}).values()
    peer = next((p for p in peers if server.address in (p.get("TailscaleIPs") or ())), None)
    if peer is None:
        return problem(
            f"{server.name}: this machine's tailnet does not show it {server.address}",
            f"{_up(case.subject)} into the servers' tailnet, by a user that fks:tailnetOperators "
            f"names, or merge what this prints: fks tailnet policy --stack {case.subject.stack}",
        )
    if not peer.get("Online", True):
        return problem(
            f"{server.name}: {server.address} is not online in the tailnet",
            f"https://cloud.linode.com/linodes/{server.instance_id}: Power On, or Launch LISH "
            f"Console to look at systemctl status tailscaled",
        )
    return described(server, peer.get("CurAddr") or _ping(case, server))


def described(server: Placed, way: str) -> Seen:
    """A way as `tailscale ping` writes it: an address, or a relay; empty without an answer."""
    if not way:
        return unknown(
            f"{server.name}: no answer from {server.address}", f"tailscale ping {server.address}"
        )
    if way.startswith(_RELAYS):
        return ok(f"{server.name}: relayed by {way}, which is slower; {_OPEN}")
    return ok(f"{server.name}: direct, by {way}")


def _ping(case: Case, server: Placed) -> str:
    words = ["ping", "--c", "3", "--timeout", "2s", server.address]
    try:
        ways = _PONG.findall(_tailscale(words, case).stdout)
    except CannotTellError:
        ways = []
    return str(ways[-1]) if ways else ""


def _tailscale(words: list[str], case: Case) -> "subprocess.CompletedProcess[str]":
    command = ["tailscale", *words]
    try:
        return subprocess.run(
            command,
            capture_output=True,
            text=True,
            check=False,
            timeout=case.limits.call,
            env=dict(case.environ),
        )
    except FileNotFoundError:
        raise CannotTellError(
            "tailscale is not installed here, or not on the PATH",
            "https://tailscale.com/download, then tailscale up",
        ) from None
    except (OSError, subprocess.TimeoutExpired) as error:
        raise CannotTellError(f"{' '.join(command)}: {type(error).__name__}") from None


def _up(subject: Subject) -> str:
    usual = declared_keys()["loginServer"].default
    own = "" if subject.login_server == usual else f" --login-server {subject.login_server}"
    return f"tailscale up{own}"
