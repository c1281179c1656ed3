"""Absolute paths of a server."""

import pytest

from fks_infra.explain import server_paths
from fks_infra.explain.context import Context
from fks_infra.explain.explanation import Explanation
from fks_infra.roles import ROLES


def explained(prod: Context, path: str) -> Explanation:
    found = server_paths.explain(prod, path)
    assert found is not None, path
    return found


@pytest.mark.parametrize(
    ("path", "name"),
    [
        ("/opt/fks/releases/abc/compose/api/compose.yaml", "compose/api/compose.yaml"),
        ("/usr/local/lib/fks/current/bin/watch", "host/bin/watch"),
        ("/fks/http-health.py", "compose/lib/http-health.py"),
        ("/etc/docker/daemon.json", "host/files/etc/docker/daemon.json"),
        ("/var/lib/fks/watch.json", None),
    ],
)
def test_the_file_of_the_checkout(prod: Context, path: str, name: str | None) -> None:
    assert server_paths.checkout_path(prod.root, path) == name


@pytest.mark.parametrize(
    ("role", "file"),
    [(role.name, file.name) for role in ROLES for one in role.secrets for file in one.files],
)
def test_every_secret_file_has_its_definition_and_its_readers(
    prod: Context, role: str, file: str
) -> None:
    found = explained(prod, f"/etc/fks/secrets/{role}/{file}")
    assert found.defined[0].startswith(f"fks_infra/roles/{role}.py:")
    assert any(line.startswith(f"{role}: release: release deployed") for line in found.change)
    assert explained(prod, f"/run/secrets/{file}").kind == "file"


def test_what_programs_write(prod: Context) -> None:
    found = explained(prod, "/var/lib/fks/peaks.json")
    assert found.what == "The largest values of CPU, memory and disk, by day."
    assert found.defined[0].startswith("host/fks_deploy/paths.py:")
    assert any(place.startswith("host/fks_deploy/watch/peaks.py:") for place in found.depends)
    assert explained(prod, "/var/lib/fks/web/api/index.html").kind == "file"


@pytest.mark.parametrize("path", ["/etc/hosts", "/run/secrets/nothing", "/etc/fks/secrets/web/x"])
def test_other_paths(prod: Context, path: str) -> None:
    assert server_paths.explain(prod, path) is None
