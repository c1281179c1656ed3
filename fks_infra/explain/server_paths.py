"""Absolute paths of a server: the file of the checkout they come from, or the program's own."""

import ast
import re
from collections.abc import Iterator, Mapping
from pathlib import Path

from fks_infra.explain import effects, sources
from fks_infra.explain.context import Context
from fks_infra.explain.explanation import Explanation
from fks_infra.roles import ROLES
from fks_infra.roles.role import Role, Secret

_PATHS = "host/fks_deploy/paths.py"
# Folder of a server or a container to that of the checkout.
_FOLDERS = (
    (r"/usr/local/lib/fks/[^/]+/", "host/"),
    (r"/opt/fks/(?:current|releases/[^/]+)/", ""),
    (r"/etc/fks/nginx/", "nginx/"),
    (r"(?:/var/lib/fks/lib|/fks)/", "compose/lib/"),
)
_PROPERTY = re.compile(
    r"def (\w+)\(self\) -> Path:\n"
    r"(?:\s+\"\"\"[^\"]*\"\"\"\n)?"
    r"\s+return self\.root / \"([^\"]+)\""
)
_SECRETS = re.compile(r"^(?:/run/secrets|/etc/fks/secrets/(?P<role>[\w-]+))/(?P<name>[\w.-]+)$")


def checkout_path(root: Path, path: str) -> str | None:
    """The path in the checkout of a file that is copied to servers; None for others."""
    if (root / f"host/files{path}").is_file():
        return f"host/files{path}"
    for pattern, folder in _FOLDERS:
        if match := re.match(pattern, path):
            return f"{folder}{path[match.end() :]}"
    return None


def explain(context: Context, path: str) -> Explanation | None:
    """A secret file, or a file that the server's programs write."""
    if match := _SECRETS.match(path):
        for role, secret in _secrets(match["name"]):
            if match["role"] in (None, role.name):
                return _secret(context, path, role, secret)
        return None
    properties = _properties(context.root)
    found = [
        name for name, place in properties.items() if path == place or path.startswith(f"{place}/")
    ]
    return _written(context, path, max(found, key=lambda n: len(properties[n]))) if found else None


def _secrets(file: str) -> Iterator[tuple[Role, Secret]]:
    for role in ROLES:
        for secret in role.secrets:
            if file in [one.name for one in secret.files]:
                yield role, secret


def _secret(context: Context, path: str, role: Role, secret: Secret) -> Explanation:
    file = path.rpartition("/")[2]
    readers = [
        f"service {name} on server {server}"
        for server, parts in context.inventory["servers"].items()
        for name, service in parts["services"].items()
        if file in service["secrets"]
    ]
    module = context.root / f"fks_infra/roles/{role.name}.py"
    return Explanation(
        subject=path,
        kind="file",
        what=f"secret file {file} of role {role.name}, generated once: {secret.name}",
        made_by="Secrets of the program; a deploy writes it (host/fks_deploy/secrets.py)",
        defined=tuple(sources.lines_with(context.root, rf'"{re.escape(secret.name)}"', [module])),
        depends=tuple(readers),
        change=tuple(_of_secret(context, file)),
    )


def _of_secret(context: Context, file: str) -> list[str]:
    servers = {
        name: {**parts, "secrets": {**parts["secrets"], file: effects.CHANGED}}
        if file in parts["secrets"]
        else parts
        for name, parts in context.inventory["servers"].items()
    }
    return effects.of_inventory(context, {**context.inventory, "servers": servers})


def _written(context: Context, path: str, name: str) -> Explanation:
    files = [*sources.text_files(context.root, "host")]
    readers = sources.lines_with(context.root, rf"paths\.{name}\b", files)
    return Explanation(
        subject=path,
        kind="file",
        what=_documented(context.root, name),
        made_by="the programs of the server that depend on it; in no release",
        defined=tuple(sources.lines_with(context.root, rf"def {name}\(", [context.root / _PATHS])),
        depends=tuple(readers),
        change=("nothing: no deploy has it as input",),
    )


def _properties(root: Path) -> Mapping[str, str]:
    """Property of Paths to its absolute path, of those that are one constant below the root."""
    found = _PROPERTY.findall((root / _PATHS).read_text(encoding="utf-8"))
    return {name: f"/{path}" for name, path in found}


def _documented(root: Path, name: str) -> str:
    for node in ast.walk(ast.parse((root / _PATHS).read_text(encoding="utf-8"))):
        if isinstance(node, ast.FunctionDef) and node.name == name:
            return ast.get_docstring(node) or f"{name.replace('_', ' ')} of the server's programs"
    return name
