"""Generated once, kept encrypted in the state, the same in both modes: the services' passwords."""

from collections.abc import Mapping
from typing import Any

import pulumi
import pulumi_random as random

from fks_infra.release.contents import POSTGRES_DB, POSTGRES_USER

# Letters and digits only, so that a value can stand in a URL and in an env file as it is.
_LENGTHS: dict[str, int] = {
    "auth-postgres-password": 40,
    "authentik-secret-key": 60,
    "authentik-bootstrap-password": 24,
    "authentik-bootstrap-token": 60,
    "postgres-password": 40,
    "redis-password": 40,
    "jwt-secret": 64,
}


class Secrets(pulumi.ComponentResource):
    """All generated secrets, beside the servers: switching the mode must not renew them."""

    by_role: Mapping[str, pulumi.Output[dict[str, str]]]
    admin_password: pulumi.Output[str]

    def __init__(
        self, name: str, *, protect: bool, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        super().__init__("fks:infra:Secrets", name, None, opts)
        self._options = pulumi.ResourceOptions(
            parent=self,
            # A destroy stops at the protected servers; their databases' passwords must outlive it.
            protect=protect,
            # A later change here must not change a password behind its database's back.
            ignore_changes=["length", "special"],
        )
        made = {key: self._generate(f"{name}-{key}", length) for key, length in _LENGTHS.items()}
        self.by_role = {
            "auth": _mapping(_auth(made)),
            "api": _mapping(_api(made)),
            "web": _mapping({}),
        }
        self.admin_password = made["authentik-bootstrap-password"]
        self.register_outputs({})

    def _generate(self, name: str, length: int) -> pulumi.Output[str]:
        password = random.RandomPassword(name, length=length, special=False, opts=self._options)
        return password.result


def _auth(made: Mapping[str, pulumi.Output[str]]) -> dict[str, pulumi.Output[str]]:
    return {
        "AUTH_POSTGRES_PASSWORD": made["auth-postgres-password"],
        "AUTHENTIK_SECRET_KEY": made["authentik-secret-key"],
        "AUTHENTIK_BOOTSTRAP_PASSWORD": made["authentik-bootstrap-password"],
        "AUTHENTIK_BOOTSTRAP_TOKEN": made["authentik-bootstrap-token"],
    }


def _api(made: Mapping[str, pulumi.Output[str]]) -> dict[str, pulumi.Output[str]]:
    postgres, redis, jwt = made["postgres-password"], made["redis-password"], made["jwt-secret"]
    queue = pulumi.Output.concat("redis://:", redis, "@api-queue:6379")
    database = pulumi.Output.concat(
        f"postgresql://{POSTGRES_USER}:", postgres, f"@api-postgres:5432/{POSTGRES_DB}"
    )
    return {
        "POSTGRES_PASSWORD": postgres,
        "DATABASE_URL": database,
        "REDIS_PASSWORD": redis,
        "REDIS_URL": pulumi.Output.concat(queue, "/0"),
        "CACHE_REDIS_URL": pulumi.Output.concat("redis://:", redis, "@api-cache:6379/0"),
        "CELERY_BROKER_URL": pulumi.Output.concat(queue, "/0"),
        "CELERY_RESULT_BACKEND": pulumi.Output.concat(queue, "/1"),
        "JWT_SECRET": jwt,
        "JWT_SECRET_KEY": jwt,
    }


def _mapping(values: dict[str, pulumi.Output[str]]) -> pulumi.Output[dict[str, str]]:
    secret: pulumi.Output[Any] = pulumi.Output.secret(values)
    return secret
