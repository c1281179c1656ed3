"""Files: of the checkout, and of a server by their absolute path."""

import re
from collections.abc import Iterable
from pathlib import PurePosixPath

from fks_infra.explain import effects, host_effects, server_paths, sources
from fks_infra.explain.context import Context
from fks_infra.explain.explanation import Explanation
from fks_infra.release.files import host_files

_RELEASE = ("compose/", "nginx/")
# Parts of a path by which other files refer to it.
_LAST = 2
_GENERATED = {
    "release.env": "fks_infra/release/environment.py",
    "release.json": "fks_infra/release/manifest.py",
}


def known(context: Context) -> Iterable[str]:
    """Files of the releases and of host/, as paths in the checkout."""
    files = {
        name
        for parts in context.inventory["servers"].values()
        for kind in parts["files"].values()
        for name in kind
    }
    return [*sorted(files), *(f"{host_effects.FOLDER}{name}" for name in host_files(context.root))]


def explain(context: Context, text: str) -> Explanation | None:
    """A path of the checkout, or an absolute one of a server."""
    name = server_paths.checkout_path(context.root, text) if text.startswith("/") else text
    if name is None:
        return server_paths.explain(context, text)
    name = str(PurePosixPath(name))
    if name not in known(context) and not (context.root / name).is_file():
        return None
    return _of(context, text, name)


def _of(context: Context, text: str, name: str) -> Explanation:
    made = _GENERATED.get(name) or name
    servers = list(effects.servers_with_file(context, name))
    path = context.root / made
    return Explanation(
        subject=text,
        kind="file",
        what=(sources.title(path) if path.is_file() else "") or f"file {name}",
        made_by=_made_by(name),
        defined=(made if path.is_file() else "fks_infra/release/files.py",),
        depends=(*(f"release of server {server}" for server in servers), *_readers(context, name)),
        change=tuple(_change(context, name)),
    )


def _made_by(name: str) -> str:
    if name.startswith(_RELEASE) or name in _GENERATED:
        return "a deploy unpacks it in /opt/fks/releases/DIGEST/ (ComposeStack, host/bin/deploy)"
    if name.startswith("host/files/"):
        return f"a bootstrap step installs it as {name.removeprefix('host/files')} (Bootstrap)"
    if name.startswith(host_effects.FOLDER):
        return "uploaded with the host scripts to /usr/local/lib/fks/ (Bootstrap)"
    return "the repository; no server has it"


def _readers(context: Context, name: str) -> list[str]:
    """The files that name it, without documents and tests."""
    last = re.escape("/".join(PurePosixPath(name).parts[-_LAST:]))
    folders = ("compose", "nginx", "host", "fks_infra")
    users = (
        path
        for path in sources.text_files(context.root, *folders)
        if path.suffix != ".md" and path != context.root / name
    )
    return sources.lines_with(context.root, rf"(?<![\w.-]){last}\b", users)


def _change(context: Context, name: str) -> list[str]:
    if name.startswith(host_effects.FOLDER):
        return host_effects.of_host_file(context, name)
    if list(effects.servers_with_file(context, name)):
        return effects.of_release_file(context, name)
    return effects.of_program_file(context, name)
