"""What the Linode account holds under this stack's labels, and whether it knows what is asked for.

A run that is killed between a creation and its record leaves something that the state does not
have. Labels are unique in an account, so it is found again by its label, and the engine imports it.
"""

from asyncio import gather
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from importlib.metadata import version
from typing import Any

import pulumi

from fks_infra.config.config_errors import LINODE_RIGHTS
from fks_infra.config.settings import Settings
from fks_infra.errors import OperatorError, provider_message, raise_operator_errors
from fks_infra.preflight.state import StateSnapshot
from fks_infra.topology.servers import Topology

INSTANCE = "linode:index/instance:Instance"
FIREWALL = "linode:index/firewall:Firewall"
_NOUNS = {INSTANCE: "Linode", FIREWALL: "firewall"}


@dataclass(frozen=True, kw_only=True)
class Found:
    """An instance or a firewall of the account."""

    id: str
    label: str
    tags: frozenset[str]


@dataclass(frozen=True, kw_only=True)
class OrphanedResources:
    """The ids to import, by label; the labels that have an instance, whether recorded or not; and
    what the state held when the run began.
    """

    held: StateSnapshot = field(default_factory=StateSnapshot)
    running: frozenset[str] = frozenset()
    instances: dict[str, str] = field(default_factory=dict)
    firewalls: dict[str, str] = field(default_factory=dict)


def stack_tags(stack: str) -> list[str]:
    """The tags that say whose an instance or a firewall is."""
    return ["fks", f"fks-{stack}"]


@dataclass(frozen=True, kw_only=True)
class Account:
    """The instances and firewalls under the labels of this stack's servers."""

    instances: Sequence[Found]
    firewalls: Sequence[Found]


async def account(topology: Topology) -> Account:
    """Ask what there is under the servers' labels; OperatorError where Linode does not answer."""
    labels = [server.label for server in topology.servers]
    instances, firewalls = await gather(
        _labelled("linode:index/getInstances:getInstances", "instances", labels),
        _labelled("linode:index/getFirewalls:getFirewalls", "firewalls", labels),
    )
    return Account(instances=instances, firewalls=firewalls)


def orphans(
    account: Account, topology: Topology, stack: str, held: StateSnapshot
) -> OrphanedResources:
    """What to import; OperatorError where a label is somebody else's."""
    labels = [server.label for server in topology.servers]
    kinds = ((INSTANCE, account.instances), (FIREWALL, account.firewalls))
    raise_operator_errors(text for kind, found in kinds for text in taken(kind, found, stack, held))
    for kind, found in kinds:
        for notice in vanished(kind, labels, found, held):
            pulumi.log.warn(notice)
    return OrphanedResources(
        held=held,
        running=frozenset(item.label for item in account.instances),
        instances=unrecorded(INSTANCE, account.instances, held),
        firewalls=unrecorded(FIREWALL, account.firewalls, held),
    )


def unrecorded(kind: str, found: Sequence[Found], held: StateSnapshot) -> dict[str, str]:
    """Label to id of what the state does not have."""
    return {item.label: item.id for item in found if not held.has(kind, item.id)}


def taken(kind: str, found: Sequence[Found], stack: str, held: StateSnapshot) -> Iterator[str]:
    """A paragraph for each label that belongs to something this stack did not make."""
    tags = stack_tags(stack)
    for item in found:
        if item.tags >= set(tags) or held.has(kind, item.id):
            continue
        yield (
            f"The label {item.label!r} is taken: {_NOUNS[kind]} {item.id} has it, and without the "
            f"tags {' and '.join(tags)} it is not this stack's. Rename or delete that "
            f"{_NOUNS[kind]} in Linode's Cloud Manager, or give this stack another name "
            f"(pulumi stack rename NAME). Nothing was created."
        )


def vanished(
    kind: str, labels: Sequence[str], found: Sequence[Found], held: StateSnapshot
) -> Iterator[str]:
    """A paragraph for each thing the state has and the account does not show."""
    there = {item.id for item in found}
    for label in labels:
        identifier = held.labels.get((kind, label))
        if identifier and identifier not in there:
            yield (
                f"{_NOUNS[kind]} {identifier} ({label}) is in the stack's state, and the account "
                f"of this LINODE_TOKEN does not show it. If an interrupted run or somebody deleted "
                f"it, type pulumi up --refresh. If not, the token is another account's."
            )


async def price_list(topology: Topology, settings: Settings) -> dict[str, dict[str, Any]]:
    """Each plan in use, as Linode sells it; OperatorError for an unknown one, or unknown region."""
    users = {server.plan.id: server.name for server in topology.servers}
    asked = [_plan(plan, user) for plan, user in sorted(users.items())]
    _, *sold = await gather(_region(settings.region), *asked)
    return dict(zip(sorted(users), sold, strict=True))


async def _region(region: str) -> dict[str, Any]:
    return await _ask(
        "linode:index/getRegion:getRegion",
        {"id": region},
        f"fks:region is {region!r}, which Linode does not know. Write the id of a region, as "
        f"`curl https://api.linode.com/v4/regions` lists them.",
    )


async def _plan(plan: str, server: str) -> dict[str, Any]:
    return await _ask(
        "linode:index/getInstanceType:getInstanceType",
        {"id": plan},
        f"fks:plan.{server} is {plan!r}, which Linode does not sell (any more). Write the id of "
        f"another plan, as `curl https://api.linode.com/v4/linode/types` lists them.",
    )


async def _labelled(function: str, result: str, labels: list[str]) -> list[Found]:
    answer = await _ask(function, {"filters": [{"name": "label", "values": labels}]})
    return [
        Found(id=_identifier(item), label=item["label"], tags=frozenset(item.get("tags") or []))
        for item in answer.get(result) or []
    ]


def _identifier(item: Any) -> str:
    # The engine hands whole numbers over as floating ones.
    return str(int(item["id"]))


@cache
def _options() -> pulumi.InvokeOptions:
    return pulumi.InvokeOptions(version=version("pulumi_linode"))


async def _ask(function: str, arguments: Mapping[str, Any], unknown: str = "") -> dict[str, Any]:
    """The answer, or an OperatorError; `unknown` is what a 404 means.

    Without the SDK's types: they want every field of every disk slot to be there.
    """
    try:
        return dict(await pulumi.runtime.invoke_async(function, dict(arguments), _options()))
    except Exception as error:
        raise OperatorError(complaint(provider_message(error), unknown)) from error


def complaint(text: str, unknown: str) -> str:
    """What Linode's answer means for the operator."""
    if "[401]" in text or "[403]" in text:
        return (
            f"LINODE_TOKEN (hidden) is refused by Linode: {text}. Export a token that has not "
            f"expired, with {LINODE_RIGHTS}."
        )
    if "[404]" in text and unknown:
        return unknown
    return f"Linode could not be asked (LINODE_TOKEN is set): {text}. Try again in a while."
