"""Files of the checkout and of servers."""

import pytest

from fks_infra.explain import files
from fks_infra.explain.context import Context
from fks_infra.explain.explanation import Explanation


def explained(prod: Context, text: str) -> Explanation:
    found = files.explain(prod, text)
    assert found is not None
    return found


@pytest.mark.parametrize(
    "text",
    [
        "nginx/snippets/tls.conf",
        "/opt/fks/current/nginx/snippets/tls.conf",
        "/etc/fks/nginx/snippets/tls.conf",
    ],
)
def test_a_file_of_a_release(prod: Context, text: str) -> None:
    found = explained(prod, text)
    assert found.defined == ("nginx/snippets/tls.conf",)
    assert found.depends[:3] == tuple(f"release of server {one}" for one in ("auth", "api", "web"))
    assert any(place.startswith("nginx/vhosts/api.conf.template:") for place in found.depends)
    assert "web: edge: configuration reload, away 0 s" in found.change


def test_a_generated_file_names_the_module_that_makes_it(prod: Context) -> None:
    found = explained(prod, "/opt/fks/current/release.json")
    assert found.defined == ("fks_infra/release/manifest.py",)
    assert "api: release: release deployed, away 0 s" in found.change
    single = explained(prod, "compose/api.yaml")
    assert single.defined == ("fks_infra/release/files.py",)


def test_a_file_that_a_bootstrap_step_installs(prod: Context) -> None:
    found = explained(prod, "/etc/ssh/sshd_config.d/10-fks.conf")
    assert "installs it as /etc/ssh/sshd_config.d/10-fks.conf" in found.made_by
    assert any(place.startswith("host/bootstrap.d/32-ssh.sh:") for place in found.depends)
    assert "changed steps: 32-ssh" in found.change[0]


def test_other_files(prod: Context) -> None:
    host = explained(prod, "/usr/local/lib/fks/current/bin/deploy")
    assert host.made_by.startswith("uploaded with the host scripts")
    assert explained(prod, "README.md").made_by == "the repository; no server has it"
    assert explained(prod, "/var/lib/fks/journal.jsonl").kind == "file"
    assert files.explain(prod, "nginx/nothing") is files.explain(prod, "/etc/nothing") is None


def test_every_known_file_is_explained(prod: Context) -> None:
    known = list(files.known(prod))
    assert {"release.env", "nginx/nginx.conf.template", "host/bootstrap.sh"} <= set(known)
