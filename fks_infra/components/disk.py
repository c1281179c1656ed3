"""Before an instance is resized: its disks must fit the new plan."""

from collections.abc import Mapping
from typing import Any

import pulumi

from fks_infra.clouds.linode_types import Plan
from fks_infra.config.plans import PLANS
from fks_infra.errors import OperatorError


def check_disk_size(name: str, server: str, plan: Plan) -> pulumi.ResourceHookBinding:
    """A hook that fails, in the preview too, where the disk of the server's plan is too small."""

    async def check(args: pulumi.ResourceHookArgs) -> None:
        # The engine passes outputs where the state has secrets.
        old = await pulumi.Output.from_input(dict(args.old_outputs or {})).future()
        if error := disk_error(server, old or {}, plan):
            raise OperatorError(error)

    options = pulumi.ResourceHookOptions(on_dry_run=True)
    hook = pulumi.ResourceHook(f"{name}-check-disk-size", check, options)
    return pulumi.ResourceHookBinding(before_update=[hook])


def disk_error(server: str, old: Mapping[str, Any], plan: Plan) -> str | None:
    """What is wrong with changing an instance with the outputs `old` to the plan, or None."""
    before, used = str(old.get("type")), _used(old)
    if before == plan.id or used <= plan.disk:
        return None
    return (
        f"fks:plan.{server} is {plan.id!r}: its disk has {plan.disk} MiB, and {used} MiB are "
        f"in use by the server's disks. Write fks:plan.{server}: {before}, or raise "
        f"fks:generation.{server} for a new server and restore a backup on it."
    )


def _used(old: Mapping[str, Any]) -> int:
    """MiB of the disks; where the state has none, those of the plan; 0 for an unknown plan."""
    known = PLANS.get(str(old.get("type")))
    sizes = sum(int(disk.get("size", 0)) for disk in old.get("disks") or [])
    return sizes or (known.disk if known else 0)
