"""The secrets that others make, in the stack's configuration: how each is checked and ended."""

import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial

from fks_infra.clouds import image_registry
from fks_infra.clouds.api import CREDENTIAL_STATUSES
from fks_infra.clouds.cloudflare import EDIT_RECORDS, TOKENS_PAGE, Cloudflare
from fks_infra.clouds.http import RejectedError, WrongAddressError
from fks_infra.config import stack_files

Login = Callable[[], None]


@dataclass(frozen=True, kw_only=True)
class Given:
    """`key` of the configuration, `variable` of the environment, what deploys do with it, and where
    the operator makes a new one and deletes the old one.

    `logins` gives, for a stack and a value, a function for each place that has it: it raises
    RejectedError where the value cannot be used, with the status of the answer where the place
    refuses it, and UnavailableError or OperatorError where that is not known.
    """

    name: str
    key: str
    variable: str
    what: str
    where: str
    logins: Callable[[str, str], Sequence[Login]]

    def check(self, stack: str, value: str) -> None:
        """Use the value in all places; errors as of `logins`."""
        for log_in in self.logins(stack, value):
            log_in()

    def accepted(self, stack: str, value: str) -> bool:
        """Whether a place accepts a value now, also one whose rights do not suffice; errors as of
        `logins` but RejectedError."""
        return not all(_refused(log_in) for log_in in self.logins(stack, value))


def _refused(log_in: Login) -> bool:
    try:
        log_in()
    except WrongAddressError:
        # It is valid on the servers.
        return False
    except RejectedError as error:
        return error.status in CREDENTIAL_STATUSES
    return False


def _dns_logins(stack: str, value: str) -> Sequence[Login]:
    return [partial(_check_dns_token, stack, value)]


def _check_dns_token(stack: str, value: str) -> None:
    zone, domain = stack_files.read(stack, "zone", "domain")
    environ = {**os.environ, "CLOUDFLARE_API_TOKEN": value}
    found = Cloudflare.from_environ(environ).zone(zone or domain)
    if found.permissions and EDIT_RECORDS not in found.permissions:
        raise RejectedError(f"it may not edit the records of {found.name}")


def _registry_logins(stack: str, value: str) -> Sequence[Login]:
    (registries,) = stack_files.read(stack, "registries")
    if not registries:
        raise RejectedError("fks:registries is empty, so no registry has this password")
    return [
        partial(image_registry.log_in, image_registry.base_url(registry), user, value)
        for registry, user in registries.items()
    ]


GIVEN: Mapping[str, Given] = {
    one.name: one
    for one in (
        Given(
            name="dns-token",
            key="acmeDnsToken",
            variable="FKS_ACME_DNS_TOKEN",
            what="The servers get their next certificates with it.",
            where=TOKENS_PAGE,
            logins=_dns_logins,
        ),
        Given(
            name="registry",
            key="registryPassword",
            variable="FKS_REGISTRY_PASSWORD",
            what="The servers pull their next images with it.",
            where="the registry's page of passwords or access tokens",
            logins=_registry_logins,
        ),
    )
}
