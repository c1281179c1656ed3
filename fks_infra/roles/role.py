"""The types of which each module of this package makes one value."""

from dataclasses import dataclass

# A value of a generated secret in the text of a secret file.
VALUE = "{value}"


@dataclass(frozen=True, kw_only=True)
class Service:
    """A container. `memory` is its limit in MiB, `low_memory` the limit with `fks:lowMemory`.

    `port` is published on 127.0.0.1; None publishes nothing. `replica_of` names the service whose
    image and memory it shares, also when `fks:services` changes them.
    """

    name: str
    image: str
    memory: int
    low_memory: int | None = None
    port: int | None = None
    replica_of: str | None = None

    @property
    def key(self) -> str:
        """The middle of its variables: IMAGE_<key>, MEMORY_<key>."""
        return self.name.upper().replace("-", "_")

    def memory_limit(self, *, low_memory: bool) -> int:
        """Its limit in MiB."""
        return self.low_memory if low_memory and self.low_memory is not None else self.memory


@dataclass(frozen=True, kw_only=True)
class SecretFile:
    """A file of /run/secrets; `text` has `{value}` where the generated secret stands."""

    name: str
    text: str = VALUE


@dataclass(frozen=True, kw_only=True)
class Secret:
    """A password that is generated once: `length` letters and digits, and the files it stands in.

    A new length applies to new stacks only: an existing password is stored in databases.
    `output` names the stack output that shows it to the operator; empty for none.
    """

    name: str
    length: int
    files: tuple[SecretFile, ...]
    output: str = ""


@dataclass(frozen=True, kw_only=True)
class Proxy:
    """The edge of a role passes requests on to role `target`, checked at `health_path`."""

    target: str
    health_path: str


@dataclass(frozen=True, kw_only=True)
class Stack:
    """Services that are deployed together: those of compose/<name>/compose.yaml."""

    name: str
    services: tuple[Service, ...]


@dataclass(frozen=True, kw_only=True)
class Role(Stack):
    """A stack with a domain name of its own, a plan, secrets, and roles that it calls.

    label: DNS label in front of the domain; empty for the domain itself.
    plan: Linode plan of a server that carries this role alone.
    entry: the service that nginx/vhosts/<name>.conf.template passes requests to.
    stateful: the server's disk holds data that is kept nowhere else.
    calls: roles it calls by their domain names.
    proxies: roles its edge passes requests on to; a part of `calls`.
    health: values of `status` in the body of a healthy /health/deep; empty accepts any body.
    variables: NAME and value of plain variables of release.env.
    low_memory_variables: the same, with `fks:lowMemory` only.
    documented_memory: MiB that the application's documentation asks for; on a smaller plan zram of
        the plan's size counts as memory too. 0 for none.
    application: the application's name in messages.
    """

    label: str
    plan: str
    entry: str
    stateful: bool = False
    calls: tuple[str, ...] = ()
    proxies: tuple[Proxy, ...] = ()
    secrets: tuple[Secret, ...] = ()
    health: tuple[str, ...] = ()
    variables: tuple[tuple[str, str], ...] = ()
    low_memory_variables: tuple[tuple[str, str], ...] = ()
    documented_memory: int = 0
    application: str = ""
