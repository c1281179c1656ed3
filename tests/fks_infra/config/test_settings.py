"""Valid settings are parsed; an invalid one is an error with key, value and remedy."""

from collections.abc import Callable
from typing import Any

import pytest

from fks_infra.config.settings import ServiceOverride, Settings, parse
from fks_infra.errors import OperatorError
from tests.conftest import STACK, TOKENS, KeyPair

Config = Callable[..., dict[str, str]]
SECRET = frozenset(
    {"fks:deployKey", "fks:acmeDnsToken", "fks:registryPassword", "fks:alertWebhook"}
)


def errors(config: dict[str, str], *, stack: str = STACK, environ: Any = None) -> str:
    """The text of all errors."""
    with pytest.raises(OperatorError) as raised:
        parse(stack, config, SECRET, TOKENS if environ is None else environ)
    return str(raised.value)


def test_defaults_come_from_the_project_file(settings: Callable[..., Settings]) -> None:
    found = settings()
    assert (found.mode, found.region, found.image) == ("multi", "ca-central", "linode/debian13")
    assert found.zone == found.domain == "fkstrading.xyz"
    assert found.extra_names == ("www",)
    assert found.plan["api"] == "g6-standard-2"
    assert found.protect is True


def test_a_partial_plan_is_laid_over_the_defaults(settings: Callable[..., Settings]) -> None:
    plan = settings(plan={"auth": "g6-standard-1"}).plan
    assert (plan["auth"], plan["api"], plan["web"]) == (
        "g6-standard-1",
        "g6-standard-2",
        "g6-nanode-1",
    )


def test_service_overrides_become_values(settings: Callable[..., Settings]) -> None:
    found = settings(services={"api": {"memory": 700}})
    assert found.services == {"api": ServiceOverride(memory=700)}


def test_secrets_are_not_in_the_repr(stack_config: Config, key_pair: KeyPair) -> None:
    found = parse(STACK, stack_config(registryPassword="canary-7"), SECRET, TOKENS)
    shown = repr(found)
    assert "canary-7" not in shown
    assert key_pair.private.splitlines()[1] not in shown


