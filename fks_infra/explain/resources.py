"""Resources of the program, by their URN or their name."""

import re
from collections.abc import Iterable

from fks_infra.explain import effects, host_effects, settings, sources
from fks_infra.explain.context import Context
from fks_infra.explain.explanation import Explanation
from fks_infra.topology.chain import CHAIN, SERVER

_URN = re.compile(r"^urn:pulumi:[^:]+::[^:]+::(?P<types>.+)::(?P<name>[^:]+)$")
_COMPONENTS = "fks_infra/components"


def names(context: Context) -> dict[str, str]:
    """Name of a resource to its server, of those in a server's chain; "" for others."""
    found: dict[str, str] = {}
    for server in context.topology.servers:
        for name in dict.fromkeys(name for pair in CHAIN for name in pair):
            own = name.startswith(f"{SERVER}-")
            found[_on(server.name, name) if own else name] = server.name if own else ""
        found |= {f"dns-{host.key}": server.name for host in server.records}
    return found


def known(context: Context) -> Iterable[str]:
    """All names."""
    return names(context)


def explain(context: Context, text: str) -> Explanation | None:
    """A URN, or the name of a resource of a server's chain."""
    match = _URN.match(text)
    name = match["name"] if match else text
    server = names(context).get(name)
    if server is None:
        return None
    component = _component(name, server)
    types = f", type {match['types'].rpartition('$')[2]}" if match else ""
    files = sources.python_files(context.root, _COMPONENTS)
    return Explanation(
        subject=text,
        kind="resource",
        what=f"resource {name} of {f'server {server}' if server else 'the stack'}{types}",
        made_by=f"component {component}",
        defined=tuple(sources.lines_with(context.root, rf"^class {component}\(", files)),
        depends=tuple(_dependents(name, server)),
        change=tuple(_change(context, component, server)),
    )


def _on(server: str, name: str) -> str:
    return name.replace(f"{SERVER}-", f"{server}-", 1)


def _component(name: str, server: str) -> str:
    """The class that declares it, from the middle of its name."""
    part = name.removeprefix(f"{server}-").partition("-")[0]
    return COMPONENTS[part]


# Middle of a resource's name to the class; a test compares it with the program.
COMPONENTS = {
    "machine": "Machine",
    "join": "Join",
    "bootstrap": "Bootstrap",
    "stack": "ComposeStack",
    "dns": "DnsRecords",
    "verify": "Verify",
}


def _dependents(name: str, server: str) -> list[str]:
    return [
        _on(server, after) if server else after
        for before, after in CHAIN
        if (_on(server, before) if server else before) == name
    ]


def _change(context: Context, component: str, server: str) -> list[str]:
    """Of what the component's resources are made from, on its own server."""
    if component == "Machine":
        keys = (f"fks:plan.{server}", f"fks:generation.{server}")
        return [line for key in keys for line in _of_setting(context, key)]
    if component == "Bootstrap":
        lines = host_effects.of_host_file(context, "host/bootstrap.sh")
        return ["of host/bootstrap.sh:", *_on_server(lines, server)]
    if component == "ComposeStack":
        name = "nginx/nginx.conf.template"
        lines = effects.of_release_file(context, name)
        return [f"of {name}:", *_on_server(lines, server)]
    return [f"of {_COMPONENTS}: only pulumi preview shows it"]


def _on_server(lines: Iterable[str], server: str) -> list[str]:
    return [line for line in lines if line.startswith(f"{server}: ")]


def _of_setting(context: Context, key: str) -> list[str]:
    found = settings.explain(context, key)
    return [f"of {key}:", *found.change] if found else []
