"""Containers and static builds: their role, compose file, limits, and what needs them."""

import re
from collections.abc import Iterable, Iterator

import yaml

from fks_infra.explain import effects, sources
from fks_infra.explain.context import Context
from fks_infra.explain.explanation import Explanation
from fks_infra.release.manifest import PROJECT
from fks_infra.roles import STACKS
from fks_infra.roles.role import Stack


def known(context: Context) -> Iterable[str]:
    """All services and static builds, those that the stack leaves out too."""
    del context
    return [service.name for stack in STACKS for service in stack.services]


def explain(context: Context, text: str) -> Explanation | None:
    """A service by its name or by that of its container, as `fks-api-1`."""
    name = re.sub(rf"^{PROJECT}-(.+)-\d+$", r"\1", text)
    stack = next((one for one in STACKS if name in [s.name for s in one.services]), None)
    if stack is None:
        return None
    compose = context.root / f"compose/{stack.name}/compose.yaml"
    module = context.root / f"fks_infra/roles/{stack.name}.py"
    return Explanation(
        subject=text,
        kind="service",
        what=_what(context, name),
        made_by=f"stack {stack.name}, by a deploy (host/bin/deploy)",
        defined=(
            *sources.lines_with(context.root, rf'name="{name}"', [module]),
            *sources.lines_with(context.root, rf"^  {name}:", [compose]),
        ),
        depends=tuple(_dependents(context, stack, name)),
        change=tuple(effects.of_service(context, name)),
    )


def _what(context: Context, name: str) -> str:
    for server in context.topology.servers:
        for service in server.services:
            if service.name == name:
                port = f", 127.0.0.1:{service.port}" if service.port else ""
                limit = f"limit {service.memory} MiB"
                return f"container {PROJECT}-{name}-1 of {service.image}, {limit}{port}"
    return "optional service, which this stack leaves out (fks:services, fks:gpu)"


def _dependents(context: Context, stack: Stack, name: str) -> Iterator[str]:
    """Services whose compose definition waits for it, and the edge's virtual host."""
    path = context.root / f"compose/{stack.name}/compose.yaml"
    document = yaml.safe_load(path.read_text(encoding="utf-8"))
    for other, definition in document["services"].items():
        if name in (definition.get("depends_on") or ()):
            yield f"service {other} starts after it"
    if name == getattr(stack, "entry", ""):
        yield f"the edge passes requests on to it (nginx/vhosts/{stack.name}.conf.template)"
    servers = [one for one in context.topology.servers if name in {s.name for s in one.services}]
    for server in servers:
        yield f"release of server {server.name}"
