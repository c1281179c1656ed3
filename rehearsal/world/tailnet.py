"""The world's tailnet: a real control server (headscale), the real client, and the policy."""

from __future__ import annotations

import json
from typing import Any

from docker.models.containers import Container

from fks_infra.config.schema import declared_keys
from fks_infra.topology import tailnet_policy
from rehearsal.world import docker_api as api
from rehearsal.world.go_tools import TOOLS, GoTool
from rehearsal.world.names import CONTROL_NAME

HEADSCALE = GoTool(
    "headscale",
    "v0.29.2",
    "github.com/juanfont/headscale/cmd/headscale",
    TOOLS / "headscale",
    seconds=90,
)
# Left out of the build, because no server of this project uses it; the names are those of
# `tailscale.com/cmd/featuretags --list`.
_OMITTED = (
    "acme appconnectors aws bird capture clientupdate cloud completion conn25 dbus "
    "desktop_sessions drive flashappliance identityfederation kube networkmanager oauthkey "
    "posture qrcodes relayserver resolved serve ssh synology syspolicy systray taildrop "
    "tailnetlock tap tpm wakeonlan webbrowser webclient"
)
# The daemon with the command `tailscale` in it: called by that name, it is the command.
TAILSCALE = GoTool(
    "tailscale.combined",
    "1.102.5",
    "tailscale.com/cmd/tailscaled",
    TOOLS / "tailscale",
    stamps=("tailscale.com/version.shortStamp", "tailscale.com/version.longStamp"),
    tags=("ts_include_cli", *(f"ts_omit_{name}" for name in _OMITTED.split())),
    seconds=60,
)

USER = "fks"
OPERATOR_TAG = "tag:operator"
KEY_FILE = "tailnet.key"


def headscale_policy() -> bytes:
    """Return the program's policy in headscale's format (JSON).

    headscale has no group of admins, so its one user replaces them. The policy's tests are left
    out: headscale fails them while no server has joined.
    """
    tag = declared_keys()["tailnetTag"].default
    policy = tailnet_policy.policy(tag, [OPERATOR_TAG])
    owners = {
        name: [f"{USER}@" if owner == tailnet_policy.ADMINS else owner for owner in owned]
        for name, owned in policy["tagOwners"].items()
    }
    return json.dumps({"tagOwners": owners, "grants": policy["grants"]}, indent=2).encode()


def set_policy(control: Container, policy: bytes) -> None:
    """Replace the policy file and let headscale reload it."""
    api.put_files(control, "/etc/headscale", {"policy.json": policy})
    control.kill("SIGHUP")


def ensure_user(control: Container) -> None:
    """Create the tailnet's only user unless it exists."""
    if USER not in [row["name"] for row in _json(control, "users", "list") or []]:
        _headscale(control, "users", "create", USER)


def api_key(control: Container) -> bytes:
    """Create a key for the control server's API."""
    return _headscale(control, "apikeys", "create", "--expiration", "8760h").strip().encode()


def join(container: Container, control: Container, name: str, tag: str) -> str:
    """Join a container with a running client to the tailnet; return its IPv4 address."""
    if api.execute(container, ["tailscale", "ip", "-4"])[0] != 0:
        user = str(next(row["id"] for row in _json(control, "users", "list")))
        create = ["create", "--user", user, "--tags", tag, "--expiration", "10m"]
        key = str(_json(control, "preauthkeys", *create)["key"])
        api.put_files(container, "/root", {KEY_FILE: key.encode()}, mode=0o600)
        up = ["tailscale", "up", f"--auth-key=file:/root/{KEY_FILE}", f"--hostname={name}"]
        up += [f"--login-server=https://{CONTROL_NAME}", "--accept-dns=false", "--timeout=60s"]
        code, output = api.execute(container, up)
        api.execute(container, ["rm", "-f", f"/root/{KEY_FILE}"])
        if code != 0:
            raise RuntimeError(f"{name} did not join the tailnet: {output}")
    return api.execute(container, ["tailscale", "ip", "-4"])[1].strip()


def _json(control: Container, *arguments: str) -> Any:
    return json.loads(_headscale(control, *arguments, "--output", "json"))


def _headscale(control: Container, *arguments: str) -> str:
    code, output = api.execute(control, ["headscale", *arguments])
    if code != 0:
        raise RuntimeError(f"headscale {' '.join(arguments[:2])} exited with {code}: {output}")
    return output
