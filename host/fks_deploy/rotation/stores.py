"""The stores of a release: services with the label `fks.password`, and Authentik's token."""

from collections.abc import Callable, Mapping

from ..compose import Compose, Service
from .authentik import Authentik
from .in_container import InContainer
from .postgres import LIVE_FILE as POSTGRES_FILE
from .postgres import Postgres
from .redis import LIVE_FILE as REDIS_FILE
from .redis import Redis
from .store import Store

_KINDS: Mapping[str, tuple[Callable[[str, InContainer], Store], str]] = {
    "postgres": (Postgres, POSTGRES_FILE),
    "redis": (Redis, REDIS_FILE),
}


def find(compose: Compose) -> list[Store]:
    """All of them, also those of stopped stacks."""
    found: list[Store] = [_of(compose, one) for one in compose.all_services() if one.password]
    probes = [one for one in compose.release.probes if one.bearer]
    return found + [Authentik(one, compose.address) for one in probes]


def _of(compose: Compose, service: Service) -> Store:
    make, live_file = _KINDS[service.password]
    (file,) = service.secret_files
    name = str(file.relative_to(compose.paths.secrets))
    return make(name, InContainer(compose, service.name, live_file))
