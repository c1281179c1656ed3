"""Ports: those of services on 127.0.0.1, and those of host/limits.env."""

from collections.abc import Iterable, Mapping

from fks_infra.explain import services, sources
from fks_infra.explain.context import Context
from fks_infra.explain.explanation import Explanation
from fks_infra.explain.host_effects import of_host_file

_LIMITS = "host/limits.env"


def known(context: Context) -> Iterable[str]:
    """All ports, as digits."""
    return [*map(str, _published(context)), *map(str, _limits(context))]


def explain(context: Context, text: str) -> Explanation | None:
    """A port as `8000` or `:8000`."""
    digits = text.removeprefix(":")
    if not digits.isdigit():
        return None
    port = int(digits)
    if name := _published(context).get(port):
        return _of_service(context, text, name)
    if name := _limits(context).get(port):
        return _of_limit(context, text, name)
    return None


def _published(context: Context) -> Mapping[int, str]:
    """Port to service."""
    found = (service for server in context.topology.servers for service in server.services)
    return {service.port: service.name for service in found if service.port}


def _limits(context: Context) -> Mapping[int, str]:
    """Port to its name."""
    lines = (context.root / _LIMITS).read_text(encoding="utf-8").splitlines()
    pairs = (line.partition("=") for line in lines if not line.startswith("#"))
    return {int(value): name for name, _, value in pairs if name.endswith("_PORT")}


def _of_service(context: Context, text: str, name: str) -> Explanation | None:
    found = services.explain(context, name)
    if found is None:
        return None
    return Explanation(
        subject=text,
        kind="port",
        what=f"on 127.0.0.1 of its server: {found.what} (fks:services.{name}.port changes it)",
        made_by=found.made_by,
        defined=found.defined,
        depends=found.depends,
        change=found.change,
    )


def _of_limit(context: Context, text: str, name: str) -> Explanation:
    limits = context.root / _LIMITS
    users = sources.text_files(context.root, "fks_infra", "host", "nginx", "compose")
    readers = sources.lines_with(context.root, rf"\b{name}\b", users)
    defined = sources.lines_with(context.root, rf"^{name}=", [limits])
    return Explanation(
        subject=text,
        kind="port",
        what=f"{name}: {_comment(limits.read_text(encoding='utf-8'), name)}",
        made_by="the packet filter and sshd or nginx of each server (host/bootstrap.d)",
        defined=tuple(defined),
        depends=tuple(one for one in readers if one not in defined),
        change=tuple(of_host_file(context, _LIMITS)),
    )


def _comment(text: str, name: str) -> str:
    """The line before the assignment."""
    before, _, _ = text.partition(f"\n{name}=")
    return before.splitlines()[-1].lstrip("# ")
