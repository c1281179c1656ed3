"""Findings for tests."""

from fks_infra.drift.findings import Deviation, Findings, Unknown

SYSCTL = Deviation(
    place="api", kind="sysctl", name="net.a", expected="1", found="2", repair="step 34-kernel"
)
USER = Deviation(
    place="api",
    kind="user",
    name="mallory",
    expected="not present",
    found="user id 1000",
    repair="remove user mallory",
)
PORT = Deviation(place="web", kind="port", name="tcp/8081", expected="not present", found="python3")
URN = (
    "urn:pulumi:prod::fks::fks:infra:WebServer$fks:infra:DnsRecords$"
    "cloudflare:index/dnsRecord:DnsRecord::dns-web"
)
RECORD = Deviation(
    place="clouds", kind="DnsRecord", name="dns-web", expected="1", found="2", repair=URN
)
GONE = Unknown(place="auth", part="server", reason="SSH to 100.64.0.1: timed out", command="fks x")
PLACES = ("auth", "api", "web", "clouds")


def findings(*found: Deviation | Unknown, notes: tuple[str, ...] = ()) -> Findings:
    return Findings(
        stack="prod",
        places=PLACES,
        deviations=tuple(one for one in found if isinstance(one, Deviation)),
        unknown=tuple(one for one in found if isinstance(one, Unknown)),
        notes=notes,
    )
