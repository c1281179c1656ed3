"""Pairs of a base and a head: the edit between them, and what it does."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from tests.fks_infra.impact.checkout import append, replace, stack
from tests.test_recipes import METRICS_COMPOSE, METRICS_ROLE

Edit = Callable[[Path], None]

NGINX = "nginx/snippets/tls.conf"


@dataclass(frozen=True, kw_only=True)
class Pair:
    """rows: `where: part: what happens` of everything but `nothing`. verdict: its beginning."""

    edit: Edit
    code: int
    verdict: str
    rows: tuple[str, ...]
    dollars: float = 41


def nothing(root: Path) -> None:
    (root / "README.md").write_text("Only a text.\n")


def edge_on(*servers: str) -> tuple[str, ...]:
    """The rows of a deploy that only reloads nginx."""
    return tuple(
        f"{server}: {row}"
        for server in servers
        for row in ("release: release deployed, 0 s", "edge: configuration reload, 0 s")
    )


def new_role(root: Path) -> None:
    (root / "fks_infra/roles/metrics.py").write_text(METRICS_ROLE)
    (root / "compose/metrics").mkdir()
    (root / "compose/metrics/compose.yaml").write_text(METRICS_COMPOSE)
    vhost = (root / "nginx/vhosts/auth.conf.template").read_text()
    (root / "nginx/vhosts/metrics.conf.template").write_text(vhost.replace("AUTH_", "METRICS_"))


PAIRS: dict[str, Pair] = {
    "nothing": Pair(
        edit=nothing, code=0, verdict="Nothing changes on the servers. $41 a month", rows=()
    ),
    "an nginx file of all servers": Pair(
        edit=lambda root: append(root, NGINX, "# x\n"),
        code=10,
        verdict="Changes without downtime: new release on auth, api and web. $41 a month, as",
        rows=edge_on("auth", "api", "web"),
    ),
    "an nginx file of one server": Pair(
        edit=lambda root: append(root, "nginx/vhosts/web.conf.template", "# x\n"),
        code=10,
        verdict="Changes without downtime: new release on web.",
        rows=edge_on("web"),
    ),
    "the API's image": Pair(
        edit=partial(stack, line='fks:services: {api: {image: "docker.io/nuniesmith/fks:next"}}'),
        code=10,
        verdict="Changes without downtime: replaced in turn: api and api-2; new release on api.",
        rows=(
            "api: release: release deployed, 0 s",
            "api: api: replaced in turn, 0 s",
            "api: api-2: replaced in turn, 0 s",
            "api: edge: configuration reload, 0 s",
        ),
    ),
    "the static build": Pair(
        edit=partial(stack, line="fks:services: {web: {refresh: 2}}"),
        code=10,
        verdict="Changes without downtime: new release on web.",
        rows=(
            "web: release: release deployed, 0 s",
            "web: edge: configuration reload, 0 s",
            "web: web: configuration reload, 0 s",
        ),
    ),
    "a database's memory": Pair(
        edit=partial(stack, line="fks:services: {auth-postgres: {memory: 160}}"),
        code=11,
        verdict="Changes with downtime: stopped and replaced: auth-postgres (time not measured)",
        rows=(
            "auth: release: release deployed, 0 s",
            "auth: auth-postgres: stopped, then replaced, time not measured",
            "auth: edge: configuration reload, 0 s",
        ),
    ),
    "a mounted script": Pair(
        edit=lambda root: append(root, "compose/lib/redis/queue.conf", "# x\n"),
        code=10,
        verdict="Changes without downtime: new release on api.",
        rows=(
            "api: release: release deployed, 0 s",
            "api: api-cache: updated, 0 s",
            "api: api-queue: updated, 0 s",
            "api: edge: configuration reload, 0 s",
        ),
    ),
    "a larger plan": Pair(
        edit=lambda root: replace(root, "Pulumi.prod.yaml", "g6-standard-1", "g6-standard-2"),
        code=11,
        verdict="Changes with downtime: resized, off for some minutes: web; stopped and replaced: "
        "edge of web (10 s at most); new release on web. $41 → $53 a month.",
        rows=(
            "web: server: resized, some minutes",
            "web: release: release deployed, 0 s",
            "web: edge: stopped, then replaced, 10 s at most",
        ),
        dollars=53,
    ),
    "a smaller disk": Pair(
        edit=lambda root: replace(root, "Pulumi.prod.yaml", "g6-standard-1", "g6-nanode-1"),
        code=11,
        verdict="Changes with downtime: resized, off for some minutes: web; stopped and replaced: "
        "edge of web (10 s at most); new release on web. pulumi up refuses it while the server's "
        "disks use more than the 25600 MiB of g6-nanode-1. $41 → $34 a month.",
        rows=(
            "web: server: resized, some minutes",
            "web: release: release deployed, 0 s",
            "web: edge: stopped, then replaced, 10 s at most",
        ),
        dollars=34,
    ),
    "another region": Pair(
        edit=partial(stack, line="fks:region: eu-central"),
        code=11,
        verdict="Changes with downtime: moved to another region, off meanwhile: auth, api and web.",
        rows=tuple(f"{name}: server: moved, some minutes" for name in ("auth", "api", "web")),
    ),
    "one server for all roles": Pair(
        edit=lambda root: replace(root, "Pulumi.prod.yaml", "multi", "single"),
        code=12,
        verdict="Servers or data are lost: destroyed: auth (with auth-certs, auth-data and "
        "auth-postgres-data), api (with api-data, api-logs, api-models, api-postgres-data and "
        "api-queue-data) and web (no data); created: single. pulumi up refuses it until fks "
        "migrate has moved the data, unless fks:acceptDataLoss names the server. $41 → $48 a "
        "month.",
        rows=(
            "single: server: created, 0 s",
            "auth: server: destroyed, for good",
            "api: server: destroyed, for good",
            "web: server: destroyed, for good",
            "DNS: A api.fkstrading.xyz: updated, 0 s",
            "DNS: A auth.fkstrading.xyz: updated, 0 s",
            "DNS: A www.fkstrading.xyz: updated, 0 s",
            "DNS: A fkstrading.xyz: updated, 0 s",
        ),
        dollars=48,
    ),
    "a rebuild without data": Pair(
        edit=partial(stack, line="fks:generation: {web: 1}"),
        code=12,
        verdict="Servers or data are lost: rebuilt with an empty disk: web (no data). $41",
        rows=(
            "web: server: rebuilt, some minutes",
            "DNS: A www.fkstrading.xyz: updated, 0 s",
            "DNS: A fkstrading.xyz: updated, 0 s",
        ),
    ),
    "a rebuild of a database's server": Pair(
        edit=partial(stack, line="fks:generation: {auth: 1}"),
        code=12,
        verdict="Servers or data are lost: rebuilt with an empty disk: auth (with auth-certs, "
        "auth-data and auth-postgres-data). pulumi up refuses it while fks:protect is true",
        rows=("auth: server: rebuilt, some minutes", "DNS: A auth.fkstrading.xyz: updated, 0 s"),
    ),
    "a new role": Pair(
        edit=new_role,
        code=10,
        verdict="Changes without downtime: created: metrics; new release on auth, api and web. "
        "$41 → $53 a month.",
        rows=(
            *edge_on("auth", "api"),
            "metrics: server: created, 0 s",
            *edge_on("web"),
            "DNS: A metrics.fkstrading.xyz: added, 0 s",
        ),
        dollars=53,
    ),
    "a secret": Pair(
        edit=lambda root: replace(root, "Pulumi.prod.yaml", "v1:one", "v1:two"),
        code=10,
        verdict="Changes without downtime: new release on auth, api and web.",
        rows=edge_on("auth", "api", "web"),
    ),
    "a name": Pair(
        edit=partial(stack, line="fks:extraNames: [app]"),
        code=11,
        verdict="Changes with downtime: removed: A www.fkstrading.xyz; new release on web.",
        rows=(
            *edge_on("web"),
            "DNS: A app.fkstrading.xyz: added, 0 s",
            "DNS: A www.fkstrading.xyz: removed, for good",
        ),
    ),
    "the Docker engine's settings": Pair(
        edit=lambda root: replace(root, "host/files/etc/docker/daemon.json", "10m", "20m"),
        code=10,
        verdict="Changes without downtime: host scripts run on auth, api and web.",
        rows=tuple(f"{name}: bootstrap: host scripts run, 0 s" for name in ("auth", "api", "web")),
    ),
    "the firewall": Pair(
        edit=partial(stack, line="fks:sshFrom: [198.51.100.7/32]"),
        code=10,
        verdict="Changes without downtime. $41 a month, as before.",
        rows=tuple(f"{name}: firewall: updated, 0 s" for name in ("auth", "api", "web")),
    ),
    "a component of the program": Pair(
        edit=lambda root: append(root, "fks_infra/components/machine.py", "# x\n"),
        code=10,
        verdict="Changes without downtime, as far as a comparison shows. $41 a month, as before. "
        "The program has changed: what that does to the clouds, only --engine shows.",
        rows=(),
    ),
}
