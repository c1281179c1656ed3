"""The containers of a release as Docker Compose will define them.

Compose replaces a container when the hash of its resolved definition changes. The hash has neither
the content of mounted files nor the values of secrets.
https://github.com/docker/compose/blob/v2.26.1/pkg/compose/hash.go
"""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import yaml

from fks_infra.impact.digests import digest, digest_of
from fks_infra.impact.interpolation import interpolate

# host/fks_deploy/compose.py
ROLLING_LABEL = "fks.rolling"
PASSWORD_LABEL = "fks.password"
_LIB = "compose/lib/"
# compose/lib is mounted at /fks, and its directories below other paths.
_MOUNTED = re.compile(r"(?<!\w)(?:/fks|/var/lib/fks/lib)/([\w./-]+)")
_ADDRESS = re.compile(r"\$\{(\w+)_SERVER_IP\}")
_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


@dataclass(frozen=True, kw_only=True)
class Definition:
    """One container.

    values, lists: what Compose hashes, without the image: key to its plain value, or to the digest
    of a list or an object. files: mounted script to its digest; the container reads it at its next
    start. group: of replicas, or "". password: the kind of a database that changes its password
    while it runs, or "". volumes: its named ones. secrets: names of its secret files. peers: roles
    whose servers' addresses are in it.
    """

    values: Mapping[str, str]
    lists: Mapping[str, str]
    files: Mapping[str, str]
    group: str
    password: str
    volumes: tuple[str, ...]
    secrets: tuple[str, ...]
    peers: tuple[str, ...]


def definitions(
    files: Mapping[str, bytes], environment: Mapping[str, str]
) -> dict[str, Definition]:
    """Service to definition, of all compose files of a release; `environment` is release.env."""
    lib = {name.removeprefix(_LIB): text for name, text in files.items() if name.startswith(_LIB)}
    return {
        service: _definition(entry, environment, frozenset(document.get("volumes") or ()), lib)
        for document in _documents(files)
        for service, entry in (document.get("services") or {}).items()
    }


def _documents(files: Mapping[str, bytes]) -> Iterator[dict[str, Any]]:
    for name, content in files.items():
        if name.endswith("/compose.yaml"):
            yield yaml.load(content, Loader=_LOADER)


def _definition(
    entry: Mapping[str, Any],
    environment: Mapping[str, str],
    volumes: frozenset[str],
    lib: Mapping[str, bytes],
) -> Definition:
    resolved = interpolate({key: entry[key] for key in entry if key != "image"}, environment)
    text = json.dumps(resolved)
    mounts = [mount.partition(":")[0] for mount in resolved.get("volumes") or ()]
    return Definition(
        values={key: str(value) for key, value in resolved.items() if _is_plain(value)},
        lists={key: digest_of(value) for key, value in resolved.items() if not _is_plain(value)},
        files={name: digest(lib[name]) for name in sorted(_mounted(text, lib))},
        group=_label(resolved, ROLLING_LABEL),
        password=_label(resolved, PASSWORD_LABEL),
        volumes=tuple(name for name in mounts if name in volumes),
        secrets=tuple(resolved.get("secrets") or ()),
        peers=tuple(sorted({name.lower() for name in _ADDRESS.findall(text)})),
    )


def _label(entry: Mapping[str, Any], name: str) -> str:
    return str((entry.get("labels") or {}).get(name, ""))


def _is_plain(value: Any) -> bool:
    return not isinstance(value, dict | list)


def _mounted(text: str, lib: Mapping[str, bytes]) -> set[str]:
    """The files of compose/lib that a text refers to, directly or through others."""
    found: set[str] = set()
    pending = [text]
    while pending:
        for reference in _MOUNTED.findall(pending.pop()):
            new = {name for name in lib if _is_below(name, reference)} - found
            found |= new
            pending += [lib[name].decode() for name in new]
    return found


def _is_below(name: str, reference: str) -> bool:
    return name == reference or name.startswith(f"{reference.rstrip('/')}/")
