"""Before an instance is resized: its disks must fit the new plan."""

from collections.abc import Mapping
from typing import Any

import pulumi

from fks_infra.config.plans import PLANS
from fks_infra.errors import OperatorError


def check_disk_size(name: str) -> pulumi.ResourceHookBinding:
    """A hook that fails, in the preview too, where the new plan's disk is too small."""
    options = pulumi.ResourceHookOptions(on_dry_run=True)
    hook = pulumi.ResourceHook(f"{name}-check-disk-size", _check, options)
    return pulumi.ResourceHookBinding(before_update=[hook])


async def _check(args: pulumi.ResourceHookArgs) -> None:
    # The engine passes outputs where the state has secrets.
    old = await pulumi.Output.from_input(dict(args.old_outputs or {})).future()
    new = await pulumi.Output.from_input(dict(args.new_inputs or {})).future()
    if error := disk_error(args.name, old or {}, new or {}):
        raise OperatorError(error)


def disk_error(name: str, old: Mapping[str, Any], new: Mapping[str, Any]) -> str | None:
    """What is wrong with changing an instance's plan from `old["type"]` to `new["type"]`, or None.

    Takes the engine's property maps. Uses the disks' real sizes where the state has them.
    """
    before, after = PLANS.get(str(old.get("type"))), PLANS.get(str(new.get("type")))
    if before is None or after is None or before.id == after.id:
        return None
    used = sum(int(disk.get("size", 0)) for disk in old.get("disks") or []) or before.disk
    if used <= after.disk:
        return None
    server = name.removesuffix("-instance").removesuffix("-machine")
    return (
        f"fks:plan.{server} is {after.id!r}: its disk has {after.disk} MiB, and {used} MiB are "
        f"in use by the server's disks. Write fks:plan.{server}: {before.id}, or raise "
        f"fks:generation.{server} for a new server and restore a backup on it."
    )
