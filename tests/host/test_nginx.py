from pathlib import Path

import pytest

from host.fks_deploy import nginx
from host.fks_deploy.errors import DeployError

VALUES = {"LISTEN_ADDRESS": "100.64.0.7", "API_DOMAIN": "api.example.org"}


def test_known_names_are_filled_and_nginx_keeps_its_own_variables() -> None:
    text = "listen ${LISTEN_ADDRESS}:80; set $a $host; return 301 https://${host}$request_uri;"
    assert nginx.render("x", text, VALUES) == text.replace("${LISTEN_ADDRESS}", "100.64.0.7")


def test_a_value_is_not_rendered_again() -> None:
    assert nginx.render("x", "${A}", {"A": "${B}", "B": "no"}) == "${B}"


def test_an_unknown_name_says_the_file_and_the_known_names() -> None:
    with pytest.raises(DeployError, match=r"nginx/vhosts/a names \$\{NOPE\}.*API_DOMAIN, LISTEN"):
        nginx.render("vhosts/a", "${NOPE}", VALUES)


def test_templates_lose_their_ending_and_other_files_stay_byte_for_byte(tmp_path: Path) -> None:
    (tmp_path / "vhosts").mkdir()
    (tmp_path / "vhosts/api.conf.template").write_text("server_name ${API_DOMAIN};")
    (tmp_path / "nginx.conf").write_bytes(b"${API_DOMAIN} \xff")
    assert nginx.wanted(tmp_path, VALUES) == {
        "nginx.conf": b"${API_DOMAIN} \xff",
        "vhosts/api.conf": b"server_name api.example.org;",
    }
