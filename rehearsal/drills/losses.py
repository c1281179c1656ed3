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
    """The operator exports another one."""
    new = re.sub(
        "(?m)^(PULUMI_CONFIG_PASSPHRASE)=.*$",
        rf"\1={secrets.token_hex(16)}",
        scenario.operator.output(["cat", _ENVIRONMENT]),
    )
    files = {"operator.env": new.encode()}
    api.put_files(scenario.operator.container, "/etc/fks", files, mode=0o600)


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
)
