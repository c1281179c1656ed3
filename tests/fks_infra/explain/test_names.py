"""DNS names and URLs."""

import pytest

from fks_infra.explain import names
from fks_infra.explain.context import Context


@pytest.mark.parametrize("form", ["{}", "{}.", "https://{}", "https://{}:443/health?x=1"])
def test_a_name_has_record_edge_and_callers(prod: Context, form: str) -> None:
    found = names.explain(prod, form.format(prod.topology.domains["auth"]))
    assert found is not None
    assert "A record with the tailnet address of server auth" in found.what
    assert found.made_by == "DnsRecords of server auth (resource dns-auth)"
    files = [place.partition(":")[0] for place in found.defined]
    assert files == [
        "fks_infra/roles/auth.py",
        "nginx/vhosts/auth.conf.template",
        "fks_infra/components/dns_records.py",
    ]
    assert "role api calls it" in found.depends
    assert "auth: edge: configuration reload, away 0 s" in found.change


def test_every_name_is_known_and_no_other(prod: Context) -> None:
    assert all(names.explain(prod, name) for name in names.known(prod))
    assert names.explain(prod, "https://example.net/") is None
