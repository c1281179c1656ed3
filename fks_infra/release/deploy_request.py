"""What a deploy gets by standard input: all that is secret or known only at run time."""

import json
from collections.abc import Mapping

from fks_infra.roles.role import VALUE, Role


def deploy_request(
    address: str,
    secrets: Mapping[str, Mapping[str, str]],
    acme_dns_token: str,
    acme_account: Mapping[str, str],
    alert_webhook: str,
    registries: Mapping[str, str],
    registry_password: str,
    backup: Mapping[str, str],
) -> str:
    """The JSON document that host/bin/deploy reads.

    `address` is the server's own in the tailnet, `secrets` role to file name to content,
    `acme_account` the external account as `key_id` and `hmac_key`, empty for none, `alert_webhook`
    the URL for alerts, empty for none, `registries` registry to user name, `backup` the
    repository for backups with its password, empty for a server without data.
    """
    logins = [
        {"server": server, "username": user, "password": registry_password}
        for server, user in sorted(registries.items())
    ]
    document = {
        "address": address,
        "secrets": secrets,
        "acme_dns_token": acme_dns_token,
        **({"acme_account": acme_account} if acme_account else {}),
        **({"alert_webhook": alert_webhook} if alert_webhook else {}),
        "registries": logins,
        **({"backup": backup} if backup else {}),
    }
    return json.dumps(document, sort_keys=True)


def secret_files(role: Role, values: Mapping[str, str]) -> dict[str, str]:
    """The role's secret files by name; `values` has the generated values by secret name."""
    return {
        file.name: file.text.replace(VALUE, values[secret.name])
        for secret in role.secrets
        for file in secret.files
    }
