"""Reads the clouds and the state before the first resource is declared."""

import os
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial

import pulumi

from fks_infra.clouds.cloudflare import Cloudflare
from fks_infra.clouds.linode import Linode
from fks_infra.clouds.linode_types import Labelled
from fks_infra.clouds.tailscale import Tailscale
from fks_infra.clouds.tailscale_device import Device
from fks_infra.config.plans import SERVER_NAMES
from fks_infra.config.settings import Settings
from fks_infra.errors import raise_operator_errors
from fks_infra.preflight import state as stack_state
from fks_infra.preflight.bucket import bucket_errors, check_bucket_region
from fks_infra.preflight.cloud_calls import cloud_call
from fks_infra.preflight.data_loss import verdict
from fks_infra.preflight.kept import kept_errors
from fks_infra.preflight.losses import losses
from fks_infra.preflight.missing import (
    interrupted_deletions,
    missing_resources,
    missing_warnings,
)
from fks_infra.preflight.orphans import FIREWALL, INSTANCE, OrphanedResources, orphaned_resources
from fks_infra.preflight.pins import pin_errors
from fks_infra.preflight.protection import protected_labels, removal_errors
from fks_infra.preflight.region import check_region
from fks_infra.preflight.rotations import rotation_errors
from fks_infra.preflight.server_certificates import read_certificates
from fks_infra.preflight.state import StateSnapshot
from fks_infra.topology.names import server_label
from fks_infra.topology.servers import Topology


@dataclass(frozen=True, kw_only=True)
class Preflight:
    """`missing` maps the label of an instance that only the state has to its id; `protected` are
    labels of instances; `devices` are all devices of the tailnet.
    """

    orphans: OrphanedResources
    missing: Mapping[str, str]
    protected: frozenset[str]
    state: StateSnapshot
    devices: Sequence[Device]
    zone_id: str


def run_preflight(topology: Topology, settings: Settings, ssh_key: str) -> Preflight:
    """Read everything; OperatorError for the first request that fails, or for what would fail.

    `ssh_key` opens the servers, which are asked only where this run may lose their data.
    """
    # Also those of the other mode, which the state may have.
    labels = [server_label(settings.stack, name) for name in SERVER_NAMES]
    found = _read(settings, labels)
    missing = missing_resources(INSTANCE, labels, found.instances, found.state)
    _warn(labels, missing, found)
    protected = protected_labels(labels, missing, found.state)
    raise_operator_errors(kept_errors(topology, found.state))
    lost = losses(topology, settings, found.state, missing, protected)
    judged = verdict(
        list(lost),
        settings.accept_data_loss,
        lambda names: read_certificates(names, found.state, ssh_key),
        is_preview=pulumi.runtime.is_dry_run(),
    )
    for warning in judged.warnings:
        pulumi.log.warn(warning)
    raise_operator_errors([*removal_errors(topology, settings.stack, protected), *judged.errors])
    raise_operator_errors(bucket_errors(settings.bucket, found.state))
    raise_operator_errors(pin_errors(settings.pin, topology.servers, found.state))
    raise_operator_errors(rotation_errors(settings.rotation, found.state))
    return Preflight(
        orphans=orphaned_resources(
            declared(found.instances, topology),
            declared(found.firewalls, topology),
            settings.stack,
            found.state,
        ),
        missing=missing,
        protected=protected,
        state=found.state,
        devices=found.devices,
        zone_id=found.zone_id,
    )


@dataclass(frozen=True, kw_only=True)
class _Found:
    """The state, and what the clouds answered."""

    state: StateSnapshot
    instances: Sequence[Labelled]
    firewalls: Sequence[Labelled]
    devices: Sequence[Device]
    zone_id: str


def _read(settings: Settings, labels: Sequence[str]) -> _Found:
    """Make all requests at the same time; the first error in this order counts."""
    linode, cloudflare = Linode.from_environ(os.environ), Cloudflare.from_environ(os.environ)
    # Reading the state takes longest; three more threads make the requests meanwhile.
    with ThreadPoolExecutor(max_workers=4) as pool:
        state = pool.submit(stack_state.read, stack_state.stack_reference())
        instances = pool.submit(cloud_call, partial(linode.instances, labels))
        firewalls = pool.submit(cloud_call, partial(linode.firewalls, labels))
        region = pool.submit(check_region, linode, settings.region)
        bucket = pool.submit(check_bucket_region, linode, settings.bucket)
        zone = pool.submit(cloud_call, partial(cloudflare.zone, settings.zone))
        devices = pool.submit(cloud_call, lambda: Tailscale.from_environ(os.environ).devices())
    for first in (state, instances, firewalls, region, bucket):
        first.result()
    return _Found(
        state=state.result(),
        instances=instances.result(),
        firewalls=firewalls.result(),
        zone_id=zone.result().id,
        devices=devices.result(),
    )


def _warn(labels: Sequence[str], missing: Mapping[str, str], found: _Found) -> None:
    firewalls = missing_resources(FIREWALL, labels, found.firewalls, found.state)
    for warning in (
        *missing_warnings(INSTANCE, missing),
        *missing_warnings(FIREWALL, firewalls),
        *interrupted_deletions(found.state),
    ):
        pulumi.log.warn(warning)


def declared(found: Sequence[Labelled], topology: Topology) -> list[Labelled]:
    """Those with the label of a server of the topology."""
    labels = {server.label for server in topology.servers}
    return [item for item in found if item.label in labels]
