"""`fks rotate backup-key`: another key of the declared bucket, and the old one is deleted.

The engine makes the new key first, deploys it, and deletes the old one at the end.
"""

import json
import os
import sys
from collections.abc import Callable
from dataclasses import dataclass

from fks_infra.cli import pulumi_run, up
from fks_infra.cli.ready import require_not_pinned
from fks_infra.cli.servers import CANNOT_TELL, DONE, INCOMPLETE, Servers
from fks_infra.clouds.linode import Linode
from fks_infra.config import stack_files
from fks_infra.config.pulumi_cli import pulumi
from fks_infra.config.rotation_validators import BUCKET_KEY
from fks_infra.delivery.targets import ALL, Part
from fks_infra.errors import OperatorError
from fks_infra.preflight.cloud_calls import cloud_call
from fks_infra.roles import ROLE_NAMES


@dataclass(frozen=True, kw_only=True)
class PresentKey:
    """The key in the state: Linode's id, its access key, and the `number` of its rotation."""

    id: str
    access_key: str
    number: int


def run(servers: Servers, confirm: Callable[[str], bool]) -> int:
    """Returns 0, 1 if `pulumi up` failed or the old key still exists, 2 if nothing was changed."""
    stack = servers.stack
    require_not_pinned(servers, ROLE_NAMES)
    bucket, configured = _configured(stack)
    old = present_key(bucket, pulumi("stack", "export", "--stack", stack))
    sys.stdout.write(
        f"Linode makes a new key for the bucket {bucket}. The release of this checkout is deployed "
        f"with it to the servers with data, which try it. Then the key {old.access_key} is "
        f"deleted. No request fails; a backup that runs meanwhile may have to be repeated.\n"
    )
    if not confirm(f"Rotate {BUCKET_KEY} of stack {stack}?"):
        return CANNOT_TELL
    number = max(configured, old.number + 1)
    value = f"fks:rotation.{BUCKET_KEY}={number}"
    pulumi("config", "set-all", "--path", "--plaintext", value, "--stack", stack)
    if pulumi_run.run(up.command(ALL, Part.SERVICES, stack, up.VERIFIED)) != 0:
        sys.stderr.write(_failed(stack))
        return INCOMPLETE
    return _prove(stack, old)


def _configured(stack: str) -> tuple[str, int]:
    """The bucket and the number of the rotation."""
    backup, rotation = stack_files.read(stack, "backup", "rotation")
    if not (bucket := backup.get("bucket")):
        raise OperatorError(
            "fks:backup has no bucket, so no key of it was made here. Nothing was changed.\nNext: "
            "a key that you made is replaced where you made it; then pulumi config set --path "
            "fks:backup.s3KeyId KEY_ID, pulumi config set --secret fks:backupS3Key, pulumi up"
        )
    return str(bucket), int(rotation.get(BUCKET_KEY, 0))


def present_key(bucket: str, export: str) -> PresentKey:
    """From a `pulumi stack export`; OperatorError where there is none."""
    rows = (json.loads(export).get("deployment") or {}).get("resources") or []
    for row in rows:
        if row["urn"].endswith(f"::{BUCKET_KEY}") and not row.get("delete"):
            number = int(row.get("replacementTrigger") or 0)
            access_key = str(row["outputs"]["accessKey"])
            return PresentKey(id=str(row["id"]), access_key=access_key, number=number)
    raise OperatorError(
        f"The key of the bucket {bucket} is not in the stack's state. Nothing was changed.\n"
        f"Next: pulumi up, which makes it"
    )


def _prove(stack: str, old: PresentKey) -> int:
    linode = Linode.from_environ(os.environ)
    if cloud_call(lambda: linode.has_bucket_key(old.id)):
        sys.stderr.write(
            f"Linode still has the old key {old.access_key} (id {old.id}).\nNext: pulumi up, which "
            f"deletes it\n"
        )
        return INCOMPLETE
    sys.stdout.write(
        f"Linode has deleted the old key {old.access_key}.\n"
        f"Commit {stack_files.file_name(stack)}: pulumi up from another checkout refuses.\n"
    )
    return DONE


def _failed(stack: str) -> str:
    file = stack_files.file_name(stack)
    return (
        f"pulumi up failed; its output says why. {file} has the new number of the rotation "
        f"already. The old key is valid until a run has deployed the new one everywhere.\n"
        f"Next: mend the cause, then pulumi up\n"
    )
