"""The stack's names in the DNS, in both modes: what is registered, and in which order."""

from tests.conftest import BOTH, Declare

RECORD = "cloudflare:index/dnsRecord:DnsRecord"


@BOTH
def test_records_are_qualified_unproxied_and_in_the_tailnet(declare: Declare, mode: str) -> None:
    records = {r.name: r for r in declare(mode=mode).all(":DnsRecord")}
    assert {name: r.inputs["name"] for name, r in records.items()} == {
        "dns-auth": "auth.fkstrading.xyz",
        "dns-api": "api.fkstrading.xyz",
        "dns-web": "fkstrading.xyz",
        "dns-extra-www": "www.fkstrading.xyz",
        "dns-caa": "fkstrading.xyz",
    }
    for record in records.values():
        assert (record.inputs["ttl"], record.inputs["proxied"]) == (1, False)
        assert record.inputs["zoneId"] == "zone-id"
        assert record.request.deleteBeforeReplace is True
    addresses = {r.inputs["content"] for n, r in records.items() if n != "dns-caa"}
    assert addresses == {"100.64.0.9"}


def test_the_caa_record_allows_lets_encrypt_by_dns_only(declare: Declare) -> None:
    record = declare().one("dns-caa")
    assert record.inputs["type"] == "CAA"
    assert record.inputs["data"] == {
        "flags": 0,
        "tag": "issue",
        "value": "letsencrypt.org; validationmethods=dns-01",
    }


def test_the_caa_record_names_the_authority_of_the_setting(declare: Declare) -> None:
    changes = {"acmeServer": "https://ca.example/dir", "caaIssuer": "ca.example"}
    record = declare(**changes).one("dns-caa")
    assert record.inputs["data"]["value"] == "ca.example; validationmethods=dns-01"


@BOTH
def test_without_an_authority_there_is_no_caa_record(declare: Declare, mode: str) -> None:
    records = {r.name for r in declare(mode=mode, caaIssuer="").all(":DnsRecord")}
    assert records == {"dns-auth", "dns-api", "dns-web", "dns-extra-www"}


def test_the_preview_warns_of_an_authority_the_caa_record_does_not_name(declare: Declare) -> None:
    elsewhere = "https://ca.example/dir"
    (warning,) = [w for w in declare(acmeServer=elsewhere).warnings if "fks:caaIssuer" in w]
    assert "fks:caaIssuer is 'letsencrypt.org', and fks:acmeServer is" in warning
    assert elsewhere in warning
    for issuer in ("ca.example", ""):
        told = declare(acmeServer=elsewhere, caaIssuer=issuer).warnings
        assert not [w for w in told if "fks:caaIssuer" in w]


def test_a_record_is_the_same_resource_in_both_modes(declare: Declare) -> None:
    multi, single = declare(mode="multi"), declare(mode="single")
    for here, there in ((multi, single), (single, multi)):
        for record in here.all(":DnsRecord"):
            assert record.request.aliases[0].urn == there.urn(record.name)


def test_a_record_imported_below_no_component_is_the_same_resource(declare: Declare) -> None:
    for record in declare().all(":DnsRecord"):
        alone = f"urn:pulumi:prod::fks::cloudflare:index/dnsRecord:DnsRecord::{record.name}"
        assert [alias.urn for alias in record.request.aliases][1:] == [alone]


def test_the_zone_is_looked_up_by_name(declare: Declare) -> None:
    world = declare(domain="dev.fkstrading.xyz", zone="fkstrading.xyz")
    (url,) = [request.url for request in world.requests if "/zones" in request.url]
    assert "/zones?name=fkstrading.xyz&" in url


def holding(*names: str) -> dict[str, object]:
    """A state that has records of these names."""
    urn = f"urn:pulumi:prod::fks::{RECORD}::one"
    entries = [
        {
            **{"urn": urn, "type": RECORD, "custom": True, "id": name},
            "outputs": {"name": name, "type": "A"},
        }
        for name in names
    ]
    return {"deployment": {"resources": entries}}


def test_a_new_record_is_created_before_the_deploys(declare: Declare) -> None:
    """Its absence would be remembered for half an hour."""
    world = declare()
    assert not [name for name in world.after("dns-api") if name.endswith("deploy")]
    assert {"dns-api", "dns-auth", "dns-web"} <= world.after("web-stack-deploy")
    assert "dns-auth" in world.after("api-stack-deploy")


def test_an_existing_record_is_updated_after_the_deploy(declare: Declare) -> None:
    world = declare(state=holding("api.fkstrading.xyz"))
    assert "api-stack-deploy" in world.after("dns-api")
    assert "dns-api" not in world.after("web-stack-deploy")
    assert not [name for name in world.after("dns-auth") if name.endswith("deploy")]
