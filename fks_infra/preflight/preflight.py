"""Reads the clouds and the state before the first resource is declared."""

import os
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial

import pulumi

from fks_infra.clouds.cloudflare import Cloudflare
from fks_infra.clouds.linode import Linode
from fks_infra.config.settings import Settings
from fks_infra.preflight import state as stack_state
from fks_infra.preflight.cloud_calls import cloud_call
from fks_infra.preflight.orphans import (
    FIREWALL,
    INSTANCE,
    OrphanedResources,
    missing_resources,
    orphaned_resources,
)
from fks_infra.preflight.prices import check_region, monthly_price
from fks_infra.preflight.state import StateSnapshot
from fks_infra.topology.servers import Topology


@dataclass(frozen=True, kw_only=True)
class Preflight:
    """`prices` maps each plan in use to dollars a month in the stack's region."""

    orphans: OrphanedResources
    state: StateSnapshot
    prices: Mapping[str, float]
    zone_id: str


def run_preflight(topology: Topology, settings: Settings) -> Preflight:
    """Make all requests at the same time; OperatorError for the first that fails, in this order."""
    linode, cloudflare = Linode.from_environ(os.environ), Cloudflare.from_environ(os.environ)
    labels = [server.label for server in topology.servers]
    users = {server.plan.id: server.name for server in topology.servers}
    # Reading the state takes longest; three more threads make the requests meanwhile.
    with ThreadPoolExecutor(max_workers=4) as pool:
        reading = pool.submit(stack_state.read, stack_state.stack_reference())
        listing = [
            pool.submit(cloud_call, partial(listed, labels))
            for listed in (linode.instances, linode.firewalls)
        ]
        region = pool.submit(check_region, linode, settings.region)
        pricing = {
            plan: pool.submit(monthly_price, linode, plan, settings.region, user)
            for plan, user in sorted(users.items())
        }
        zone = pool.submit(cloud_call, partial(cloudflare.zone, settings.zone))
    state = reading.result()
    instances, firewalls = (listed.result() for listed in listing)
    region.result()
    orphans = orphaned_resources(instances, firewalls, settings.stack, state)
    for warning in (
        *missing_resources(INSTANCE, labels, instances, state),
        *missing_resources(FIREWALL, labels, firewalls, state),
    ):
        pulumi.log.warn(warning)
    return Preflight(
        orphans=orphans,
        state=state,
        prices={plan: price.result() for plan, price in pricing.items()},
        zone_id=zone.result().id,
    )
