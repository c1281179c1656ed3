"""DNS names and URLs of the stack."""

from collections.abc import Iterable, Iterator
from urllib.parse import urlsplit

from fks_infra.explain import effects, sources
from fks_infra.explain.context import Context
from fks_infra.explain.explanation import Explanation
from fks_infra.roles import roles_named
from fks_infra.topology.flows import FLOWS
from fks_infra.topology.names import HostName
from fks_infra.topology.servers import ServerSpec


def known(context: Context) -> Iterable[str]:
    """All names."""
    return [host.fqdn for server in context.topology.serving for host in server.names]


def explain(context: Context, text: str) -> Explanation | None:
    """A name, or a URL with one."""
    wanted = (urlsplit(text).hostname if "://" in text else text.partition("/")[0]) or ""
    for server in context.topology.serving:
        for host in server.names:
            if host.fqdn == wanted.rstrip(".").lower():
                return _of(context, text, server, host)
    return None


def _of(context: Context, text: str, server: ServerSpec, host: HostName) -> Explanation:
    (role,) = roles_named([host.role])
    vhost = f"nginx/vhosts/{role.name}.conf.template"
    module = context.root / f"fks_infra/roles/{role.name}.py"
    path = urlsplit(text).path if "://" in text else ""
    locations = rf"location\s.*{path.rstrip('/')}" if path.strip("/") else r"server_name"
    return Explanation(
        subject=text,
        kind="name",
        what=(
            f"{host.fqdn}: A record with the tailnet address of server {server.name}, whose edge "
            f"serves role {role.name} by it"
        ),
        made_by=f"DnsRecords of server {server.name} (resource dns-{host.key})",
        defined=(
            *sources.lines_with(context.root, r"^    label=", [module]),
            *sources.lines_with(context.root, locations, [context.root / vhost]),
            *sources.lines_with(
                context.root,
                "class DnsRecords",
                [context.root / "fks_infra/components/dns_records.py"],
            ),
        ),
        depends=tuple(_dependents(role.name)),
        change=(f"of {vhost}:", *effects.of_release_file(context, vhost)),
    )


def _dependents(role: str) -> Iterator[str]:
    yield f"the certificate of role {role}"
    for flow in FLOWS:
        if flow.target == role:
            yield f"role {flow.source} calls it"
