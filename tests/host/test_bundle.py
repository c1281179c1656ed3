import hashlib
import io
import tarfile
from pathlib import Path

import pytest

from host.fks_deploy import bundle
from host.fks_deploy.errors import DeployError, InputError
from host.fks_deploy.paths import Paths


def upload(paths: Paths, *entries: tuple[tarfile.TarInfo, bytes]) -> str:
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w") as tar:
        for entry, content in entries:
            entry.size = len(content)
            tar.addfile(entry, io.BytesIO(content))
    digest = hashlib.sha256(buffer.getvalue()).hexdigest()
    paths.incoming.mkdir(parents=True)
    (paths.incoming / f"{digest}.tar").write_bytes(buffer.getvalue())
    return digest


@pytest.mark.parametrize("digest", ["", "../x", "A" * 64, "a" * 63])
def test_an_invalid_digest_is_an_input_error(digest: str) -> None:
    with pytest.raises(InputError, match="64 hex digits"):
        bundle.check_digest(digest)


def test_a_release_is_unpacked_under_its_digest(tmp_path: Path) -> None:
    paths = Paths(tmp_path)
    digest = upload(paths, (tarfile.TarInfo("compose/api.yaml"), b"x"))
    assert (bundle.verify(paths, digest), bundle.unpack(paths, digest)) == ("", "")
    assert (paths.releases / digest / "compose/api.yaml").read_text() == "x"
    assert [path.name for path in paths.releases.iterdir()] == [digest]


@pytest.mark.parametrize("name", ["../../etc/evil", "/etc/evil"])
def test_a_tar_with_a_link_outside_of_its_directory_is_an_error_and_leaves_no_files(
    tmp_path: Path, name: str
) -> None:
    paths = Paths(tmp_path)
    link = tarfile.TarInfo("out")
    link.type, link.linkname = tarfile.SYMTYPE, name
    digest = upload(paths, (link, b""))
    with pytest.raises(DeployError, match="cannot be unpacked"):
        bundle.unpack(paths, digest)
    assert list(paths.releases.iterdir()) == []


def test_the_error_for_a_missing_upload_has_the_remedy(tmp_path: Path) -> None:
    with pytest.raises(
        DeployError, match=r"not unpacked: .*fks rollback SERVER --unpin.* upload it"
    ):
        bundle.verify(Paths(tmp_path), "a" * 64)
