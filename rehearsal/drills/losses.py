"""The losses, and how they are played."""

from __future__ import annotations

import re
import secrets

from rehearsal.drills.loss import Loss, nothing
from rehearsal.world import docker_api as api
from rehearsal.world.operator import STATE
from rehearsal.world.scenario import Scenario

_ENVIRONMENT = "/etc/fks/operator.env"
_PASSPHRASE_FILE = "/root/passphrase"
_YES = r"y\n"
_CLOUDFLARE = ("CLOUDFLARE_API_TOKEN", "FKS_ACME_DNS_TOKEN")


def _shell(scenario: Scenario, text: str) -> str:
    return scenario.operator.output(["sh", "-c", text])


def _lose_server(scenario: Scenario) -> None:
    scenario.delete_outside(scenario.servers_by_role()["api"])


def _lose_laptop(scenario: Scenario) -> None:
    """A fresh checkout, whose stack file was committed; nothing of the old login is left."""
    _shell(scenario, f'printf %s "$PULUMI_CONFIG_PASSPHRASE" >{_PASSPHRASE_FILE}')
    keep = f"Pulumi.{scenario.stack}.yaml"
    _shell(scenario, f"find /srv/fks -mindepth 1 -type f ! -path '/srv/fks/{keep}' -delete")
    _shell(scenario, "rm -rf ~/.pulumi/workspaces ~/.pulumi/credentials.json ~/.ssh/known_hosts")
    scenario.operator.copy_program()


def _state_url(scenario: Scenario) -> str:
    """As the recovery sheet has it."""
    sheet = scenario.operator.output(["fks", "recovery-sheet"])
    return str(re.findall(r"^ +state +(\S+)$", sheet, re.MULTILINE)[0])


def _lose_state(scenario: Scenario) -> None:
    _shell(scenario, f"rm -r {STATE}/.pulumi; mkdir {STATE}/.pulumi")


def _lose_passphrase(scenario: Scenario) -> None:
    _export(scenario, PULUMI_CONFIG_PASSPHRASE=secrets.token_hex(16))


def _export(scenario: Scenario, **variables: str) -> None:
    """The operator exports other values from now on."""
    text = scenario.operator.output(["cat", _ENVIRONMENT])
    for name, value in variables.items():
        text = re.sub(f"(?m)^({name})=.*$", rf"\1={value}", text)
    files = {"operator.env": text.encode()}
    api.put_files(scenario.operator.container, "/etc/fks", files, mode=0o600)


def _lock_cloudflare(scenario: Scenario) -> None:
    """Both tokens are revoked; the operator exports new ones."""
    control = scenario.control
    servers = scenario.operator.output(["pulumi", "config", "get", "fks:acmeDnsToken"]).strip()
    for token in (servers, _exported(scenario, "CLOUDFLARE_API_TOKEN")):
        control.revoke_token("cloudflare", token)
    new = {name: control.new_token("cloudflare") for name in _CLOUDFLARE}
    _export(scenario, **new)


def _lock_tailscale(scenario: Scenario) -> None:
    """The API key is revoked; the operator exports a new one."""
    control = scenario.control
    control.revoke_token("tailscale", _exported(scenario, "TAILSCALE_API_KEY"))
    _export(scenario, TAILSCALE_API_KEY=control.new_token("tailscale"))


def _exported(scenario: Scenario, name: str) -> str:
    return _shell(scenario, f'printf %s "${name}"')


def _lose_password(scenario: Scenario) -> None:
    """The output is lost with the state; the snapshots are still there."""
    scenario.operator.output(["fks", "backup", "all"])
    _lose_state(scenario)


def _public_key(scenario: Scenario) -> str:
    return scenario.operator.output(["pulumi", "config", "get", "fks:deployPublicKey"]).strip()


LOSSES = (
    Loss(
        name="server-lost", title="Server lost with its disk", cause=_lose_server, new_servers=True
    ),
    # The commands are the same in a region that answers.
    Loss(name="region-lost", title="Region lost", cause=nothing, new_servers=True),
    Loss(
        name="laptop-lost",
        title="Laptop lost",
        fill={"URL": _state_url, "FILE": lambda _: _PASSPHRASE_FILE},
        cause=_lose_laptop,
        before="unset PULUMI_CONFIG_PASSPHRASE PULUMI_BACKEND_URL",
    ),
    Loss(
        name="state-lost",
        title="State lost",
        cause=_lose_state,
        typed={"fks recover-state": _YES},
    ),
    Loss(
        name="passphrase-lost",
        title="Passphrase lost",
        cause=_lose_passphrase,
        late={"KEY": _public_key},
        typed={"fks init": r"\n\n\n\n\n", "fks recover-state": _YES},
    ),
    Loss(
        name="cloudflare-locked",
        title="Cloudflare account locked",
        cause=_lock_cloudflare,
        typed={"fks rotate dns-token": _YES},
    ),
    Loss(name="tailscale-locked", title="Tailscale account locked", cause=_lock_tailscale),
    Loss(
        name="password-lost",
        title="Repository password lost",
        cause=_lose_password,
        typed={"fks recover-state": _YES},
    ),
)
