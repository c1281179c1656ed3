"""The stack to check: the relevant settings, and the servers in its outputs."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

from fks_infra.config import stack_files
from fks_infra.config.plans import DEFAULT_PLANS
from fks_infra.config.pulumi_cli import pulumi
from fks_infra.doctor.background import begin
from fks_infra.errors import OperatorError
from fks_infra.remote.inventory import Inventory, read_from
from fks_infra.topology.names import HostName, host_names
from fks_infra.topology.planning import servers_of

# Pulumi may have to read a remote backend.
PULUMI_SECONDS = 60.0

_KEYS = (
    "mode",
    "keep",
    "domain",
    "zone",
    "extraNames",
    "region",
    "image",
    "plan",
    "tailnetTag",
    "tailnetOperators",
    "loginServer",
    "acmeServer",
    "caaIssuer",
    "backup",
)


@dataclass(frozen=True, kw_only=True)
class StackInfo:
    """`stack` is the name as it was given, maybe with organization and project; `plans` maps
    server to Linode plan; `bucket` is that of fks:backup, empty for none.
    """

    stack: str
    domain: str
    extra_names: tuple[str, ...]
    zone: str
    region: str
    image: str
    plans: Mapping[str, str]
    tag: str
    operators: tuple[str, ...]
    login_server: str
    acme_server: str
    caa_issuer: str
    bucket: str
    inventory: Inventory

    @property
    def short_name(self) -> str:
        """The stack's own name, as records and instances carry it."""
        return self.stack.rpartition("/")[2]

    @property
    def names(self) -> tuple[HostName, ...]:
        """Every DNS name of the stack."""
        return host_names(self.domain, self.extra_names)

    @property
    def undeployed(self) -> str:
        """Why there are no servers to check; empty when there are some."""
        if self.inventory.error:
            return f"the stack's outputs cannot be read: {self.inventory.error}"
        return "" if self.inventory.servers else f"stack {self.stack} has no servers yet"


def read(stack: str, seconds: float = PULUMI_SECONDS) -> StackInfo:
    """Read a stack (the selected one if `stack` is empty); OperatorError if that is not possible.

    Runs three pulumi commands at the same time; `seconds` limits each.
    """
    selection = ["--stack", stack] if stack else []
    limited = partial(pulumi, seconds=seconds)
    showing = begin(lambda: stack or limited("stack", "--show-name").strip())
    config = begin(partial(stack_files.read, stack, *_KEYS, seconds=seconds))
    outputs = begin(partial(limited, "stack", "output", "--json", *selection))
    name = showing.result()
    values = dict(zip(_KEYS, config.result(), strict=True))
    if not values["domain"]:
        raise OperatorError(f"fks:domain is not set. Run fks init --stack {name}.")
    return stack_info(name, values, read_from(outputs))


def stack_info(stack: str, values: Mapping[str, Any], inventory: Inventory) -> StackInfo:
    """From the validated values of the keys by name."""
    plans = {**DEFAULT_PLANS, **values["plan"]}
    return StackInfo(
        stack=stack,
        domain=values["domain"],
        extra_names=tuple(values["extraNames"]),
        zone=values["zone"] or values["domain"],
        region=values["region"],
        image=values["image"],
        plans={server: plans[server] for server in (*servers_of(values["mode"]), *values["keep"])},
        tag=values["tailnetTag"],
        operators=tuple(values["tailnetOperators"]),
        login_server=values["loginServer"],
        acme_server=values["acmeServer"],
        caa_issuer=values["caaIssuer"],
        bucket=values["backup"].get("bucket", ""),
        inventory=inventory,
    )
