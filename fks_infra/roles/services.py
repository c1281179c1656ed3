"""The services: their role, image, memory and port. Compose files take these values by name."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from fks_infra.config.schema import did_you_mean

ROLES: tuple[str, ...] = ("auth", "api", "web")
EDGE = "edge"

_POSTGRES = "docker.io/library/postgres:17"
_REDIS = "docker.io/library/redis:8"
_AUTHENTIK = "ghcr.io/goauthentik/server:2026.8.5"
_FKS = "docker.io/nuniesmith/fks"


@dataclass(frozen=True, kw_only=True)
class Service:
    """A container. Memory limit in MiB; `port` on 127.0.0.1, or None when nothing is published."""

    name: str
    role: str
    image: str
    memory: int
    low_memory: int
    port: int | None = None

    @property
    def key(self) -> str:
        """The middle of its variables: IMAGE_<key>, MEMORY_<key>."""
        return self.name.upper().replace("-", "_")


@dataclass(frozen=True, kw_only=True)
class Override:
    """What `fks:services` may change of a service; None leaves it."""

    image: str | None = None
    digest: str | None = None
    memory: int | None = None
    port: int | None = None


def _service(
    name: str,
    role: str,
    image: str,
    memory: int,
    *,
    low_memory: int | None = None,
    port: int | None = None,
) -> Service:
    return Service(
        name=name, role=role, image=image, memory=memory, low_memory=low_memory or memory, port=port
    )


CATALOGUE: tuple[Service, ...] = (
    _service("auth-postgres", "auth", _POSTGRES, 128),
    _service("auth-server", "auth", _AUTHENTIK, 560, port=9000),
    _service("auth-worker", "auth", _AUTHENTIK, 400),
    _service("api-postgres", "api", _POSTGRES, 1024, low_memory=512),
    _service("api-queue", "api", _REDIS, 256, low_memory=128),
    _service("api-cache", "api", _REDIS, 256, low_memory=128),
    _service("api", "api", f"{_FKS}:api-latest", 768, low_memory=640, port=8000),
    _service("api-worker", "api", f"{_FKS}:worker-latest", 768, low_memory=640),
    _service("api-beat", "api", f"{_FKS}:worker-latest", 160),
    _service("web", "web", f"{_FKS}:web-latest", 96, port=8080),
    _service("edge", EDGE, f"{_FKS}:nginx-latest", 96),
)

NAMES: tuple[str, ...] = tuple(service.name for service in CATALOGUE)


def services_of(
    roles: tuple[str, ...], overrides: Mapping[str, Override], *, low_memory: bool
) -> tuple[Service, ...]:
    """The containers of a server with these roles, the edge last, overrides applied."""
    return tuple(
        _apply(service, overrides.get(service.name, Override()), low_memory)
        for service in CATALOGUE
        if service.role in (*roles, EDGE)
    )


def _apply(service: Service, override: Override, low_memory: bool) -> Service:
    image = override.image or service.image
    return replace(
        service,
        image=f"{image}@{override.digest}" if override.digest else image,
        memory=override.memory or (service.low_memory if low_memory else service.memory),
        port=override.port or service.port,
    )


def unknown_service(name: str) -> str:
    """A half sentence for the operator who named a service that is none."""
    return did_you_mean(name, list(NAMES))
