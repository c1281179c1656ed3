from host.fks_deploy.drift import edge
from host.fks_deploy.drift.context import Context
from host.fks_deploy.drift.deviation import Deviation
from tests.host.events import renew_certificate
from tests.host.server import Server


def test_what_a_deploy_wrote_is_no_drift(context: Context) -> None:
    assert [*edge.files(context), *edge.certificates(context)] == []


def test_edited_missing_and_additional_files(deployed: Server, context: Context) -> None:
    paths = deployed.paths
    (paths.nginx / "vhosts/api.conf").write_text("listen 80;\n")
    (paths.lib / "with-secrets.sh").unlink()
    (paths.nginx / "extra.conf").touch()
    expected = "as in the release"
    extra = str(paths.nginx / "extra.conf")
    assert list(edge.files(context)) == [
        Deviation("file", str(paths.lib / "with-secrets.sh"), expected, "missing", "edge"),
        Deviation("file", str(paths.nginx / "vhosts/api.conf"), expected, "other content", "edge"),
        Deviation("file", extra, "not present", "present", f"remove file {extra}"),
    ]


def test_a_server_that_joined_since_the_last_run_of_fks_edge_is_no_drift(
    deployed: Server, context: Context
) -> None:
    file = deployed.paths.nginx / "vhosts/api.conf"
    rendered = file.read_text()
    file.write_text(f"set_real_ip_from 100.64.0.3; set_real_ip_from 100.64.0.4;{rendered}")
    assert list(edge.files(context)) == []
    file.write_text(f"set_real_ip_from 0.0.0.0/0;{rendered}")
    assert len(list(edge.files(context))) == 1


def test_another_certificate_than_certbots_newest(deployed: Server, context: Context) -> None:
    file = deployed.paths.tls / "api.pem"
    renew_certificate(deployed)
    (found,) = edge.certificates(context)
    assert found == Deviation(
        "certificate", str(file), "the newest of certbot", "another certificate or key", "edge"
    )
    file.unlink()
    (found,) = edge.certificates(context)
    assert found.found == "missing"
