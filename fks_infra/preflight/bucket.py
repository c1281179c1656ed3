"""Checks of the bucket for backups before anything is declared."""

from collections.abc import Iterator

import pulumi

from fks_infra.clouds.linode import Linode
from fks_infra.config.bucket import Bucket
from fks_infra.errors import OperatorError
from fks_infra.preflight.cloud_calls import cloud_call
from fks_infra.preflight.state import StateSnapshot

BUCKET = "linode:index/objectStorageBucket:ObjectStorageBucket"
_CAPABILITY = "Object Storage"


def check_bucket_region(linode: Linode, bucket: Bucket | None) -> None:
    """OperatorError for a region without Object Storage."""
    if bucket is None:
        return
    region = cloud_call(lambda: linode.region(bucket.region))
    if region is None or _CAPABILITY not in region.capabilities:
        raise OperatorError(
            f"fks:backup.bucket is {bucket}, and Linode has no {_CAPABILITY} in {bucket.region}. "
            f"Write a region with the capability {_CAPABILITY}, as `curl "
            f"https://api.linode.com/v4/regions` lists them."
        )


def bucket_errors(bucket: Bucket | None, state: StateSnapshot) -> Iterator[str]:
    """An error where the settings would give up a protected bucket, whose backups stay there."""
    wanted = bucket and f"{bucket.region}:{bucket.label}"
    for kind, present in sorted(state.protected):
        if kind == BUCKET and present != wanted:
            yield (
                f"fks:backup.bucket is {bucket or 'not set'}, and the stack's backups are in the "
                f"protected bucket {present.replace(':', '/')}. It would stay in the account with "
                f"its snapshots, which restores would no longer find, and new backups would begin "
                f"elsewhere. If that is intended, run pulumi state unprotect '{_urn()}' --yes, and "
                f"the same again. Nothing was changed."
            )


def _urn() -> str:
    """Of the bucket in components/backup_bucket.py."""
    place = f"{pulumi.get_stack()}::{pulumi.get_project()}"
    return f"urn:pulumi:{place}::fks:infra:BackupBucket${BUCKET}::backup-storage"
