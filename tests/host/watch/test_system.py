import pytest

from host.fks_deploy.watch import system
from tests.host.watch.server import NOON, WatchedServer

DAY = 86400.0
# NOON is Jan 15 08:00:00 2027.
FAILED = """\
fks-watch.service loaded failed failed Check this FKS server
certbot.service loaded failed failed Certbot
"""


def test_failed_units_without_this_program(watched: WatchedServer) -> None:
    watched.answer("systemctl list-units", FAILED)
    (found,) = system.failed_units(watched.context())
    assert (found.key, found.text) == (
        "unit certbot.service",
        "the unit certbot.service has failed",
    )
    assert found.command == "systemctl status certbot.service; sudo journalctl -u certbot.service"


def test_a_clock_that_is_not_synchronized(watched: WatchedServer) -> None:
    watched.answer("timedatectl show", "yes\n")
    assert list(system.clock(watched.context())) == []
    watched.answer("timedatectl show", "no\n")
    (found,) = system.clock(watched.context())
    assert found.key == "clock"
    watched.file("run/systemd/container", "docker")
    assert list(system.clock(watched.context())) == []


@pytest.mark.parametrize(
    ("start", "end", "text"),
    [
        ("Nov  1 08:00:00 2026", "Jan 30 08:00:00 2027", ""),
        ("Nov  1 08:00:00 2026", "Jan 28 20:00:00 2027", "valid for 13.5 days, limit 14.0"),
        ("Nov  1 08:00:00 2026", "Jan 14 08:00:00 2027", "valid for -1.0 days, limit"),
        # A certificate of six days is renewed when two are left.
        ("Jan 11 08:00:00 2027", "Jan 17 08:00:00 2027", ""),
        ("Jan  9 20:00:00 2027", "Jan 15 20:00:00 2027", "valid for 0.5 days, limit 1.0"),
    ],
)
def test_a_certificate_that_is_not_renewed(
    watched: WatchedServer, start: str, end: str, text: str
) -> None:
    watched.answer("openssl x509", f"notBefore={start} GMT\nnotAfter={end} GMT\n")
    found = list(system.certificates(watched.context(NOON)))
    assert [one.key for one in found] == (["certificate web"] if text else [])
    assert all(f"the certificate web is {text}" in one.text for one in found)
    assert watched.shell.calls[0][3] == str(watched.paths.tls / "web.pem")