# Changed values, and parts of the error: the key, the value, what to write.
BAD: list[tuple[dict[str, Any], tuple[str, ...]]] = [
    ({"mode": "sngle"}, ("fks:mode", "'sngle'", "did you mean single?")),
    ({"region": "toronto"}, ("fks:region", "'toronto'", "ca-central")),
    ({"domain": "https://fks"}, ("fks:domain", "'https://fks'", "example.org")),
    ({"domain": "FKS.example"}, ("fks:domain", "'FKS.example'", "write fks.example.")),
    ({"domain": None}, ("fks:domain", "not set", "fks init")),
    ({"zone": "other.example"}, ("fks:zone", "'other.example'", "fkstrading.xyz", "write")),
    ({"extraNames": ["api"]}, ("fks:extraNames", "'api'", "leave it out")),
    ({"extraNames": ["w.w"]}, ("fks:extraNames", "'w.w'", "as www")),
    ({"extraNames": ["a", "a"]}, ("fks:extraNames", "twice", "leave one out")),
    ({"image": "debian"}, ("fks:image", "'debian'", "linode/debian13")),
    ({"plan": {"atuh": "g6-nanode-1"}}, ("fks:plan", "'atuh'", "did you mean auth?")),
    ({"plan": {"auth": "Nanode 1GB"}}, ("fks:plan", "'Nanode 1GB'", "write it as g6-standard-2")),
    ({"plan": "big"}, ("fks:plan", "'big'", "expected an object")),
    ({"generation": {"api": "two"}}, ("fks:generation", "'two'", "whole number")),
    ({"generation": {"db": 1}}, ("fks:generation", "'db'", "auth, api, web, single")),
    ({"protect": "yes"}, ("fks:protect", "'yes'", "expected a boolean")),
    ({"sshFrom": ["198.51.100.7"]}, ("fks:sshFrom", "'198.51.100.7'", "198.51.100.7/32")),
    ({"sshFrom": ["198.51.100.7/24"]}, ("fks:sshFrom", "host bits", "write it as")),
    ({"sshFrom": ["office"]}, ("fks:sshFrom", "'office'", "198.51.100.7/32")),
    ({"deployVia": "vpn"}, ("fks:deployVia", "'vpn'", "tailnet, public")),
    ({"deployVia": "public"}, ("fks:deployVia", "'public'", "fks:sshFrom")),
    ({"deployPublicKey": "AAAA"}, ("fks:deployPublicKey", "'AAAA'", ".pub")),
    ({"deployKey": None}, ("fks:deployKey", "not set", "fks init")),
    ({"deployKey": "secret-canary"}, ("fks:deployKey", "(hidden)", "fks init")),
    ({"loginServer": "login.example"}, ("fks:loginServer", "'login.example'", "https://")),
    ({"acmeDnsToken": None}, ("fks:acmeDnsToken", "not set", "Zone:Read")),
    ({"acmeServer": "letsencrypt"}, ("fks:acmeServer", "'letsencrypt'", "https://")),
    ({"caaIssuer": "x.org; a=b"}, ("fks:caaIssuer", "'x.org; a=b'", "as letsencrypt.org")),
    ({"caaIssuer": "x.org"}, ("fks:caaIssuer", "'x.org'", "fks:acmeServer", "letsencrypt.org")),
    ({"acmeEmail": "me"}, ("fks:acmeEmail", "'me'", "ops@example.org")),
    ({"dnsPropagationSeconds": 900}, ("fks:dnsPropagationSeconds", "900", "0 to 240")),
    ({"tailscaleKeyFingerprint": "2596"}, ("fks:tailscaleKeyFingerprint", "'2596'", "40 hex")),
    ({"tailnetTag": "fks"}, ("fks:tailnetTag", "'fks'", "tag:fks")),
    ({"tailnetOperators": []}, ("fks:tailnetOperators", "[]", "[autogroup:admin]")),
    ({"tailnetOperators": ["me"]}, ("fks:tailnetOperators", "'me'", "autogroup:admin")),
    ({"joinTimeout": 5}, ("fks:joinTimeout", "5", "60 to 3600")),
    ({"joinTimeout": "soon"}, ("fks:joinTimeout", "'soon'", "expected an integer")),
    ({"services": {"apii": {}}}, ("fks:services", "'apii'", "did you mean api?")),
    ({"services": {"api": {"ram": 1}}}, ("fks:services", "api.ram", "image, digest, memory, port")),
    ({"services": {"api": {"memory": "1g"}}}, ("fks:services", "'1g'", "whole MiB")),
    ({"services": {"api": {"digest": "abc"}}}, ("fks:services", "'abc'", "sha256:")),
    (
        {"services": {"api-2": {"memory": 512}}},
        ("fks:services", "api-2.memory", "it has that of api"),
    ),
    ({"services": {"api-beat": {"port": 9001}}}, ("fks:services", "api-beat.port", "leave it out")),
    ({"services": {"api": 5}}, ("fks:services", "'api' is 5", "{memory: 512}")),
    ({"registries": {"ghcr.io": "me"}}, ("fks:registries", "ghcr.io", "fks:registryPassword")),
    ({"registries": {"https://x": "me"}}, ("fks:registries", "'https://x'", "ghcr.io")),
    (
        {"backup": {"repository": "sftp:u@host.example:/a"}},
        ("fks:backup.hostKey", "ssh-keyscan", "fks:backupSshKey", "--secret fks:backupSshKey"),
    ),
    (
        {"backup": {"repository": "s3:https://host.example/a"}},
        ("fks:backup.s3KeyId, fks:backupS3Key is not set", "--secret fks:backupS3Key"),
    ),
    ({"timezone": "Toronto"}, ("fks:timezone", "'Toronto'", "America/Toronto")),
]


@pytest.mark.parametrize(("changes", "parts"), BAD, ids=[f"{b[0]}"[:60] for b in BAD])
def test_the_error_of_an_invalid_value_has_key_value_and_remedy(
    stack_config: Config, changes: dict[str, Any], parts: tuple[str, ...]
) -> None:
    text = errors(stack_config(**changes))
    assert "\n" not in text
    for part in parts:
        assert part in text
    assert "secret-canary" not in text


def test_the_error_of_an_unknown_key_has_the_nearest_one(stack_config: Config) -> None:
    text = errors(stack_config(regoin="ca-central"))
    assert text == "fks:regoin is not a configuration key; did you mean region?"


