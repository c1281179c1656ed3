"""Before a tailnet key is made: keys that an interrupted run left unrecorded go away."""

import os
from functools import partial

import pulumi

from fks_infra.clouds.retry import retry
from fks_infra.clouds.tailscale import Credentials, Tailnet
from fks_infra.preflight.state import StateSnapshot

KEY = "tailscale:index/tailnetKey:TailnetKey"


def delete_orphaned_auth_keys(
    name: str, description: str, held: StateSnapshot
) -> pulumi.ResourceHookBinding:
    """A hook that deletes the keys so described which the state does not have; none in a preview.

    It asks in the preview too, so that credentials that are no good are found before anything is
    made: the provider itself calls nobody until then.
    """

    async def check(_args: pulumi.ResourceHookArgs) -> None:
        tailnet = Tailnet(Credentials.read(os.environ))
        keys = await retry(partial(tailnet.keys, description))
        if pulumi.runtime.is_dry_run():
            return
        for key in keys:
            if not held.has(KEY, key):
                await retry(partial(tailnet.remove_key, key))

    options = pulumi.ResourceHookOptions(on_dry_run=True)
    hook = pulumi.ResourceHook(f"{name}-delete-orphaned-auth-keys", check, options)
    return pulumi.ResourceHookBinding(before_create=[hook])
