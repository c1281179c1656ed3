"""Single sign-on: Authentik and its database."""

from fks_infra.roles.images import AUTHENTIK, POSTGRES
from fks_infra.roles.role import Role, Secret, SecretFile, Service

ROLE = Role(
    name="auth",
    label="auth",
    plan="g6-nanode-1",
    entry="auth-server",
    stateful=True,
    application="Authentik",
    # https://docs.goauthentik.io/install-config/install/docker-compose/#requirements
    documented_memory=2048,
    services=(
        Service(name="auth-postgres", image=POSTGRES, memory=128),
        Service(name="auth-server", image=AUTHENTIK, memory=560, port=9000),
        Service(name="auth-worker", image=AUTHENTIK, memory=400),
    ),
    secrets=(
        Secret(
            name="auth-postgres-password",
            length=40,
            files=(SecretFile(name="AUTH_POSTGRES_PASSWORD"),),
        ),
        Secret(
            name="authentik-secret-key",
            length=60,
            files=(SecretFile(name="AUTHENTIK_SECRET_KEY"),),
        ),
        Secret(
            name="authentik-bootstrap-password",
            length=24,
            files=(SecretFile(name="AUTHENTIK_BOOTSTRAP_PASSWORD"),),
            output="adminPassword",
        ),
        Secret(
            name="authentik-bootstrap-token",
            length=60,
            files=(SecretFile(name="AUTHENTIK_BOOTSTRAP_TOKEN"),),
        ),
    ),
)
