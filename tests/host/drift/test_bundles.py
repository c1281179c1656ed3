import hashlib
import io
import tarfile
from pathlib import Path

import pytest

from host.fks_deploy.drift import bundles
from host.fks_deploy.drift.context import Context
from host.fks_deploy.errors import DeployError
from tests.host.drift.conftest import fresh
from tests.host.server import Server


def install_scripts(server: Server) -> Path:
    """Unpack an upload of host scripts as the bootstrap's command does; their directory."""
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w") as tar:
        for name, text, mode in (("bin/tool", "#!/bin/sh\n", 0o755), ("lib/a.sh", "a\n", 0o644)):
            entry = tarfile.TarInfo(name)
            entry.size, entry.mode = len(text), mode
            tar.addfile(entry, io.BytesIO(text.encode()))
    digest = hashlib.sha256(buffer.getvalue()).hexdigest()
    (server.paths.incoming / f"host-{digest}.tar").write_bytes(buffer.getvalue())
    home = server.paths.host_bundles / digest
    with tarfile.open(fileobj=io.BytesIO(buffer.getvalue())) as tar:
        tar.extractall(home, filter="data")
    (server.paths.host_bundles / "current").symlink_to(digest)
    return home


def names(server: Server) -> list[tuple[str, str, str]]:
    """Last part of the name, state and repair of each deviation of the host scripts."""
    found = bundles.scripts(fresh(server.paths))
    return [(Path(one.name).name, one.found.partition(",")[0], one.repair) for one in found]


def test_unpacked_scripts_and_release_are_no_drift(deployed: Server, context: Context) -> None:
    home = install_scripts(deployed)
    (home / "lib/__pycache__").mkdir()
    (home / "lib/__pycache__/a.pyc").touch()
    assert names(deployed) == []
    assert list(bundles.release(context)) == []


def test_each_changed_file_is_restored(deployed: Server) -> None:
    home = install_scripts(deployed)
    (home / "bin/tool").write_text("#!/bin/sh\nexit\n")
    (home / "lib/a.sh").unlink()
    (home / "lib/extra.sh").touch()
    assert names(deployed) == [
        ("tool", "other content", "scripts"),
        ("a.sh", "missing", "scripts"),
        ("extra.sh", "644 root:root", f"remove file {home / 'lib/extra.sh'}"),
    ]
    bundles.restore_scripts(fresh(deployed.paths))
    assert (home / "bin/tool").read_text() == "#!/bin/sh\n"
    assert (home / "bin/tool").stat().st_mode & 0o777 == 0o755
    assert [name for name, _, _ in names(deployed)] == ["extra.sh"]


def test_mode_and_kind_of_a_file_belong_to_it(deployed: Server) -> None:
    home = install_scripts(deployed)
    (home / "bin/tool").chmod(0o777)
    (home / "lib/a.sh").unlink()
    (home / "lib/a.sh").symlink_to("../bin/tool")
    assert names(deployed) == [
        ("tool", "the same content", "scripts"),
        ("a.sh", "a link", "scripts"),
    ]
    bundles.restore_scripts(fresh(deployed.paths))
    assert names(deployed) == []


def test_a_file_of_the_release_is_restored(context: Context) -> None:
    file = context.release / "compose/api.yaml"
    before = file.read_text()
    file.write_text("{}")
    (found,) = bundles.release(context)
    assert (found.name, found.repair) == (str(file), "release")
    bundles.restore_release(context)
    assert file.read_text() == before


def test_a_missing_or_damaged_upload_cannot_be_compared_with(
    deployed: Server, context: Context
) -> None:
    tar = deployed.paths.incoming / f"{context.release.name}.tar"
    tar.write_bytes(b"x")
    with pytest.raises(DeployError, match="is damaged, its digest is 2d711642b726"):
        list(bundles.release(context))
    tar.unlink()
    with pytest.raises(DeployError, match="tar is missing"):
        list(bundles.release(context))
