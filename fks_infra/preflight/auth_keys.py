"""Before a tailnet key is made: keys that an interrupted run left unrecorded go away."""

import os
from functools import partial

import pulumi

from fks_infra.clouds.retry import patiently
from fks_infra.clouds.tailscale import Credentials, Tailnet
from fks_infra.preflight.state import Held

KEY = "tailscale:index/tailnetKey:TailnetKey"


def drop_forgotten_keys(name: str, description: str, held: Held) -> pulumi.ResourceHookBinding:
    """A hook that deletes the keys so described which the state does not have; none in a preview.

    It asks in the preview too, so that credentials that are no good are found before anything is
    made: the provider itself calls nobody until then.
    """

    async def check(_args: pulumi.ResourceHookArgs) -> None:
        tailnet = Tailnet(Credentials.read(os.environ))
        keys = await patiently(partial(tailnet.keys, description))
        if pulumi.runtime.is_dry_run():
            return
        for key in keys:
            if not held.has(KEY, key):
                await patiently(partial(tailnet.remove_key, key))

    options = pulumi.ResourceHookOptions(on_dry_run=True)
    hook = pulumi.ResourceHook(f"{name}-drop-forgotten-keys", check, options)
    return pulumi.ResourceHookBinding(before_create=[hook])
