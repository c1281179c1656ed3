"""Makes a destroy of a protected stack fail before it deletes anything."""

from collections.abc import Sequence

import pulumi


class DestroyGuard(pulumi.ComponentResource):
    """Depends on all other resources, so a destroy begins with it; protected, it ends there.

    A component, because the engine replaces no component: protection of the resources themselves
    would also prevent their replacement, which ordinary updates need.
    """

    def __init__(self, name: str, *, after: Sequence[pulumi.Resource], protect: bool) -> None:
        options = pulumi.ResourceOptions(depends_on=after, protect=protect)
        super().__init__("fks:infra:DestroyGuard", name, None, options)
        self.register_outputs({})