@pytest.mark.parametrize(
    ("key", "variable"),
    [
        ("linode:token", "LINODE_TOKEN"),
        ("cloudflare:apiToken", "CLOUDFLARE_API_TOKEN"),
        ("tailscale:apiKey", "TAILSCALE_API_KEY"),
        ("tailscale:oauthClientSecret", "TAILSCALE_OAUTH_CLIENT_SECRET"),
    ],
)
def test_a_provider_credential_in_the_stack_file_is_an_error(
    stack_config: Config, key: str, variable: str
) -> None:
    text = errors({**stack_config(), key: "canary-token"})
    assert f"pulumi config rm {key}" in text
    assert f"export {variable}" in text
    assert "canary-token" not in text


def test_an_unencrypted_optional_secret_is_an_error(stack_config: Config) -> None:
    config = stack_config(registryPassword="canary-password")
    with pytest.raises(OperatorError, match="--secret fks:registryPassword") as raised:
        parse(STACK, config, frozenset({"fks:deployKey", "fks:acmeDnsToken"}), TOKENS)
    assert "canary-password" not in str(raised.value)


@pytest.mark.parametrize("token", ["", " ", "canary token", "canary\ntoken"])
def test_a_malformed_dns_token_is_an_error(stack_config: Config, token: str) -> None:
    text = errors(stack_config(acmeDnsToken=token))
    assert "fks:acmeDnsToken (hidden)" in text
    assert "pulumi config set --secret fks:acmeDnsToken" in text
    assert "canary" not in text


@pytest.mark.parametrize(
    "url",
    [
        "http://hooks.example.org/canary",
        "hooks.example.org/canary",
        "https://user:canary@hooks.example.org/",
        "https://hooks.example.org/canary path",
        "https://hooks.example.org/canary#part",
        "https://hooks.example.org/a?sig=canary x",
        "https://hooks/canary",
    ],
)
def test_a_malformed_webhook_is_an_error_that_does_not_repeat_it(
    stack_config: Config, url: str
) -> None:
    text = errors(stack_config(alertWebhook=url))
    assert "fks:alertWebhook (hidden) is not an https URL" in text
    assert "pulumi config set --secret fks:alertWebhook" in text
    assert "canary" not in text


@pytest.mark.parametrize(
    "url",
    [
        "",
        "https://discord.com/api/webhooks/123/aB-c_D",
        "https://hooks.example.org:8443/in?api-version=1&sig=a%2Bb",
    ],
)
def test_a_webhook_is_an_https_url_with_or_without_a_query(stack_config: Config, url: str) -> None:
    parse(STACK, stack_config(alertWebhook=url), SECRET, TOKENS)


def test_missing_credentials_are_reported_together(stack_config: Config) -> None:
    paragraphs = errors(stack_config(), environ={}).split("\n\n")
    assert [p.split()[0] for p in paragraphs] == [
        "LINODE_TOKEN",
        "CLOUDFLARE_API_TOKEN",
        "TAILSCALE_OAUTH_CLIENT_ID",
    ]
    assert all("export" in paragraph for paragraph in paragraphs)


def test_a_token_with_a_line_break_is_reported_by_name(stack_config: Config) -> None:
    text = errors(stack_config(), environ={**TOKENS, "LINODE_TOKEN": "canary\n"})
    assert text.startswith("LINODE_TOKEN (hidden) has a blank, a line break")
    assert "canary" not in text


def test_an_oauth_client_needs_both_halves(stack_config: Config) -> None:
    half = {**TOKENS, "TAILSCALE_API_KEY": "", "TAILSCALE_OAUTH_CLIENT_ID": "id"}
    text = errors(stack_config(), environ=half)
    assert text.startswith("TAILSCALE_OAUTH_CLIENT_SECRET is not in the environment")


def test_all_errors_are_reported_at_once(stack_config: Config) -> None:
    text = errors(stack_config(mode="x", region="y", joinTimeout=1), environ={})
    assert len(text.split("\n\n")) == 6


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("minimal", "lowMemory"),
        ("dnsWait", "dnsPropagationSeconds"),
        ("dnsToken", "acmeDnsToken"),
    ],
)
def test_the_former_name_of_a_setting_gives_the_new_one(
    settings: Callable[..., Settings], old: str, new: str
) -> None:
    with pytest.raises(
        OperatorError, match=f"fks:{old} is not a configuration key; it is fks:{new} now"
    ):
        settings(**{old: "1"})
