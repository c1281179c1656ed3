"""Judges the TLS of some names with sslyze and prints one JSON document.

usage: scan.py AUTHORITY.pem HOST...

{host: {"issues": {criterion: text}, "hsts": seconds, "chain": certificates sent, "verified": by the
authority alone, "ocsp": whether revocation by OCSP is claimed, "error": text}}; an unreachable host
has only "error". The criteria are Mozilla's "intermediate".
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
# Newer than the profile that comes along (5.7): Mozilla's guideline 6.0 puts it first.
PROFILE.tls_curves.add("X25519MLKEM768")


def request(host: str, authority: Path) -> ServerScanRequest:
    """Everything the judgement needs, and the headers."""
    trust = ScanCommandsExtraArguments(
        certificate_info=CertificateInfoExtraArgument(custom_ca_file=authority)
    )
    return ServerScanRequest(
        server_location=ServerNetworkLocation(hostname=host),
        scan_commands={*SCAN_COMMANDS_NEEDED_BY_MOZILLA_CHECKER, ScanCommand.HTTP_HEADERS},
        scan_commands_extra_arguments=trust,
    )


def issues(result: ServerScanResult) -> dict[str, str]:
    """Where it falls short of the profile, by criterion."""
    try:
        check_server_against_tls_configuration(result, PROFILE)
    except ServerNotCompliantWithTlsConfiguration as error:
        return dict(error.issues)
    return {}


def judge(result: ServerScanResult) -> dict[str, Any]:
    """One host's row."""
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
    """Scan all hosts at the same time."""
    authority, hosts = Path(sys.argv[1]), sys.argv[2:]
    scanner = Scanner()
    scanner.queue_scans([request(host, authority) for host in hosts])
    rows = {row.server_location.hostname: judge(row) for row in scanner.get_results()}
    sys.stdout.write(json.dumps(rows) + "\n")


if __name__ == "__main__":
    main()
