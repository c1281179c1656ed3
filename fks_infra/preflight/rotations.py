"""Rotations that the state has otherwise than the configuration.

The engine replaces no protected password, and says so only when it reaches it. A number that went
back, as in a checkout without the commit of the last rotation, would make a further password.
"""

from collections.abc import Iterator, Mapping

from fks_infra.config.rotation_validators import BUCKET_KEY
from fks_infra.preflight.state import StateSnapshot
from fks_infra.roles import ROTATED

# Name of the secret, its resource, and what fks rotate calls it.
_SECRETS = (
    *((secret.name, f"secrets-{secret.name}", secret.rotation) for _, secret in ROTATED),
    (BUCKET_KEY, BUCKET_KEY, BUCKET_KEY),
)


def rotation_errors(rotation: Mapping[str, int], state: StateSnapshot) -> Iterator[str]:
    """An error for each secret whose number `pulumi up` cannot take over."""
    for name, resource, called in _SECRETS:
        if not state.has_resource(resource):
            continue
        key, wanted = f"fks:rotation.{name}", rotation.get(name, 0)
        present = int(state.triggers[resource] or 0)
        if wanted < present:
            yield (
                f"{key} is {wanted or 'not set'}, and the stack has rotation {present} of this "
                f"secret: the configuration of the last rotation is not in this checkout. Take it "
                f"over: git pull, or pulumi config set --path {key} {present}. Nothing was changed."
            )
        elif wanted > present and resource in state.protected_names:
            yield (
                f"{key} is {wanted}, which replaces a secret that is in service and protected. Set "
                f"it back to {present or 'nothing'} and run fks rotate {called}, which "
                f"replaces it on the servers too. Nothing was changed."
            )
