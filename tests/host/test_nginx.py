from pathlib import Path

import pytest

from host.fks_deploy import nginx
from host.fks_deploy.errors import DeployError

VALUES = {"LISTEN_ADDRESS": "100.64.0.7", "API_DOMAIN": "api.example.org"}


def test_known_names_are_replaced_and_nginx_variables_stay() -> None:
    text = "listen ${LISTEN_ADDRESS}:80; set $a $host; return 301 https://${host}$request_uri;"
    assert nginx.render("x", text, VALUES) == text.replace("${LISTEN_ADDRESS}", "100.64.0.7")


def test_a_name_inside_a_value_is_not_replaced() -> None:
    assert nginx.render("x", "${A}", {"A": "${B}", "B": "no"}) == "${B}"


def test_the_error_for_an_unknown_name_has_the_file_and_the_known_names() -> None:
    with pytest.raises(DeployError, match=r"nginx/vhosts/a uses \$\{NOPE\}.*API_DOMAIN, LISTEN"):
        nginx.render("vhosts/a", "${NOPE}", VALUES)


def test_templates_lose_their_suffix_and_other_files_are_unchanged(tmp_path: Path) -> None:
    (tmp_path / "vhosts").mkdir()
    (tmp_path / "vhosts/api.conf.template").write_text("server_name ${API_DOMAIN};")
    (tmp_path / "nginx.conf").write_bytes(b"${API_DOMAIN} \xff")
    assert nginx.render_all(tmp_path, VALUES) == {
        "nginx.conf": b"${API_DOMAIN} \xff",
        "vhosts/api.conf": b"server_name api.example.org;",
    }


def test_a_drained_port_is_marked_in_its_upstream_only() -> None:
    text = b"server 127.0.0.1:8000 max_fails=1;\nserver 127.0.0.1:80001;\nserver 127.0.0.2:8000;\n"
    expected = text.replace(b"max_fails=1;", b"max_fails=1 down;")
    assert nginx.without_ports({"a": text}, [8000, 9000]) == {"a": expected}
