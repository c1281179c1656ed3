"""Checks of the edge's configuration that need no nginx."""

import re
import ssl
from pathlib import Path

import pytest

from tests.nginx.rendered import NGINX, VALUES

CONFIGURATION = sorted([*NGINX.rglob("*.conf"), *NGINX.rglob("*.template")])
TEMPLATES = sorted((NGINX / "vhosts").glob("*.template"))
TESTS = Path(__file__).resolve().parents[1]
names = [path.name for path in TEMPLATES]


def blocks(text: str, kind: str) -> list[str]:
    """The bodies of all innermost blocks that start with `kind`."""
    return re.findall(rf"^\s*{kind}[^{{;]*\{{([^{{}}]*)\}}", text, re.MULTILINE)


@pytest.mark.parametrize("path", TEMPLATES, ids=names)
def test_a_template_uses_only_names_that_the_host_knows(path: Path) -> None:
    used = set(re.findall(r"\$\{(\w+)\}", path.read_text()))
    assert used <= set(VALUES), f"{path.name} uses {used - set(VALUES)}"


@pytest.mark.parametrize("path", TEMPLATES, ids=names)
def test_a_server_listens_on_the_tailnet_and_loopback_only(path: Path) -> None:
    listens = re.findall(r"^\s*listen (\S+):\d+", path.read_text(), re.MULTILINE)
    assert listens
    assert set(listens) <= {"${LISTEN_ADDRESS}", "127.0.0.1"}


@pytest.mark.parametrize("path", TEMPLATES, ids=names)
def test_every_socket_but_loopback_uses_tls(path: Path) -> None:
    listens = re.findall(r"^\s*listen \$\{LISTEN_ADDRESS\}:(.+);", path.read_text(), re.MULTILINE)
    assert set(listens) <= {"443 ssl", "443 ssl default_server"}


@pytest.mark.parametrize("path", TEMPLATES, ids=names)
def test_a_location_with_its_own_header_includes_the_security_headers(path: Path) -> None:
    for body in blocks(path.read_text(), "location"):
        assert "add_header" not in body or "security-headers.conf" in body


@pytest.mark.parametrize("path", TEMPLATES, ids=names)
def test_no_location_is_a_regular_expression(path: Path) -> None:
    """It would take precedence over a prefix: /api/x.js would not reach the API."""
    assert not re.search(r"location\s+~", path.read_text())


def test_every_named_file_exists() -> None:
    for path in CONFIGURATION:
        for name in re.findall(r"\s/etc/fks/nginx/(\w+/\S+\.\w+);", path.read_text()):
            if "*" not in name:
                assert (NGINX / name).is_file(), f"{path.name} names {name}"


def test_every_snippet_is_used() -> None:
    text = "".join(path.read_text() for path in CONFIGURATION)
    unused = [p.name for p in (NGINX / "snippets").iterdir() if f"snippets/{p.name}" not in text]
    assert unused == []


def test_nothing_is_cached() -> None:
    assert not any("proxy_cache" in path.read_text() for path in CONFIGURATION)


def test_no_logged_variable_has_the_query_or_a_credential() -> None:
    (log_format,) = re.findall(r"log_format \w+ [^;]+;", snippet("logging"))
    logged = set(re.findall(r"\$(\w+)", log_format))
    assert {"request_path", "status"} <= logged
    query = {"request", "request_uri", "args", "query_string", "http_referer"}
    assert not logged & (query | {"http_authorization", "http_cookie"})


def test_the_documented_hsts_value_is_the_one_that_is_sent() -> None:
    """nginx allows a map outside of server blocks only, so it is in another file."""
    (documented,) = re.findall(r"^#   (max-age=.+)$", snippet("security-headers"), re.MULTILINE)
    (sent,) = re.findall(r"map \$https \$hsts \{\s+default '';\s+on +'(.+)';\s+\}", snippet("maps"))
    assert documented == sent


def test_no_tls_version_before_1_2_is_allowed() -> None:
    (versions,) = re.findall(r"^ssl_protocols (.+);", snippet("tls"), re.MULTILINE)
    assert set(versions.split()) == {"TLSv1.2", "TLSv1.3"}


def test_every_cipher_has_forward_secrecy_and_authenticated_encryption() -> None:
    (names,) = re.findall(r"^ssl_ciphers (.+);", snippet("tls"), re.MULTILINE)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.set_ciphers(names)
    found = [one for one in context.get_ciphers() if one["protocol"] == "TLSv1.2"]
    assert {one["name"] for one in found} == set(names.split(":"))
    assert all(one["kea"] == "kx-ecdhe" and one["aead"] for one in found)


def test_without_dhe_and_ocsp_there_is_no_setting_for_them() -> None:
    assert not re.search(r"^\s*ssl_(stapling|dhparam)", snippet("tls"), re.MULTILINE)


def test_the_policy_allows_the_websockets_of_the_front_end() -> None:
    """On its own origin, where 'self' includes wss:, and at the API: https://www.w3.org/TR/CSP3/"""
    (sources,) = re.findall(r"connect-src ([^;]+);", vhost("web"))
    assert {"'self'", "wss://${API_DOMAIN}"} <= set(sources.split())


def test_the_readme_names_a_test_for_each_of_the_fourteen_defects() -> None:
    rows = re.findall(r"^\| (\d+) \|.*\| (`.+`) \|$", (NGINX / "README.md").read_text(), re.M)
    assert [int(number) for number, _ in rows] == list(range(1, 15))
    for _, tests in rows:
        for file, name in re.findall(r"`(\S+)::(\w+)`", tests):
            assert f"\ndef {name}(" in (TESTS / file).read_text(), f"{file} has no {name}"


def vhost(name: str) -> str:
    return (NGINX / f"vhosts/{name}.conf.template").read_text()


def snippet(name: str) -> str:
    return (NGINX / f"snippets/{name}.conf").read_text()
