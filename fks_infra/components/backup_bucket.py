"""The bucket for backups, `fks:backup.bucket`, and the key with which the servers use it.

https://techdocs.akamai.com/linode-api/reference/buckets: a bucket that the account has already, as
after an interrupted run, is returned as if it were new.
"""

from dataclasses import dataclass

import pulumi
import pulumi_linode as linode

from fks_infra.config.bucket import Bucket
from fks_infra.config.rotation_validators import BUCKET_KEY
from fks_infra.config.settings import Settings
from fks_infra.preflight.bucket_keys import delete_orphaned_bucket_keys
from fks_infra.preflight.hooks import before_create
from fks_infra.preflight.preflight import Preflight
from fks_infra.topology.names import server_label

# Below it each data set has a repository of its own.
_PATH = "fks"


@dataclass(frozen=True, kw_only=True)
class BackupBucketArgs:
    """The bucket, the settings, and what the state has."""

    bucket: Bucket
    settings: Settings
    preflight: Preflight


class BackupBucket(pulumi.ComponentResource):
    """A private bucket, and a key that reads, writes and deletes in this bucket only.

    access: what the deploy request has of it (host/fks_deploy/backup/settings.py), secret.
    repository: as in fks:backup.repository.
    """

    access: pulumi.Output[dict[str, str]]
    repository: pulumi.Output[str]

    def __init__(
        self, name: str, args: BackupBucketArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        super().__init__("fks:infra:BackupBucket", name, None, opts)
        bucket = linode.ObjectStorageBucket(
            f"{name}-storage",
            region=args.bucket.region,
            label=args.bucket.label,
            acl="private",
            opts=pulumi.ResourceOptions(
                parent=self,
                protect=args.settings.protect,
                # The backups outlive the stack: no run of Pulumi deletes them.
                retain_on_delete=True,
            ),
        )
        key = self._key(name, args, bucket)
        host = bucket.s3_endpoint.apply(lambda text: text.removeprefix("https://"))
        self.repository = pulumi.Output.format("s3:https://{0}/{1}/{2}", host, bucket.label, _PATH)
        parts = pulumi.Output.all(
            repository=self.repository, s3_key_id=key.access_key, s3_key=key.secret_key
        )
        self.access = pulumi.Output.secret(parts)
        self.register_outputs({"repository": self.repository})

    def _key(
        self, name: str, args: BackupBucketArgs, bucket: linode.ObjectStorageBucket
    ) -> linode.ObjectStorageKey:
        """A new one replaces it only after all servers have the new one."""
        label = server_label(args.settings.stack, "backup")
        access = linode.ObjectStorageKeyBucketAccessArgs(
            bucket_name=bucket.label, region=bucket.region, permissions="read_write"
        )
        return linode.ObjectStorageKey(
            f"{name}-key",
            label=label,
            bucket_accesses=[access],
            opts=pulumi.ResourceOptions(
                parent=self,
                replacement_trigger=args.settings.rotation.get(BUCKET_KEY, 0),
                hooks=before_create(
                    f"{name}-before-key",
                    delete_orphaned_bucket_keys(label, args.preflight.state),
                ),
            ),
        )
