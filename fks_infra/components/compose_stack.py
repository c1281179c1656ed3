"""The release of a server: its compose files and nginx configuration, made the running ones."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pulumi
from pulumi_command import remote

from fks_infra.components.join import Join
from fks_infra.components.remote_step import remote_step, upload
from fks_infra.release import commands
from fks_infra.release.bundle import Bundle


@dataclass(frozen=True, kw_only=True)
class ComposeStackArgs:
    """The release, how to reach the server, and what it is told by standard input.

    `names` are records that must be there before the server asks the DNS for them.
    """

    release: Bundle
    join: Join
    instance_id: pulumi.Output[str]
    ready: pulumi.Resource
    names: Sequence[pulumi.Resource]
    secrets: Mapping[str, pulumi.Output[dict[str, str]]]
    acme_dns_token: pulumi.Output[str]
    registries: Mapping[str, str]
    registry_password: pulumi.Output[str]


class ComposeStack(pulumi.ComponentResource):
    """Uploads the release while the server is still being prepared, then deploys it."""

    deployed: remote.Command

    def __init__(
        self, name: str, args: ComposeStackArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        super().__init__("fks:infra:ComposeStack", name, None, opts)
        digest = args.release.digest
        archive = upload(
            f"{name}-release",
            args.release,
            commands.release_archive(digest),
            args.join.connection,
            args.instance_id,
            pulumi.ResourceOptions(parent=self),
        )
        self.deployed = remote_step(
            f"{name}-deploy",
            commands.deploy(digest),
            args.join.connection,
            pulumi.ResourceOptions(parent=self, depends_on=[args.ready, archive, *args.names]),
            stdin=_document(args),
        )
        self.register_outputs({"digest": digest})


def _document(args: ComposeStackArgs) -> pulumi.Output[str]:
    """The secret JSON document `bin/deploy` reads."""

    def document(known: list[Any]) -> str:
        address, secrets, token, password = known
        return deploy_document(address, secrets, token, args.registries, password)

    secrets = pulumi.Output.all(**args.secrets)
    known = pulumi.Output.all(
        args.join.address, secrets, args.acme_dns_token, args.registry_password
    )
    return pulumi.Output.secret(known.apply(document))


def deploy_document(
    address: str,
    secrets: Mapping[str, Mapping[str, str]],
    acme_dns_token: str,
    registries: Mapping[str, str],
    password: str,
) -> str:
    """As JSON: address, secrets (role to NAME to value), DNS token, registries with logins."""
    logins = [
        {"server": server, "username": user, "password": password}
        for server, user in sorted(registries.items())
    ]
    document = {
        "address": address,
        "secrets": secrets,
        "acme_dns_token": acme_dns_token,
        "registries": logins,
    }
    return json.dumps(document, sort_keys=True)
