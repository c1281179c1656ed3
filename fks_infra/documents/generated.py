"""The generated files of docs/, and the generated parts of its other pages."""

import json
import re
from collections.abc import Callable, Mapping
from pathlib import Path

from fks_infra.config.json_schema import stack_file_schema
from fks_infra.config.schema import declared_keys
from fks_infra.documents.commands import commands_page
from fks_infra.documents.configuration import configuration_page
from fks_infra.documents.diagrams import chain_diagram, servers_diagram
from fks_infra.documents.drift_screen import drift_screen
from fks_infra.documents.environment import environment_page
from fks_infra.documents.plans import plans_page
from fks_infra.documents.releases import releases_table
from fks_infra.documents.status_screen import status_screen
from fks_infra.paths import PROJECT_ROOT


def _schema() -> str:
    return json.dumps(stack_file_schema(declared_keys()), indent=2) + "\n"


FILES: Mapping[str, Callable[[], str]] = {
    "docs/commands.md": commands_page,
    "docs/configuration.md": configuration_page,
    "docs/environment.md": environment_page,
    "docs/plans.md": plans_page,
    "docs/pulumi-stack.schema.json": _schema,
}
# By page: what is between `<!-- begin NAME -->` and `<!-- end NAME -->`.
PARTS: Mapping[str, Mapping[str, Callable[[], str]]] = {
    "docs/architecture.md": {
        "multi": lambda: servers_diagram("multi"),
        "single": lambda: servers_diagram("single"),
        "chain": chain_diagram,
        "releases": releases_table,
    },
    "docs/operations.md": {"status": status_screen, "drift": drift_screen},
}


def generated(root: Path = PROJECT_ROOT) -> dict[str, str]:
    """The content of every file that `make docs` writes, by its path below the root."""
    files = {name: make() for name, make in FILES.items()}
    for page, parts in PARTS.items():
        text = (root / page).read_text(encoding="utf-8")
        for name, make in parts.items():
            text = replace_part(text, name, make())
        files[page] = text
    return files


def replace_part(page: str, name: str, text: str) -> str:
    """The page with another text between the two comments of a part; ValueError without them."""
    begin, end = f"<!-- begin {name} -->\n", f"<!-- end {name} -->\n"
    pattern = re.compile(f"{re.escape(begin)}.*?{re.escape(end)}", re.DOTALL)
    if len(pattern.findall(page)) != 1:
        raise ValueError(f"the page must have one {begin.strip()} and {end.strip()}")
    return pattern.sub(lambda _: begin + text + end, page)


def write(root: Path = PROJECT_ROOT) -> None:
    """Write every file."""
    for name, text in generated(root).items():
        (root / name).write_text(text, encoding="utf-8")
