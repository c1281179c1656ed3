"""Deletes the bucket keys that an interrupted run created and the state does not have."""

import os
from functools import partial

import pulumi

from fks_infra.clouds.linode import Linode
from fks_infra.preflight.cloud_calls import cloud_call, cloud_call_async
from fks_infra.preflight.hooks import Precondition
from fks_infra.preflight.state import StateSnapshot

KEY = "linode:index/objectStorageKey:ObjectStorageKey"


def delete_orphaned_bucket_keys(label: str, state: StateSnapshot) -> Precondition:
    """Deletes the keys with this label which the state does not have.

    A preview only lists them. That finds a token without the right before anything is created.
    """

    async def check() -> None:
        linode = cloud_call(partial(Linode.from_environ, os.environ))
        keys = await cloud_call_async(partial(linode.bucket_keys, label))
        if pulumi.runtime.is_dry_run():
            return
        for key in keys:
            if not state.has(KEY, key):
                await cloud_call_async(partial(linode.delete_bucket_key, key))

    return check
