import pytest

from host.fks_deploy.drift import accounts
from host.fks_deploy.drift.removal import remove
from host.fks_deploy.errors import DeployError
from tests.host.drift.conftest import KEY, context_of
from tests.host.watch.server import WatchedServer

OTHER = KEY.replace("AIBZ", "AIBY")


@pytest.mark.parametrize(
    ("kind", "name", "command"),
    [
        ("container", "x", "docker rm --force x"),
        ("network", "x", "docker network rm x"),
        ("user", "x", "userdel --force x"),
        ("member", "docker x", "gpasswd --delete x docker"),
        ("table", "inet x", "nft delete table inet x"),
    ],
)
def test_the_command_for_each_kind(
    plain: WatchedServer, kind: str, name: str, command: str
) -> None:
    remove(context_of(plain), kind, name)
    assert plain.shell.calls == [command.split()]


@pytest.mark.parametrize("kind", ["file", "cron", "sudoers", "sshd", "sysctl"])
def test_a_file(plain: WatchedServer, kind: str) -> None:
    plain.file("etc/x", "x")
    remove(context_of(plain), kind, "/etc/x")
    assert not (plain.root / "etc/x").exists()


def test_one_key_and_no_other(plain: WatchedServer) -> None:
    path = "root/.ssh/authorized_keys"
    plain.file(path, f"# comment\n{KEY}\n{OTHER}\n")
    (plain.root / path).chmod(0o600)
    remove(context_of(plain), "key", f"root {accounts.fingerprint(OTHER)}")
    assert (plain.root / path).read_text() == f"# comment\n{KEY}\n"
    assert (plain.root / path).stat().st_mode & 0o777 == 0o600


def test_a_drop_in_is_forgotten_by_systemd(plain: WatchedServer) -> None:
    path = "etc/systemd/system/a.service.d/x.conf"
    plain.file(path, "x")
    remove(context_of(plain), "unit", f"/{path}")
    assert not (plain.root / path).exists()
    assert plain.shell.calls == [["systemctl", "daemon-reload"]]


def test_a_kind_that_is_never_removed(plain: WatchedServer) -> None:
    with pytest.raises(DeployError, match="volume data is not removed by this program"):
        remove(context_of(plain), "volume", "data")
