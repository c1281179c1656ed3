import base64
import hashlib

import pytest

from host.fks_deploy.drift import accounts
from host.fks_deploy.drift.deviation import Deviation
from host.fks_deploy.errors import DeployError
from tests.host.drift.conftest import KEY, context_of
from tests.host.watch.server import WatchedServer

OTHER = KEY.replace("AIBZ", "AIBY").replace("fks-prod", "by hand")
PASSWD = (
    "root:x:0:0:root:/root:/bin/bash\n"
    "sync:x:4:65534:sync:/bin:/bin/sync\n"
    "sshd:x:100:65534::/run/sshd:/usr/sbin/nologin\n"
    "deploy:x:47022:47022:FKS deployments:/home/deploy:/bin/bash\n"
)


def fingerprint(key: str) -> str:
    digest = hashlib.sha256(base64.b64decode(key.split()[1])).digest()
    return "SHA256:" + base64.b64encode(digest).decode().rstrip("=")


@pytest.fixture
def server(plain: WatchedServer) -> WatchedServer:
    plain.file("etc/passwd", PASSWD)
    plain.file("home/deploy/.ssh/authorized_keys", f"{KEY}\n")
    # As Linode and cloud-init store it; sshd lets root not log in.
    plain.file("root/.ssh/authorized_keys", f'no-pty,command="echo no" {KEY}\n')
    return plain


def test_the_users_and_keys_of_a_new_server_are_no_drift(server: WatchedServer) -> None:
    context = context_of(server)
    assert [*accounts.users(context), *accounts.keys(context)] == []


@pytest.mark.parametrize(
    ("line", "found"),
    [
        ("mallory:x:1000:1000::/home/mallory:/bin/bash", "user id 1000, /bin/bash"),
        ("toor:x:0:0::/root:/usr/sbin/nologin", "user id 0, /usr/sbin/nologin"),
    ],
)
def test_another_user_who_can_log_in_or_is_root(
    server: WatchedServer, line: str, found: str
) -> None:
    server.file("etc/passwd", f"{PASSWD}{line}\n")
    name = line.partition(":")[0]
    expected = Deviation("user", name, "not present", found, f"remove user {name}")
    assert list(accounts.users(context_of(server))) == [expected]


def test_a_member_of_a_group_with_roots_rights(server: WatchedServer) -> None:
    server.file("etc/group", "docker:x:990:games,www-data\naudio:x:29:games\nsudo:x:27:\n")
    found = [(one.name, one.repair) for one in accounts.users(context_of(server))]
    assert found == [
        ("docker games", "remove member docker games"),
        ("docker www-data", "remove member docker www-data"),
    ]


@pytest.mark.parametrize("user", ["deploy", "root", "sshd"])
def test_another_key_of_any_user(server: WatchedServer, user: str) -> None:
    home = {"deploy": "home/deploy", "root": "root", "sshd": "run/sshd"}[user]
    own = f"{KEY}\n" if user == "deploy" else ""
    server.file(f"{home}/.ssh/authorized_keys", f"# comment\n{own}{OTHER}\n")
    (found,) = accounts.keys(context_of(server))
    name = f"{user} {fingerprint(OTHER)}"
    assert found == Deviation("key", name, "not present", "by hand", f"remove key {name}")


def test_the_right_key_of_a_user_who_is_not_to_log_in_is_drift(server: WatchedServer) -> None:
    server.file("run/sshd/.ssh/authorized_keys2", f"{KEY}\n")
    (found,) = accounts.keys(context_of(server))
    assert found.name == f"sshd {fingerprint(KEY)}"


def test_a_missing_deploy_key_is_for_a_person(server: WatchedServer) -> None:
    server.file("home/deploy/.ssh/authorized_keys", "")
    (found,) = accounts.keys(context_of(server))
    assert (found.found, found.repair) == ("missing", "")


def test_on_the_server_the_only_key_of_deploy_counts(server: WatchedServer) -> None:
    assert list(accounts.keys(context_of(server, ""))) == []
    server.file("root/.ssh/authorized_keys", f"{OTHER}\n")
    (found,) = accounts.keys(context_of(server, ""))
    assert found.name == f"root {fingerprint(OTHER)}"


@pytest.mark.parametrize(("text", "count"), [("", 0), (f"{KEY}\n{OTHER}\n", 2)])
def test_without_the_deploy_key_several_keys_or_none_say_nothing(
    server: WatchedServer, text: str, count: int
) -> None:
    server.file("home/deploy/.ssh/authorized_keys", text)
    with pytest.raises(DeployError, match=f"deploy has {count} keys.*: run fks drift on the oper"):
        list(accounts.keys(context_of(server, "")))


def test_a_deploy_key_that_is_none(server: WatchedServer) -> None:
    with pytest.raises(DeployError, match="'ssh-ed25519' is no SSH key"):
        list(accounts.keys(context_of(server, "ssh-ed25519")))
