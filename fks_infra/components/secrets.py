"""The roles' passwords: generated once, encrypted in the state, the same in both modes."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pulumi
import pulumi_random as random

from fks_infra.release.deploy_request import secret_files
from fks_infra.roles import ROLES
from fks_infra.roles.role import Role, Secret

# Of the repositories for backups: one for the stack, because a data set moves between servers. It
# is never replaced: old snapshots need it.
BACKUP_PASSWORD = Secret(name="backup-password", length=40, files=(), output="backupPassword")


@dataclass(frozen=True, kw_only=True)
class SecretsArgs:
    """`rotation` is the number of each secret that was replaced, as in fks:rotation."""

    rotation: Mapping[str, int]
    protect: bool


class Secrets(pulumi.ComponentResource):
    """All generated secrets. They belong to no server: a change of the mode must keep them.

    by_role: role to secret file name to content. backup_password: of the repositories for backups.
    outputs: stack output name to value.
    """

    by_role: Mapping[str, pulumi.Output[dict[str, str]]]
    backup_password: pulumi.Output[str]
    outputs: Mapping[str, pulumi.Output[str]]

    def __init__(
        self, name: str, args: SecretsArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        super().__init__("fks:infra:Secrets", name, None, opts)
        self._args = args
        secrets = [*(secret for role in ROLES for secret in role.secrets), BACKUP_PASSWORD]
        values = {secret.name: self._generate(name, secret) for secret in secrets}
        self.by_role = {role.name: _files(role, values) for role in ROLES}
        self.backup_password = values[BACKUP_PASSWORD.name]
        self.outputs = {secret.output: values[secret.name] for secret in secrets if secret.output}
        self.register_outputs({})

    def _generate(self, prefix: str, secret: Secret) -> pulumi.Output[str]:
        """Letters and digits only, so that a value needs no quoting in a URL or an env file."""
        resource = f"{prefix}-{secret.name}"
        password = random.RandomPassword(
            resource,
            length=secret.length,
            special=False,
            opts=pulumi.ResourceOptions(
                parent=self,
                # A destroy stops at the protected servers; their databases' passwords must stay.
                protect=self._args.protect,
                # A later change of these must not replace a password that a database has stored.
                ignore_changes=["length", "special"],
                replacement_trigger=self._args.rotation.get(secret.name, 0),
            ),
        )
        return password.result


def _files(role: Role, values: Mapping[str, pulumi.Output[str]]) -> pulumi.Output[dict[str, str]]:
    own: dict[str, Any] = {secret.name: values[secret.name] for secret in role.secrets}
    known: pulumi.Output[Any] = pulumi.Output.secret(own)
    return known.apply(lambda generated: secret_files(role, generated))
