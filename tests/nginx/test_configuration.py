"""What can be seen in the edge's configuration by reading it."""

import re
from pathlib import Path

import pytest

from tests.nginx.rendered import NGINX, VALUES

CONFIGURATION = sorted([*NGINX.rglob("*.conf"), *NGINX.rglob("*.template")])
TEMPLATES = sorted((NGINX / "vhosts").glob("*.template"))
names = [path.name for path in TEMPLATES]


def blocks(text: str, kind: str) -> list[str]:
    """The bodies of all innermost blocks whose head starts with `kind`."""
    return re.findall(rf"^\s*{kind}[^{{;]*\{{([^{{}}]*)\}}", text, re.MULTILINE)


@pytest.mark.parametrize("path", TEMPLATES, ids=names)
def test_a_template_names_only_what_a_host_knows(path: Path) -> None:
    used = set(re.findall(r"\$\{(\w+)\}", path.read_text()))
    assert used <= set(VALUES), f"{path.name} names {used - set(VALUES)}"


@pytest.mark.parametrize("path", TEMPLATES, ids=names)
def test_a_server_listens_on_the_tailnet_and_loopback_only(path: Path) -> None:
    listens = re.findall(r"^\s*listen (\S+):\d+", path.read_text(), re.MULTILINE)
    assert listens
    assert set(listens) <= {"${LISTEN_ADDRESS}", "127.0.0.1"}


@pytest.mark.parametrize("path", TEMPLATES, ids=names)
def test_everything_but_loopback_speaks_tls(path: Path) -> None:
    listens = re.findall(r"^\s*listen \$\{LISTEN_ADDRESS\}:(.+);", path.read_text(), re.MULTILINE)
    assert set(listens) <= {"443 ssl", "443 ssl default_server"}


@pytest.mark.parametrize("path", TEMPLATES[:3], ids=names[:3])
def test_a_location_that_adds_a_header_keeps_the_security_headers(path: Path) -> None:
    for body in blocks(path.read_text(), "location"):
        assert "add_header" not in body or "security-headers.conf" in body


@pytest.mark.parametrize("path", TEMPLATES, ids=names)
def test_no_location_is_chosen_by_pattern(path: Path) -> None:
    """A pattern outranks a prefix and would take /api/x.js away from the API."""
    assert not re.search(r"location\s+~", path.read_text())


def test_every_include_names_a_file_that_is_there() -> None:
    for path in CONFIGURATION:
        for name in re.findall(r"include /etc/fks/nginx/(snippets/\S+);", path.read_text()):
            assert (NGINX / name).is_file(), f"{path.name} includes {name}"


def test_every_snippet_is_used() -> None:
    text = "".join(path.read_text() for path in CONFIGURATION)
    unused = [p.name for p in (NGINX / "snippets").iterdir() if f"snippets/{p.name}" not in text]
    assert unused == []


def test_nothing_is_cached_and_no_query_is_logged() -> None:
    text = "".join(path.read_text() for path in CONFIGURATION)
    assert "proxy_cache" not in text
    for variable in ("$request ", '"$request"', "$args", "$query_string", '$request_uri"'):
        assert variable not in (NGINX / "snippets/logging.conf").read_text()


def test_tls_is_mozillas_intermediate() -> None:
    text = (NGINX / "snippets/tls.conf").read_text()
    assert "ssl_protocols TLSv1.2 TLSv1.3;" in text
    assert "X25519MLKEM768" in text
    assert not re.search(r"^\s*ssl_(stapling|dhparam)", text, re.MULTILINE)
