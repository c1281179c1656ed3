"""Single sign-on: Authentik and its database."""

from fks_infra.roles.images import AUTHENTIK, POSTGRES
from fks_infra.roles.role import ApiProbe, Processes, Role, Secret, SecretFile, Service, Thresholds

# Authentik documents neither the memory of its processes nor their connections. Reported are
# 375 MiB for an idle server with two web workers, 360 MiB for a worker with two threads
# (goauthentik/authentik#17869), and 130 MiB for a web worker. The rest is for load. A web worker
# has four threads (AUTHENTIK_WEB__THREADS), each with a connection, and one more that listens.
_WEB_WORKERS = Processes(
    variable="AUTHENTIK_WEB_WORKERS", base=400, memory=160, per_core=2, connections=5
)
_WORKER_THREADS = Processes(
    variable="AUTHENTIK_WORKER_THREADS", base=280, memory=60, per_core=2, connections=2
)

ROLE = Role(
    name="auth",
    label="auth",
    thresholds=Thresholds(cpu=50, memory=80),
    plan="g6-nanode-1",
    entry="auth-server",
    stateful=True,
    application="Authentik",
    # https://docs.goauthentik.io/install-config/install/docker-compose/#requirements
    documented_memory=2048,
    services=(
        Service(name="auth-postgres", image=POSTGRES, memory=128, share=1, database=True),
        Service(
            name="auth-server",
            image=AUTHENTIK,
            memory=560,
            share=3,
            port=9000,
            processes=_WEB_WORKERS,
            connections=20,
            pids=1024,
        ),
        Service(
            name="auth-worker",
            image=AUTHENTIK,
            memory=400,
            share=2,
            port=9001,
            processes=_WORKER_THREADS,
            connections=10,
            pids=1024,
        ),
    ),
    health=("healthy",),
    # After an upgrade all containers can be healthy without a worker that accepts tasks:
    # https://github.com/goauthentik/authentik/issues/20602
    api_probes=(
        ApiProbe(
            name="auth-workers",
            path="/api/v3/tasks/workers/",
            secret_file="AUTHENTIK_BOOTSTRAP_TOKEN",
            any_item=(("version_matching", (True,)),),
            # The first start applies about thirty blueprints before the one with the token.
            wait_seconds=300,
        ),
    ),
    secrets=(
        Secret(
            name="auth-postgres-password",
            length=40,
            rotation="db-password",
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
            rotation="authentik-token",
            files=(SecretFile(name="AUTHENTIK_BOOTSTRAP_TOKEN"),),
        ),
    ),
)
