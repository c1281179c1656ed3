"""The secrets that others make, as the user makes and deletes them in the stand-ins."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from typing import NamedTuple

from rehearsal.world.registry_logins import set_logins
from rehearsal.world.scenario import Scenario

HOST, USER = "ghcr.io", "reader"
_VERIFY = "https://api.cloudflare.com/client/v4/user/tokens/verify"
_ELSEWHERE = "rehearsal-elsewhere-01234567890123456789"


class Case(NamedTuple):
    """A secret of `fks rotate`: its setting and variable; how the user makes a new one beside the
    old one and deletes the old one; curl's options that use a value; values that are refused."""

    setting: str
    variable: str
    make: Callable[[Scenario], str]
    delete: Callable[[Scenario, str], None]
    use: Callable[[str], list[str]]
    wrong: tuple[str, ...]

    def value(self, scenario: Scenario) -> str:
        """The one that is stored."""
        return scenario.operator.output(["pulumi", "config", "get", self.setting]).strip()

    def accepts(self, scenario: Scenario, value: str) -> bool:
        """Whether Cloudflare or the registry accepts a value; any other answer fails."""
        command = ["curl", "-s", "-o", "/dev/null", "-w", "%{http_code}", *self.use(value)]
        code = scenario.operator.output(command)
        assert code in ("200", "401"), code
        return code == "200"


def set_passwords(scenario: Scenario, *passwords: str) -> None:
    """Let the registry accept only these."""
    set_logins(scenario.world.client, {HOST: [(USER, one) for one in passwords]})


def _new_password(scenario: Scenario) -> str:
    value = f"canary-{secrets.token_hex(16)}"
    set_passwords(scenario, CASES["registry"].value(scenario), value)
    return value


def _delete_password(scenario: Scenario, old: str) -> None:
    current = CASES["registry"].value(scenario)
    assert current != old
    set_passwords(scenario, current)


CASES = {
    "dns-token": Case(
        "fks:acmeDnsToken",
        "FKS_ACME_DNS_TOKEN",
        lambda scenario: scenario.control.new_token("cloudflare"),
        lambda scenario, old: scenario.control.revoke_token("cloudflare", old),
        lambda value: ["-H", f"Authorization: Bearer {value}", _VERIFY],
        ("canary-wrong", _ELSEWHERE),
    ),
    "registry": Case(
        "fks:registryPassword",
        "FKS_REGISTRY_PASSWORD",
        _new_password,
        _delete_password,
        lambda value: ["-u", f"{USER}:{value}", f"https://{HOST}/v2/"],
        ("canary-wrong",),
    ),
}
