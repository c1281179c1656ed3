"""Deletes the auth keys that an interrupted run created and the state does not have."""

import os
from collections.abc import Iterable
from functools import partial

import pulumi

from fks_infra.clouds.tailscale import Tailscale
from fks_infra.preflight.cloud_calls import cloud_call, cloud_call_async
from fks_infra.preflight.hooks import Precondition
from fks_infra.preflight.state import StateSnapshot

KEY = "tailscale:index/tailnetKey:TailnetKey"


def delete_orphaned_auth_keys(description: str, state: StateSnapshot) -> Precondition:
    """Deletes the keys of this description which the state does not have.

    A preview only lists them. That finds invalid credentials before anything is created: in a
    preview the provider itself makes no call.
    """

    async def check() -> None:
        tailscale = cloud_call(partial(Tailscale.from_environ, os.environ))
        keys = await cloud_call_async(partial(tailscale.auth_keys, description))
        if pulumi.runtime.is_dry_run():
            return
        for key in orphaned_keys(keys, state):
            await cloud_call_async(partial(tailscale.delete_key, key))

    return check


def orphaned_keys(keys: Iterable[str], state: StateSnapshot) -> list[str]:
    """The ids that the state does not have."""
    return [key for key in keys if not state.has(KEY, key)]
