"""The secrets that others make, in the stack's configuration: how each is checked and ended."""

import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from fks_infra.clouds import image_registry
from fks_infra.clouds.cloudflare import EDIT_RECORDS, TOKENS_PAGE, Cloudflare
from fks_infra.clouds.http import RejectedError
from fks_infra.config import stack_files


@dataclass(frozen=True, kw_only=True)
class Given:
    """`key` of the configuration, `variable` of the environment, what deploys do with it, and where
    the operator makes a new one and deletes the old one.

    `check` logs in with a value, for a stack: it raises RejectedError where it is refused, and
    UnavailableError or OperatorError where that is not known.
    """

    name: str
    key: str
    variable: str
    what: str
    where: str
    check: Callable[[str, str], None]

    def accepted(self, stack: str, value: str) -> bool:
        """Whether a value is accepted now; errors as of `check` but RejectedError."""
        try:
            self.check(stack, value)
        except RejectedError:
            return False
        return True


def _check_dns_token(stack: str, value: str) -> None:
    zone, domain = stack_files.read(stack, "zone", "domain")
    environ = {**os.environ, "CLOUDFLARE_API_TOKEN": value}
    found = Cloudflare.from_environ(environ).zone(zone or domain)
    if found.permissions and EDIT_RECORDS not in found.permissions:
        raise RejectedError(f"it may not edit the records of {found.name}")


def _check_registry_password(stack: str, value: str) -> None:
    (registries,) = stack_files.read(stack, "registries")
    if not registries:
        raise RejectedError("fks:registries is empty, so no registry has this password")
    for registry, user in registries.items():
        image_registry.log_in(image_registry.base_url(registry), user, value)


GIVEN: Mapping[str, Given] = {
    one.name: one
    for one in (
        Given(
            name="dns-token",
            key="acmeDnsToken",
            variable="FKS_ACME_DNS_TOKEN",
            what="The servers get their next certificates with it.",
            where=TOKENS_PAGE,
            check=_check_dns_token,
        ),
        Given(
            name="registry",
            key="registryPassword",
            variable="FKS_REGISTRY_PASSWORD",
            what="The servers pull their next images with it.",
            where="the registry's page of passwords or access tokens",
            check=_check_registry_password,
        ),
    )
}
