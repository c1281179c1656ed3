"""The types of which each module of this package makes one value."""

from dataclasses import dataclass

# A value of a generated secret in the text of a secret file.
VALUE = "{value}"


@dataclass(frozen=True, kw_only=True)
class Processes:
    """Processes (or threads) of a service: as many as cores and memory allow, at least one.

    variable: the NAME of their number in release.env.
    base, memory: MiB of the service without them, and of each of them.
    per_core: how many of them a core serves.
    connections: to the role's database, that each opens at most.
    """

    variable: str
    base: int
    memory: int
    per_core: int = 1
    connections: int = 0


@dataclass(frozen=True, kw_only=True)
class Service:
    """A container.

    image: empty for an optional service, which is left out unless `fks:services` has an image.
    memory: its smallest limit in MiB, `low_memory` the smallest with `fks:lowMemory`.
    share: its part of the memory that the plan has beyond all smallest limits, relative to the
        shares of the server's other services.
    port: published on 127.0.0.1; None publishes nothing.
    replica_of: the service whose image and memory it has, also when `fks:services` changes them.
    image_of: the service whose image it has, also when `fks:services` changes it.
    database: it is the role's PostgreSQL.
    connections: to the role's database, that it opens besides those of `processes`.
    pids: processes and threads, its health check included. A database's follow its connections.
    gpu: it needs a GPU, and is left out unless `fks:gpu` is set.
    pitr: it is left out unless `fks:backup.pitr` is set.
    variables: NAME and value of plain variables of release.env on a server that has it.
    """

    name: str
    image: str
    memory: int
    low_memory: int | None = None
    share: int = 0
    port: int | None = None
    replica_of: str | None = None
    image_of: str | None = None
    database: bool = False
    processes: Processes | None = None
    connections: int = 0
    pids: int = 256
    gpu: bool = False
    pitr: bool = False
    variables: tuple[tuple[str, str], ...] = ()

    @property
    def optional(self) -> bool:
        """Whether there are servers of its role without it: it is in a Compose profile."""
        return self.gpu or self.pitr or not self.image

    @property
    def key(self) -> str:
        """The middle of its variables: IMAGE_<key>, MEMORY_<key>."""
        return self.name.upper().replace("-", "_")

    def smallest_limit(self, *, low_memory: bool) -> int:
        """Its smallest memory limit in MiB."""
        return self.low_memory if low_memory and self.low_memory is not None else self.memory


@dataclass(frozen=True, kw_only=True)
class StaticBuild:
    """Files that the edge serves: the directory `root` of `image`, which runs in no container."""

    name: str
    image: str
    root: str = "/usr/share/nginx/html"

    @property
    def key(self) -> str:
        """The end of its variable: IMAGE_<key>."""
        return self.name.upper().replace("-", "_")


@dataclass(frozen=True, kw_only=True)
class SecretFile:
    """A file of /run/secrets; `text` has `{value}` where the generated secret stands."""

    name: str
    text: str = VALUE


@dataclass(frozen=True, kw_only=True)
class Secret:
    """A password that is generated once: `length` letters and digits, and the files it stands in.

    A new length applies to new stacks only: an existing password is stored in databases.
    `output` names the stack output that shows it to the operator; empty for none. `rotation` is the
    name by which `fks rotate` replaces it; empty where it does not.
    """

    name: str
    length: int
    files: tuple[SecretFile, ...]
    output: str = ""
    rotation: str = ""


@dataclass(frozen=True, kw_only=True)
class Proxy:
    """The edge of a role passes requests on to role `target`, checked at `health_path`."""

    target: str
    health_path: str


@dataclass(frozen=True, kw_only=True)
class Thresholds:
    """Percent of the server's CPU and memory, above which an alert is sent after ten minutes."""

    cpu: int
    memory: int


@dataclass(frozen=True, kw_only=True)
class ApiProbe:
    """A request of a deploy to a role's API, through the edge and with a secret as bearer token.

    name: in messages.
    secret_file: the role's secret file with the token.
    any_item: the response is a list; one of its objects has, for each key, one of these values.
    wait_seconds: how long a deploy repeats it.
    """

    name: str
    path: str
    secret_file: str
    any_item: tuple[tuple[str, tuple[bool | str, ...]], ...]
    wait_seconds: int


@dataclass(frozen=True, kw_only=True)
class Stack:
    """Services that are deployed together: those of compose/<name>/compose.yaml."""

    name: str
    services: tuple[Service, ...]


@dataclass(frozen=True, kw_only=True)
class Role(Stack):
    """A stack with a domain name of its own, a plan, secrets, and roles that it calls.

    label: DNS label in front of the domain; empty for the domain itself.
    thresholds: of a server that carries this role; with several roles the highest ones count.
    plan: Linode plan of a server that carries this role alone.
    entry: the service that nginx/vhosts/<name>.conf.template passes requests to; empty for none.
    build: static files that this virtual host serves itself.
    stateful: the server's disk holds data that is kept nowhere else.
    calls: roles it calls by their domain names.
    proxies: roles its edge passes requests on to; a part of `calls`.
    health: values of `status` in the body of a healthy /health/deep; empty accepts any body.
    api_probes: what only the server itself can request, with the role's secrets.
    variables: NAME and value of plain variables of release.env.
    documented_memory: MiB that the application's documentation asks for; on a smaller plan zram of
        the plan's size counts as memory too. 0 for none.
    application: the application's name in messages.
    """

    label: str
    plan: str
    entry: str = ""
    build: StaticBuild | None = None
    thresholds: Thresholds = Thresholds(cpu=70, memory=80)
    stateful: bool = False
    calls: tuple[str, ...] = ()
    proxies: tuple[Proxy, ...] = ()
    secrets: tuple[Secret, ...] = ()
    health: tuple[str, ...] = ()
    api_probes: tuple[ApiProbe, ...] = ()
    variables: tuple[tuple[str, str], ...] = ()
    documented_memory: int = 0
    application: str = ""
