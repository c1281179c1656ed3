"""Scans the TLS of hosts with sslyze and prints one line of JSON.

usage: scan.py AUTHORITY.pem HOST...

{host: {"issues": {criterion: text}, "hsts": seconds, "chain": certificates sent, "verified": by the
authority alone, "ocsp": whether OCSP stapling is announced, "error": text}}; an unreachable host
has only "error". The criteria are those of Mozilla's "intermediate" profile.
"""

import json
import sys
from pathlib import Path
from typing import Any

from sslyze import (
    CertificateInfoExtraArgument,
    ScanCommand,
    ScanCommandsExtraArguments,
    Scanner,
    ServerNetworkLocation,
    ServerScanRequest,
    ServerScanResult,
)
from sslyze.mozilla_tls_profile.tls_config_checker import (
    SCAN_COMMANDS_NEEDED_BY_MOZILLA_CHECKER,
    MozillaTlsConfiguration,
    ServerNotCompliantWithTlsConfiguration,
    TlsConfigurationEnum,
    check_server_against_tls_configuration,
)

PROFILE = MozillaTlsConfiguration.get(TlsConfigurationEnum.MOZILLA_INTERMEDIATE)
# sslyze has version 5.7 of the guideline; version 6.0 lists this curve first.
PROFILE.tls_curves.add("X25519MLKEM768")


def request(host: str, authority: Path) -> ServerScanRequest:
    """Return a request for all that the profile's check needs, and the HTTP headers."""
    trust = ScanCommandsExtraArguments(
        certificate_info=CertificateInfoExtraArgument(custom_ca_file=authority)
    )
    return ServerScanRequest(
        server_location=ServerNetworkLocation(hostname=host),
        scan_commands={*SCAN_COMMANDS_NEEDED_BY_MOZILLA_CHECKER, ScanCommand.HTTP_HEADERS},
        scan_commands_extra_arguments=trust,
    )


def issues(result: ServerScanResult) -> dict[str, str]:
    """Return the deviations from the profile by criterion."""
    try:
        check_server_against_tls_configuration(result, PROFILE)
    except ServerNotCompliantWithTlsConfiguration as error:
        return dict(error.issues)
    return {}


def row_of(result: ServerScanResult) -> dict[str, Any]:
    """Return a host's row."""
    if result.scan_result is None:
        return {"error": f"{result.scan_status.value}: {result.connectivity_error_trace}"[:400]}
    header = result.scan_result.http_headers.result.strict_transport_security_header
    (sent,) = result.scan_result.certificate_info.result.certificate_deployments
    own = [
        one for one in sent.path_validation_results if one.trust_store.name.startswith("Supplied")
    ]
    return {
        "issues": issues(result),
        "hsts": header.max_age if header else 0,
        "chain": len(sent.received_certificate_chain),
        "verified": [one.was_validation_successful for one in own] == [True],
        "ocsp": bool(sent.leaf_certificate_has_must_staple_extension or sent.ocsp_response),
    }


def main() -> None:
    """Scan all hosts in parallel."""
    authority, hosts = Path(sys.argv[1]), sys.argv[2:]
    scanner = Scanner()
    scanner.queue_scans([request(host, authority) for host in hosts])
    rows = {row.server_location.hostname: row_of(row) for row in scanner.get_results()}
    sys.stdout.write(json.dumps(rows) + "\n")


if __name__ == "__main__":
    main()
