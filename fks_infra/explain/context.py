"""What explanations are made of: the stack's file, its topology, its inventory, the checkout."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from fks_infra.impact.inventory import inventory_of
from fks_infra.impact.stack_file import StackFile, stack_file
from fks_infra.paths import PROJECT_ROOT
from fks_infra.topology.planning import plan_topology
from fks_infra.topology.servers import Topology


@dataclass(frozen=True, kw_only=True)
class Context:
    """Of one stack; `inventory` is the document of fks_infra/impact/inventory.py."""

    file: StackFile
    topology: Topology
    inventory: dict[str, Any]
    root: Path


def read(stack: str, root: Path = PROJECT_ROOT) -> Context:
    """From the stack's file; OperatorError where it is invalid."""
    file = stack_file(stack, root)
    return Context(
        file=file,
        topology=plan_topology(file.settings),
        inventory=inventory_of(file),
        root=root,
    )
