"""Instances and firewalls that are in the Linode account and not in the state.

A run that is killed between a creation and its record leaves them. Labels are unique in an account,
so they are found by label, and the engine imports them.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from fks_infra.clouds.linode_types import Labelled
from fks_infra.errors import raise_operator_errors
from fks_infra.preflight.state import StateSnapshot

INSTANCE = "linode:index/instance:Instance"
FIREWALL = "linode:index/firewall:Firewall"
NOUNS = {INSTANCE: "Linode", FIREWALL: "firewall"}


@dataclass(frozen=True, kw_only=True)
class OrphanedResources:
    """Label to id of what to import; `running` are the labels that have an instance at all."""

    instances: Mapping[str, str] = field(default_factory=dict)
    firewalls: Mapping[str, str] = field(default_factory=dict)
    running: frozenset[str] = frozenset()


def stack_tags(stack: str) -> list[str]:
    """The tags that mark an instance or a firewall as a stack's."""
    return ["fks", f"fks-{stack}"]


def orphaned_resources(
    instances: Sequence[Labelled], firewalls: Sequence[Labelled], stack: str, state: StateSnapshot
) -> OrphanedResources:
    """What to import; OperatorError where a label belongs to something this stack did not make."""
    raise_operator_errors(
        [
            *taken_labels(INSTANCE, instances, stack, state),
            *taken_labels(FIREWALL, firewalls, stack, state),
        ]
    )
    return OrphanedResources(
        instances=unrecorded(INSTANCE, instances, state),
        firewalls=unrecorded(FIREWALL, firewalls, state),
        running=frozenset(item.label for item in instances),
    )


def unrecorded(kind: str, found: Sequence[Labelled], state: StateSnapshot) -> dict[str, str]:
    """Label to id of what the state does not have."""
    return {item.label: item.id for item in found if not state.has(kind, item.id)}


def taken_labels(
    kind: str, found: Sequence[Labelled], stack: str, state: StateSnapshot
) -> Iterator[str]:
    """An error for each label that belongs to something this stack did not make."""
    tags = stack_tags(stack)
    for item in found:
        if item.tags >= set(tags) or state.has(kind, item.id):
            continue
        yield (
            f"The label {item.label!r} is taken: {NOUNS[kind]} {item.id} has it, and without the "
            f"tags {' and '.join(tags)} it is not this stack's. Rename or delete that "
            f"{NOUNS[kind]} in Linode's Cloud Manager, or give this stack another name "
            f"(pulumi stack rename NAME). Nothing was created."
        )
