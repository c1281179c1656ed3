"""Resource hooks that check a cloud before a resource is created."""

from collections.abc import Callable, Coroutine
from typing import Any

import pulumi

# Raises an OperatorError where the creation must not begin.
Precondition = Callable[[], Coroutine[Any, Any, None]]


def before_create(name: str, *preconditions: Precondition) -> pulumi.ResourceHookBinding:
    """Check them in this order before the creation, and in a preview of it."""

    async def hook(_args: pulumi.ResourceHookArgs) -> None:
        for precondition in preconditions:
            await precondition()

    options = pulumi.ResourceHookOptions(on_dry_run=True)
    return pulumi.ResourceHookBinding(before_create=[pulumi.ResourceHook(name, hook, options)])
