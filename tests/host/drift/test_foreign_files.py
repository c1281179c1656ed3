import hashlib
import os

import pytest

from host.fks_deploy.drift import foreign_files
from host.fks_deploy.drift.deviation import Deviation
from tests.host.drift.conftest import context_of
from tests.host.watch.server import WatchedServer

SUDOERS = "etc/sudoers.d/90-cloud-init-users"
CRONTAB = "0 1 * * * root run\n"
SCRIPTS = "usr/local/lib/fks/digest"


@pytest.fixture
def server(plain: WatchedServer) -> WatchedServer:
    """With files of packages, of the bootstrap and of cloud-init."""
    plain.file("etc/ssh/ssh_host_ed25519_key", "key")
    os.utime(plain.root / "etc/ssh/ssh_host_ed25519_key", (0, 0))
    plain.file(SUDOERS, "# User rules for deploy\ndeploy ALL=(ALL) NOPASSWD:ALL\n")
    plain.file("etc/cron.d/packaged", CRONTAB)
    plain.file("var/lib/dpkg/info/cron.list", "/.\n/etc/cron.d/packaged\n/etc/cron.d/generated\n")
    digest = hashlib.md5(CRONTAB.encode(), usedforsecurity=False).hexdigest()
    status = f"Package: cron\nConffiles:\n /etc/cron.d/packaged {digest}\nDescription: x\n"
    plain.file("var/lib/dpkg/status", status)
    plain.file("etc/cron.d/generated", "no configuration file\n")
    plain.file(f"{SCRIPTS}/files/etc/systemd/system/fks-watch.service", "[Unit]\n")
    (plain.root / "usr/local/lib/fks/current").symlink_to("digest")
    plain.file("etc/systemd/system/fks-watch.service", "[Unit]\n")
    (plain.root / "etc/systemd/system/getty.target").symlink_to("/dev/null")
    return plain


def test_files_of_packages_bootstrap_and_first_boot_are_no_drift(server: WatchedServer) -> None:
    assert list(foreign_files.deviations(context_of(server))) == []


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("etc/cron.d/extra", "cron"),
        ("etc/cron.daily/extra", "cron"),
        ("var/spool/cron/crontabs/root", "cron"),
        ("etc/sudoers.d/extra", "sudoers"),
        ("etc/sysctl.d/99-extra.conf", "sysctl"),
        ("etc/ssh/sshd_config.d/00-extra.conf", "sshd"),
        ("etc/systemd/system/extra.service", "unit"),
        ("etc/systemd/system/fks-watch.service.d/extra.conf", "unit"),
    ],
)
def test_a_file_of_nobody(server: WatchedServer, path: str, kind: str) -> None:
    server.file(path, "x\n")
    (server.root / path).chmod(0o640)
    (found,) = foreign_files.deviations(context_of(server))
    assert (found.kind, found.name, found.expected) == (kind, f"/{path}", "not present")
    assert found.found.startswith("640 ")
    assert found.repair == f"remove {kind} /{path}"


def test_a_file_that_is_older_than_the_first_boot_is_the_images(server: WatchedServer) -> None:
    server.file("etc/systemd/system/image.service", "[Unit]\n")
    os.utime(server.root / "etc/ssh/ssh_host_ed25519_key", (2**33, 2**33))
    assert list(foreign_files.deviations(context_of(server))) == []


def test_an_edited_file_of_a_package_is_for_a_person(server: WatchedServer) -> None:
    server.file("etc/cron.d/packaged", "* * * * * root other\n")
    expected = Deviation("cron", "/etc/cron.d/packaged", "as in its package", "other content")
    assert list(foreign_files.deviations(context_of(server))) == [expected]


def test_other_rules_of_the_user_deploy(server: WatchedServer) -> None:
    server.file(SUDOERS, "deploy ALL=(ALL) NOPASSWD:ALL\ngames ALL=(ALL) ALL\n")
    (found,) = foreign_files.deviations(context_of(server))
    assert found.found == "deploy ALL=(ALL) NOPASSWD:ALL; games ALL=(ALL) ALL"
    (server.root / SUDOERS).unlink()
    (found,) = foreign_files.deviations(context_of(server))
    assert (found.kind, found.found) == ("sudoers", "no rule")
