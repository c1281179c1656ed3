"""The modules of `fks_infra` that servers have: what `fks` imports there when it starts.

What a module imports inside a function is for the operator's machine.
"""

import ast
from collections.abc import Iterator
from pathlib import Path

FIRST = "fks_infra.cli.on_server"


def server_modules(root: Path) -> dict[str, bytes]:
    """The files by archive name, with those of their packages; none without `FIRST`."""
    found: dict[str, bytes] = {}
    pending = [FIRST]
    while pending:
        file = _file(root, pending.pop())
        if file is None or (name := file.relative_to(root).as_posix()) in found:
            continue
        found[name] = file.read_bytes()
        if (style := file.with_suffix(".css")).exists():
            found[style.relative_to(root).as_posix()] = style.read_bytes()
        pending += _imports(ast.parse(found[name]).body)
        pending += [".".join(parent.parts) for parent in Path(name).parents]
    return found


def _file(root: Path, module: str) -> Path | None:
    path = root.joinpath(*module.split("."))
    files = (path.with_suffix(".py"), path / "__init__.py")
    return next((file for file in files if file.is_file() and module.startswith("fks_infra")), None)


def _imports(statements: list[ast.stmt]) -> Iterator[str]:
    """What may be a module: `from package import name` may import `package.name`."""
    for node in statements:
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module
            yield from (f"{node.module}.{alias.name}" for alias in node.names)
