"""Rules across settings."""

from collections.abc import Callable

import pytest

from fks_infra.config.settings import parse
from fks_infra.errors import OperatorError
from tests.conftest import TOKENS
from tests.fks_infra.config.examples import LABEL_63

Config = Callable[..., dict[str, str]]
SECRET = frozenset({"fks:deployKey", "fks:acmeDnsToken", "fks:acmeEabHmacKey", "fks:backupS3Key"})
# With the longest label of a role it is the longest name of a challenge.
LONGEST = ".".join([LABEL_63] * 3 + ["a" * 36, "org"])


def error(config: dict[str, str], stack: str = "prod") -> str:
    """The text of the errors; empty if there is none."""
    try:
        parse(stack, config, SECRET, TOKENS)
    except OperatorError as raised:
        return str(raised)
    return ""


@pytest.mark.parametrize("stack", ["a", "prod-2", "A" * 20])
def test_a_stack_name_that_fits_into_labels_is_accepted(stack_config: Config, stack: str) -> None:
    assert error(stack_config(), stack) == ""


@pytest.mark.parametrize("stack", ["A" * 21, "-prod", "prod-", "pr--od", "pr_od", "pr.od", "größe"])
def test_a_stack_name_that_breaks_labels_is_an_error(stack_config: Config, stack: str) -> None:
    text = error(stack_config(), stack)
    assert repr(stack) in text
    assert "pulumi stack rename" in text


def test_two_services_of_one_server_need_different_ports(stack_config: Config) -> None:
    services = {"auth-server": {"port": 8000}}
    text = error(stack_config(mode="single", services=services))
    assert "fks:services.auth-server.port and fks:services.api.port are both 8000" in text
    assert "on the server single; write another port" in text
    assert error(stack_config(mode="multi", services=services)) == ""


def test_two_services_may_exchange_their_ports(stack_config: Config) -> None:
    services = {"auth-server": {"port": 8000}, "api": {"port": 9000}}
    assert error(stack_config(mode="single", services=services)) == ""


def test_the_name_of_the_longest_challenge_fits_into_the_dns(stack_config: Config) -> None:
    def text(domain: str, *labels: str) -> str:
        return error(stack_config(domain=domain, extraNames=list(labels), caaIssuer=""))

    assert text(LONGEST) == ""
    assert "has 254 characters; write a domain that has 1 less" in text(
        LONGEST.replace(".org", "a.org")
    )
    assert "shorter labels into fks:extraNames" in text(LONGEST, "abcde")
    assert text(LONGEST, "abcd") == ""


def test_both_halves_of_an_external_account_are_needed(stack_config: Config) -> None:
    account = {"acmeEabKeyId": "kid-1", "acmeEabHmacKey": "Y2FuYXJ5"}
    assert error(stack_config(**account)) == ""
    for name, value in account.items():
        text = error(stack_config(**{name: value}))
        assert "it and fks:acmeEabHmacKey belong together" in text
        assert "Y2FuYXJ5" not in text


@pytest.mark.parametrize(
    "server",
    [
        "https://acme.zerossl.com/v2/DV90",
        "https://dv.acme-v02.api.pki.goog/directory",
        "https://acme.ssl.com/sslcom-dv-ecc",
    ],
)
def test_an_authority_for_customers_needs_an_external_account(
    stack_config: Config, server: str
) -> None:
    text = error(stack_config(acmeServer=server))
    assert f"fks:acmeServer is {server!r}: this authority issues to its customers only" in text
    assert "fks:acmeEabKeyId" in text
    account = {"acmeEabKeyId": "kid-1", "acmeEabHmacKey": "Y2FuYXJ5"}
    assert error(stack_config(acmeServer=server, **account)) == ""


@pytest.mark.parametrize(
    ("key", "valid"),
    [
        ("AAAA", True),
        ("AA", True),
        ("AAA", True),
        ("AA==", True),
        ("_-AA\n", True),
        ("A", False),
        ("AAAAA", False),
        ("AA+/", False),
        ("AA AA", False),
        ("AAA==", False),
    ],
)
def test_the_key_of_an_external_account_is_base64url(
    stack_config: Config, key: str, valid: bool
) -> None:
    text = error(stack_config(acmeEabKeyId="kid-1", acmeEabHmacKey=key))
    assert ("fks:acmeEabHmacKey (hidden) is not in base64url" in text) is not valid


def test_a_declared_bucket_has_no_key_of_the_configuration(stack_config: Config) -> None:
    bucket = {"bucket": "nl-ams/fks-prod"}
    assert error(stack_config(backup=bucket)) == ""
    text = error(stack_config(backup=bucket, backupS3Key="canary"))
    assert "bucket 'nl-ams/fks-prod', for which the program makes a key" in text
    assert "pulumi config rm fks:backupS3Key" in text and "canary" not in text
