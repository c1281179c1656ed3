"""Resource hooks that check a cloud before a resource is created."""

from collections.abc import Awaitable, Callable

import pulumi


def before_create(name: str, check: Callable[[], Awaitable[None]]) -> pulumi.ResourceHookBinding:
    """Run `check` before the creation, and in a preview of it; an error stops the creation."""

    async def hook(_args: pulumi.ResourceHookArgs) -> None:
        await check()

    options = pulumi.ResourceHookOptions(on_dry_run=True)
    return pulumi.ResourceHookBinding(before_create=[pulumi.ResourceHook(name, hook, options)])
