"""The table of what a release of each server holds."""

from fks_infra.config.plans import MODES
from fks_infra.documents.example import example_settings
from fks_infra.release.files import release_files
from fks_infra.topology.planning import plan_topology


def releases_table() -> str:
    """A Markdown table: one row for each file, one column for each server of both modes."""
    releases: dict[str, set[str]] = {}
    for mode in MODES:
        settings = example_settings(mode)
        topology = plan_topology(settings)
        for server in topology.servers:
            releases[server.name] = set(release_files(topology, settings, server))
    servers = list(releases)
    rows = [["file", *servers], ["---", *([":-:"] * len(servers))]]
    for name in sorted(set.union(*releases.values())):
        rows.append([f"`{name}`", *("x" if name in releases[one] else "" for one in servers)])
    return "".join(f"| {' | '.join(row)} |\n" for row in rows)
