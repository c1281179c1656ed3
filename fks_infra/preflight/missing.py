"""Instances and firewalls that are in the state and not in the Linode account.

A run that is killed during a deletion leaves them, and so does a deletion outside Pulumi. The
engine would delete them once more and fail with 404; only a refresh drops them from the state.
"""

import asyncio
from collections.abc import Iterator, Mapping, Sequence

import pulumi

from fks_infra.clouds.linode_types import Labelled
from fks_infra.errors import OperatorError
from fks_infra.preflight import state as stack_state
from fks_infra.preflight.hooks import Precondition
from fks_infra.preflight.orphans import INSTANCE, NOUNS
from fks_infra.preflight.state import StateSnapshot


def missing_resources(
    kind: str, labels: Sequence[str], found: Sequence[Labelled], state: StateSnapshot
) -> dict[str, str]:
    """Label to id of what the state has and the account does not."""
    existing = {item.id for item in found}
    recorded = {label: state.labels.get((kind, label), "") for label in labels}
    return {label: known for label, known in recorded.items() if known and known not in existing}


def missing_warnings(kind: str, missing: Mapping[str, str]) -> Iterator[str]:
    """A warning for each missing resource, with the remedy."""
    for label, identifier in missing.items():
        yield (
            f"{NOUNS[kind]} {identifier} ({label}) is in the stack's state, and the account of "
            f"this LINODE_TOKEN does not have it. If an interrupted run or somebody deleted it, "
            f"run pulumi up --refresh. If not, the token is another account's."
        )


def interrupted_deletions(state: StateSnapshot) -> Iterator[str]:
    """A warning if an interrupted run was deleting resources that are in the state."""
    names = sorted(name for name in state.deleting if state.has_resource(name))
    if names:
        yield (
            f"An interrupted run was deleting {', '.join(names)}. If this run fails because it "
            f"is not found, run pulumi up --refresh."
        )


def server_not_missing(label: str, missing: Mapping[str, str]) -> Precondition:
    """A precondition of a tailnet key: that its server is not missing.

    The program reads the state from before `pulumi up --refresh`. The engine writes the refreshed
    state when the first change of the run begins, which is before this is called.
    """
    stack = stack_state.stack_reference()

    async def check() -> None:
        if label not in missing or pulumi.runtime.is_dry_run():
            return
        state = await asyncio.to_thread(stack_state.read, stack)
        if state.has(INSTANCE, missing[label]):
            raise OperatorError(*missing_warnings(INSTANCE, {label: missing[label]}))

    return check
