"""A change of a host script."""

from fks_infra.explain.context import Context
from fks_infra.explain.host_effects import of_host_file


def test_a_step_says_what_it_restarts(prod: Context) -> None:
    lines = of_host_file(prod, "host/bootstrap.d/32-ssh.sh")
    step = "changed steps: 32-ssh (sshd restarts, sessions stay)"
    assert lines[0] == f"auth: bootstrap: host scripts run ({step}), away 0 s"
    assert len(lines) == 3
    assert of_host_file(prod, "host/files/etc/ssh/sshd_config.d/10-fks.conf") == lines


def test_what_only_new_servers_use(prod: Context) -> None:
    (line,) = of_host_file(prod, "host/cloud-init.yaml.tmpl")
    assert line.startswith("new servers only")
