"""All checks of `fks doctor`, by the name that is displayed, in the order of display."""

from collections.abc import Mapping

from fks_infra.doctor.check_context import Check
from fks_infra.doctor.checks.caa import caa
from fks_infra.doctor.checks.certificates import certificates
from fks_infra.doctor.checks.clock import clock
from fks_infra.doctor.checks.credentials import credentials
from fks_infra.doctor.checks.linode_catalogue import image, plans, region
from fks_infra.doctor.checks.linode_token import linode_token
from fks_infra.doctor.checks.names import names
from fks_infra.doctor.checks.resolver import resolver
from fks_infra.doctor.checks.ssh_agent import ssh_agent
from fks_infra.doctor.checks.tailnet_devices import tailnet_devices
from fks_infra.doctor.checks.tailnet_path import tailnet_path
from fks_infra.doctor.checks.tailnet_policy import tailnet_policy
from fks_infra.doctor.checks.tailscale_credentials import tailnet_tag, tailscale_credentials
from fks_infra.doctor.checks.updates import updates
from fks_infra.doctor.checks.watch import watch
from fks_infra.doctor.checks.zone import zone

CHECKS: Mapping[str, Check] = {
    "credentials": credentials,
    "linode-token": linode_token,
    "region": region,
    "image": image,
    "plans": plans,
    "zone": zone,
    "names": names,
    "caa": caa,
    "tailscale-credentials": tailscale_credentials,
    "tailnet-tag": tailnet_tag,
    "tailnet-policy": tailnet_policy,
    "tailnet-devices": tailnet_devices,
    "ssh-agent": ssh_agent,
    "resolver": resolver,
    "certificates": certificates,
    "clock": clock,
    "tailnet-path": tailnet_path,
    "updates": updates,
    "watch": watch,
}
