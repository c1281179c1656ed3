"""The release of a server: uploaded and deployed."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pulumi
from pulumi_command import remote

from fks_infra.components import stopped_stacks
from fks_infra.components.join import Join
from fks_infra.components.remote_step import remote_step, upload
from fks_infra.release import commands
from fks_infra.release.bundle import Bundle
from fks_infra.release.deploy_request import deploy_request

# The inputs of an upload. A pinned server keeps its releases, so nothing is uploaded.
_UPLOAD = ("source", "remote_path", "connection", "triggers")


@dataclass(frozen=True, kw_only=True)
class ComposeStackArgs:
    """The release, the connection, and what the deploy gets by standard input.

    `pinned` is the digest of a release that the server keeps and that is deployed instead, "" for
    none. `after` are the resources that the deploy depends on: the bootstrap, and the DNS records
    that must exist before the server resolves them. `secrets` is role to its secret files, `backup`
    the repository for backups with its password, empty for a server without data.
    """

    release: Bundle
    pinned: str
    join: Join
    instance_id: pulumi.Output[str]
    after: Sequence[pulumi.Resource]
    secrets: Mapping[str, pulumi.Output[dict[str, str]]]
    acme_dns_token: pulumi.Output[str]
    acme_account: pulumi.Output[dict[str, str]]
    alert_webhook: pulumi.Output[str]
    registries: Mapping[str, str]
    registry_password: pulumi.Output[str]
    backup: pulumi.Output[dict[str, str]]


class ComposeStack(pulumi.ComponentResource):
    """Uploads the release while the bootstrap runs, then deploys it.

    digest: the release that is deployed. stopped: what the deploy printed about stacks that the
    operator has stopped, or empty.
    """

    deployed: remote.Command
    digest: str
    stopped: pulumi.Output[str]

    def __init__(
        self, name: str, args: ComposeStackArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        super().__init__("fks:infra:ComposeStack", name, None, opts)
        self.digest = args.pinned or args.release.digest
        archive = upload(
            f"{name}-release",
            args.release,
            commands.release_archive(args.release.digest),
            args.join.connection,
            args.instance_id,
            pulumi.ResourceOptions(
                parent=self, ignore_changes=list(_UPLOAD) if args.pinned else None
            ),
        )
        self.deployed = remote_step(
            f"{name}-deploy",
            commands.deploy(self.digest),
            args.join.connection,
            pulumi.ResourceOptions(parent=self, depends_on=[archive, *args.after]),
            stdin=_request(args),
        )
        # The deploy has redacted what it printed.
        printed = pulumi.Output.unsecret(self.deployed.stdout)
        self.stopped = printed.apply(lambda text: stopped_stacks.notice(name, text or ""))
        self.register_outputs({"digest": self.digest})


def _request(args: ComposeStackArgs) -> pulumi.Output[str]:
    """The deploy request, secret as a whole."""

    def request(known: list[Any]) -> str:
        address, secrets, token, account, webhook, password, backup = known
        logins = (args.registries, password)
        return deploy_request(address, secrets, token, account, webhook, *logins, backup)

    secrets = pulumi.Output.all(**args.secrets)
    known = pulumi.Output.all(
        args.join.address,
        secrets,
        args.acme_dns_token,
        args.acme_account,
        args.alert_webhook,
        args.registry_password,
        args.backup,
    )
    return pulumi.Output.secret(known.apply(request))
