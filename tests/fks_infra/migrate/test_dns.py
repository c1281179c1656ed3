"""The switch of DNS records, against the stand-in of Cloudflare."""

from dataclasses import dataclass

import pytest

from fks_infra.clouds.cloudflare import Cloudflare
from fks_infra.clouds.retry import RetryPolicy
from fks_infra.errors import OperatorError
from fks_infra.migrate.dns import Dns
from fks_infra.topology.names import host_names
from rehearsal.clouds.app import Clouds
from tests.fks_infra.cloudflare_stand_in import cloudflare, served
from tests.fks_infra.doctor.conftest import TOKENS, ZONE

__all__ = ["cloudflare", "served"]

OLD = dict.fromkeys(("auth", "api", "web"), "100.64.0.1")
NEW = {"auth": "100.64.0.2", "api": "100.64.0.3", "web": "100.64.0.4"}
SWITCHED = {
    f"api.{ZONE}": NEW["api"],
    f"auth.{ZONE}": NEW["auth"],
    f"www.{ZONE}": NEW["web"],
    ZONE: NEW["web"],
}
BATCH = "/dns_records/batch"


@dataclass
class Zone:
    """The stand-in's clouds, and the client."""

    clouds: Clouds
    dns: Dns

    def contents(self) -> dict[str, str]:
        found = self.clouds.cloudflare.all_records()
        return {row["name"]: row["content"] for row in found if row["type"] == "A"}

    def requests(self) -> list[str]:
        """The changes that Cloudflare was asked for."""
        rows = self.clouds.journal.select("cloudflare")
        return [row["path"] for row in rows if row["method"] != "GET"]


@pytest.fixture
def zone(cloudflare: tuple[Clouds, str]) -> Zone:
    """Every name has the address of the one server; the apex has a CAA record too."""
    clouds, address = cloudflare
    names = host_names(ZONE, ["www"])
    number = next(one["id"] for one in clouds.cloudflare.zones.values() if one["name"] == ZONE)
    for name in names:
        body = {"type": "A", "name": name.fqdn, "content": OLD[name.role], "ttl": 60}
        clouds.cloudflare.create(number, body)
    data = {"flags": 0, "tag": "issue", "value": "letsencrypt.org"}
    clouds.cloudflare.create(number, {"type": "CAA", "name": ZONE, "data": data, "ttl": 1})
    clouds.journal.clear()
    client = Cloudflare.from_environ({**TOKENS, "CLOUDFLARE_BASE_URL": address})
    policy = RetryPolicy(seconds=5.0, pause=0.01)
    return Zone(clouds, Dns(zone=ZONE, names=names, cloudflare=client, policy=policy))


def test_all_names_get_their_addresses_by_one_request(zone: Zone) -> None:
    zone.dns.check(OLD, NEW)
    assert zone.requests() == []
    zone.dns.switch(OLD, NEW)
    assert zone.contents() == SWITCHED
    zone.dns.switch(OLD, NEW)
    assert len(zone.requests()) == 1


@pytest.mark.parametrize("applied", [False, True])
def test_after_a_request_without_an_answer_the_records_are_read_again(
    zone: Zone, *, applied: bool
) -> None:
    fault = {"cloud": "cloudflare", "path": BATCH, "status": 502, "count": 1, "after": applied}
    zone.clouds.faults.add(fault)
    zone.dns.switch(OLD, NEW)
    assert zone.contents() == SWITCHED
    assert len(zone.requests()) == (1 if applied else 2)


def test_a_rejected_request_is_an_error_with_its_remedy(zone: Zone) -> None:
    zone.clouds.faults.add({"cloud": "cloudflare", "path": BATCH, "status": 403, "count": 1})
    with pytest.raises(OperatorError, match="Make a token at"):
        zone.dns.switch(OLD, NEW)
    assert set(zone.contents().values()) == {"100.64.0.1"}


def test_a_name_without_a_record_of_the_move_is_named(zone: Zone) -> None:
    other = {**NEW, "api": "100.64.0.9"}
    zone.dns.switch(OLD, other)
    with pytest.raises(OperatorError, match=f"^api.{ZONE} has no A record .* it has 100.64.0.9"):
        zone.dns.check(OLD, NEW)
