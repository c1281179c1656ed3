"""The stack that is examined: what its configuration wants, and what it says it has made."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

from fks_infra.config import stack_files as stack_config
from fks_infra.config.plans import DEFAULT_PLANS
from fks_infra.config.pulumi_cli import pulumi
from fks_infra.doctor.background import begin
from fks_infra.doctor.inventory import Inventory, read_from
from fks_infra.errors import OperatorError
from fks_infra.topology.names import HostName, host_names
from fks_infra.topology.planning import servers_of

# The engine's own command may ask a remote backend.
PULUMI_SECONDS = 60.0

_KEYS = (
    "mode",
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
)


@dataclass(frozen=True, kw_only=True)
class Subject:
    """A stack's settings as far as they are examined. `plans` is server to Linode plan.

    `stack` is its name as it was given, maybe with its organization and project.
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
    inventory: Inventory

    @property
    def short_name(self) -> str:
        """The stack's own name, which records and instances carry."""
        return self.stack.rpartition("/")[2]

    @property
    def names(self) -> tuple[HostName, ...]:
        """Every name the stack wants."""
        return host_names(self.domain, self.extra_names)

    @property
    def undeployed(self) -> str:
        """Why there are no servers to look at; empty when there are some."""
        if self.inventory.unread:
            return f"the stack's outputs cannot be read: {self.inventory.unread}"
        return "" if self.inventory.servers else f"stack {self.stack} has no servers yet"


def read(stack: str, seconds: float = PULUMI_SECONDS) -> Subject:
    """Ask pulumi, for the selected stack if `stack` is empty; OperatorError if it cannot tell.

    Each of the three questions, asked at the same time, is given so many seconds.
    """
    chosen = ["--stack", stack] if stack else []
    asked = partial(pulumi, seconds=seconds)
    named = begin(lambda: stack or asked("stack", "--show-name").strip())
    config = begin(partial(stack_config.read, stack, *_KEYS, seconds=seconds))
    outputs = begin(partial(asked, "stack", "output", "--json", *chosen))
    name = named.result()
    values = dict(zip(_KEYS, config.result(), strict=True))
    if not values["domain"]:
        raise OperatorError(f"fks:domain is not set. Run fks init --stack {name}.")
    return subject(name, values, read_from(outputs))


def subject(stack: str, values: Mapping[str, Any], inventory: Inventory) -> Subject:
    """From the checked values of the keys by name."""
    plans = {**DEFAULT_PLANS, **values["plan"]}
    return Subject(
        stack=stack,
        domain=values["domain"],
        extra_names=tuple(values["extraNames"]),
        zone=values["zone"] or values["domain"],
        region=values["region"],
        image=values["image"],
        plans={server: plans[server] for server in servers_of(values["mode"])},
        tag=values["tailnetTag"],
        operators=tuple(values["tailnetOperators"]),
        login_server=values["loginServer"],
        acme_server=values["acmeServer"],
        caa_issuer=values["caaIssuer"],
        inventory=inventory,
    )
